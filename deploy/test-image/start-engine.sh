#!/usr/bin/env bash
# Make sure that a Docker engine answers: install one where there is none, and start it.
set -euo pipefail

say() { printf 'engine: %s\n' "$*"; }

answers() { docker info >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

if command -v docker >/dev/null && answers; then
  say "one answers already"
  exit 0
fi

if ! command -v dockerd >/dev/null && [ ! -x /usr/sbin/dockerd ]; then
  say "installing docker.io"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    docker.io iptables procps
  # Newer releases of Debian keep the client apart.
  command -v docker >/dev/null || as_root apt-get install -y -q --no-install-recommends docker-cli
fi

group=()
[ "$(id -u)" -eq 0 ] || group=("--group=$(id -gn)")  # or we could not speak to it

log=$(mktemp "${TMPDIR:-/tmp}/dockerd.XXXXXX.log")
# An engine that was killed leaves its pid file, and a new one believes it.
if [ -f /var/run/docker.pid ] && ! kill -0 "$(cat /var/run/docker.pid)" 2>/dev/null; then
  as_root rm -f /var/run/docker.pid
fi

# Where the machine forbids a bridge or overlayfs, an engine without them still runs containers.
for options in "" "--storage-driver=vfs" "--storage-driver=vfs --iptables=false --ip6tables=false"
do
  say "starting dockerd $options"
  # shellcheck disable=SC2086  # several options
  as_root sh -c 'PATH=$PATH:/usr/sbin:/sbin; log=$1; shift; setsid dockerd "$@" >>"$log" 2>&1 &' \
    sh "$log" $options ${group[@]+"${group[@]}"}
  for _ in $(seq 60); do
    sleep 0.5
    if answers; then
      say "ready"
      exit 0
    fi
    pgrep -x dockerd >/dev/null || break
  done
done

say "no engine starts here; $log ends:" >&2
tail -n 20 "$log" >&2
exit 1
