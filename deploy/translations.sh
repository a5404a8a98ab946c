#!/bin/sh
# Compiles the message catalogues; they are kept as text only.
set -eu
cd "$(dirname "$0")/.."
for app in portal kb courses certification; do
    .venv/bin/pybabel --quiet compile --directory "$app/locale" --domain django
done
