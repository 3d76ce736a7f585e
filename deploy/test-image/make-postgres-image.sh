#!/usr/bin/env bash
# Make a PostgreSQL image without an image registry, from the Debian packages that this machine
# may install. Usage: make-postgres-image.sh [NAME]
set -euo pipefail

name=${1:-tanheng-test-postgres:15}
here=$(cd "$(dirname "$0")" && pwd)

say() { printf 'image: %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# The first Debian source that apt is configured with, in the new style or the old one.
package_source() {
  local file
  file=/etc/apt/sources.list.d/debian.sources
  if [ -f "$file" ]; then
    awk '/^URIs:/ { print $2; exit }' "$file"
  else
    awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }' \
      /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null
  fi
}

if docker image inspect "$name" >/dev/null 2>&1; then
  say "$name is here"
  exit 0
fi

if ! command -v debootstrap >/dev/null && [ ! -x /usr/sbin/debootstrap ]; then
  say "installing debootstrap"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    debootstrap
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/tanheng-image.XXXXXX")
trap 'as_root rm -rf "$work"' EXIT
root=$work/root

say "gathering PostgreSQL 15 for $name, about a minute"
as_root env PATH="$PATH:/usr/sbin:/sbin" debootstrap --variant=minbase \
  --include=postgresql-15 bookworm "$root" "$(package_source)" | sed -u 's/^/image: /'
as_root install -m 0755 "$here/entry.sh" "$root/usr/local/bin/entry.sh"
as_root rm -rf "$root/var/cache/apt/archives" "$root/var/lib/apt/lists"
as_root mkdir -p "$root/var/cache/apt/archives/partial" "$root/var/lib/apt/lists"

say "importing"
as_root tar -C "$root" -c . | docker import \
  --change 'ENTRYPOINT ["/usr/local/bin/entry.sh"]' \
  --change 'CMD ["postgres"]' \
  --change 'EXPOSE 5432' \
  --change 'VOLUME /var/lib/postgresql/data' \
  --message "PostgreSQL 15 of Debian bookworm, for tests" \
  - "$name"
say "$name is ready"
