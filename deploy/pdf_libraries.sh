#!/bin/sh
# Checks for the libraries PDF needs and installs them or says how.
set -eu
cd "$(dirname "$0")/.."
if ! .venv/bin/python -c 'import weasyprint' >/dev/null 2>&1; then
    sh deploy/system_packages.sh "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" "What PDF needs"
fi
