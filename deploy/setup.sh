#!/usr/bin/env bash
# Make .venv from the hashed lock, and install the project into it so that edits count.
# Does nothing when it stands already. Brings uv along where the machine has none.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }

give_up() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

# A moved checkout or another lock needs another environment.
fingerprint() {
  { pwd -P && cat requirements.lock requirements-uv.lock pyproject.toml deploy/setup.sh; } |
    sha256sum | cut -d' ' -f1
}

find_python() {
  local name
  for name in python3.11 python3 python3.12 python3.13 python3.14; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  give_up "Python 3.11 or newer is needed and not here."
}

uv_in_tool_environment() {
  if [ ! -x .uv/bin/uv ]; then
    rm -rf .uv
    "$1" -m venv .uv >/dev/null 2>&1 || { rm -rf .uv && return 1; }
    .uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
      -r requirements-uv.lock || { rm -rf .uv && return 1; }
  fi
  uv=.uv/bin/uv
}

uv_by_pip() {
  "$1" -m pip --version >/dev/null 2>&1 || return 1
  rm -rf .uv
  "$1" -m pip install --quiet --disable-pip-version-check --require-hashes --target .uv \
    -r requirements-uv.lock || { rm -rf .uv && return 1; }
  uv=.uv/bin/uv
}

uv_after_apt() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
  say "installing python3-venv by apt"
  apt-get update -q >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q python3-venv >/dev/null
  uv_in_tool_environment /usr/bin/python3
}

find_uv() {
  for uv in uv .uv/bin/uv; do
    "$uv" --version >/dev/null 2>&1 && return
  done
  say "fetching uv, which this machine has not"
  uv_in_tool_environment "$1" || uv_by_pip "$1" || uv_after_apt && return
  give_up "this Python can install nothing. Run once, then try again:" \
    "  sudo apt-get install -y python3-venv"
}

# An account without a home of its own, such as a service's, still gets its environment.
spare_the_home() {
  local cache="${XDG_CACHE_HOME:-${HOME:-}/.cache}"
  [ -n "${UV_CACHE_DIR:-}" ] || { mkdir -p "$cache" && [ -w "$cache" ]; } 2>/dev/null && return
  export UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1
}

stamp=.venv/.made-from
if [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint)" ] && .venv/bin/python -c '' 2>/dev/null; then
  exit 0
fi

python=$(find_python)
spare_the_home
find_uv "$python"
export UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$PWD/.venv"
# What this machine trusts counts, such as the authority of a company's proxy, and not only what uv
# brings along.
[ -s /etc/ssl/certs/ca-certificates.crt ] && export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
if ! .venv/bin/python -c '' 2>/dev/null || ! grep -qsF "$PWD/.venv" .venv/bin/activate; then
  say "making .venv with $("$python" --version)"
  "$uv" venv --quiet --clear --python "$python" .venv
fi
say "installing the locked packages"
"$uv" pip install --require-hashes -r requirements.lock 2>&1 | sed -u '/^ [+~-] /d'
"$uv" pip install --quiet --no-deps --no-build-isolation --no-index --editable .
fingerprint >"$stamp"
say "done"
