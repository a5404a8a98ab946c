#!/bin/sh
# Brings the state in var/ up to what the code expects: translations, database, static files, starter content, search
# index. That is an empty portal; `prepare.sh demo` puts the demo organisation into it.
# Quick when nothing changed: a stamp for each of the two keeps the checksum of everything these steps read.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
state=${VAR_DIR:-var}
mkdir -p "$state"
sum=$(find portal kb courses certification static requirements.lock -type f \
    ! -name '*.pyc' ! -name '*.mo' -exec cksum {} + | sort -k3 | cksum | tr ' ' '-')

is_done() { [ "$(cat "$state/$1" 2>/dev/null || true)" = "$sum" ] && [ -e "$state/portal.sqlite3" ]; }

set_up() {
    sh deploy/translations.sh
    # Checks are skipped here: before the first index there is nothing to be said about it.
    echo "Bringing the database up to date"
    $python manage.py migrate --skip-checks --verbosity 0
    $python manage.py createcachetable --verbosity 0
    echo "Collecting static files"
    $python manage.py collectstatic --noinput --skip-checks --verbosity 0
    $python manage.py load_starter_content --skip-checks
}

case ${1:-} in
"") stamps=.prepared ;;
demo) stamps=".prepared .demo" ;;
*) echo "Usage: prepare.sh [demo]" >&2 && exit 2 ;;
esac
missing=""
for stamp in $stamps; do
    is_done "$stamp" || missing="$missing $stamp"
done
for stamp in $missing; do
    case $stamp in
    .prepared) set_up ;;
    .demo) $python manage.py load_demo --no-index --skip-checks ;;
    esac
done
[ -z "$missing" ] || $python manage.py rebuild_search --skip-checks
for stamp in $missing; do
    echo "$sum" >"$state/$stamp"
done
