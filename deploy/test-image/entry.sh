#!/bin/sh
# Serve PostgreSQL as the usual image does: honour POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB
# and the options after the command.
set -eu

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
password=${POSTGRES_PASSWORD:?say which password the superuser has}
data=${PGDATA:-/var/lib/postgresql/data}
bin=/usr/lib/postgresql/15/bin

if [ "${1:-}" = postgres ]; then shift; fi

as_postgres() {
  setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all "$@"
}

if [ ! -s "$data/PG_VERSION" ]; then
  mkdir -p "$data" /run/postgresql
  chown postgres:postgres "$data" /run/postgresql
  chmod 0700 "$data"
  secret=$(mktemp)
  printf '%s\n' "$password" >"$secret"
  chown postgres "$secret"
  as_postgres "$bin/initdb" --pgdata="$data" --username="$user" --pwfile="$secret" \
    --encoding=UTF8 --locale=C.UTF-8 --auth=scram-sha-256 --no-sync
  rm -f "$secret"
  echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
  if [ "$database" != postgres ]; then
    printf 'CREATE DATABASE "%s";\n' "$database" |
      as_postgres "$bin/postgres" --single -D "$data" -c exit_on_error=on postgres >/dev/null
  fi
fi

exec setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all \
  "$bin/postgres" -D "$data" -c listen_addresses='*' "$@"
