#!/bin/sh
# Checks for what the tests need beside Python: a browser, gettext, PDF tools, the servers we promise to work with.
set -eu
need=""
command -v chromium >/dev/null 2>&1 || need="$need chromium"
command -v msgfmt >/dev/null 2>&1 || need="$need gettext"
command -v pdftoppm >/dev/null 2>&1 || need="$need poppler-utils"
command -v redis-server >/dev/null 2>&1 || need="$need redis-server"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || need="$need postgresql"
ls /usr/lib/*/libical.so.3 >/dev/null 2>&1 || need="$need libical3"
fc-list 2>/dev/null | grep -qi "CJK" || need="$need fontconfig fonts-noto-cjk"
[ -z "$need" ] || sh "$(dirname "$0")/system_packages.sh" "$need" "What the tests need"
