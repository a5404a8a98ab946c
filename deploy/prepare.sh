#!/bin/sh
# Brings the state in var/ up to what the code expects: translations, database, static files, demo data, search index.
# Quick when nothing changed: a stamp keeps the checksum of everything these steps read.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
state=${VAR_DIR:-var}
mkdir -p "$state"
sum=$(find portal kb courses certification static requirements.lock -type f \
    ! -name '*.pyc' ! -name '*.mo' -exec cksum {} + | sort -k3 | cksum | tr ' ' '-')
[ "$(cat "$state/.prepared" 2>/dev/null || true)" = "$sum" ] && [ -e "$state/portal.sqlite3" ] && exit 0

sh deploy/translations.sh
# Checks are skipped here: before the first index there is nothing to be said about it.
echo "Bringing the database up to date"
$python manage.py migrate --skip-checks --verbosity 0
$python manage.py createcachetable --verbosity 0
echo "Collecting static files"
$python manage.py collectstatic --noinput --skip-checks --verbosity 0
$python manage.py load_demo --skip-checks
echo "$sum" >"$state/.prepared"
