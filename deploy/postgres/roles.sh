#!/bin/sh
# Makes the two logins of the service and its database, on an empty PostgreSQL:
#   tanheng_owner    owns the tables; only migrations use it
#   tanheng_service  server, worker and scheduler; owns nothing, and becomes tanheng_app, or
#                    tanheng_everyone for callers that see the rows of every customer
# The image of PostgreSQL runs it by itself when it lies in /docker-entrypoint-initdb.d. On any other
# PostgreSQL, run it as a superuser: PGHOST=… PGUSER=postgres TANHENG_OWNER_PASSWORD=…
# TANHENG_SERVICE_PASSWORD=… deploy/postgres/roles.sh
set -eu
: "${TANHENG_OWNER_PASSWORD:?}" "${TANHENG_SERVICE_PASSWORD:?}"

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-${PGUSER:-postgres}}" \
  --dbname postgres --set owner_password="$TANHENG_OWNER_PASSWORD" \
  --set service_password="$TANHENG_SERVICE_PASSWORD" <<'SQL'
CREATE ROLE tanheng_owner LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE tanheng_app NOLOGIN NOBYPASSRLS;
CREATE ROLE tanheng_everyone NOLOGIN NOBYPASSRLS INHERIT;
GRANT tanheng_app TO tanheng_everyone;
GRANT tanheng_app, tanheng_everyone TO tanheng_owner WITH ADMIN OPTION;
CREATE ROLE tanheng_service LOGIN PASSWORD :'service_password';
GRANT tanheng_app, tanheng_everyone TO tanheng_service;
CREATE DATABASE tanheng OWNER tanheng_owner;
REVOKE CONNECT ON DATABASE tanheng FROM PUBLIC;
GRANT CONNECT ON DATABASE tanheng TO tanheng_service;
SQL
