#!/bin/sh
# Compiles the message catalogues; they are kept as text only.
set -eu
cd "$(dirname "$0")/.."
for app in portal kb courses certification; do
    .venv/bin/pybabel --quiet compile --directory "$app/locale" --domain django
done
# Wagtail's missing Chinese, one catalogue an app of Wagtail.
for place in portal/upstream/wagtail/*/locale; do
    .venv/bin/pybabel --quiet compile --directory "$place" --domain django
done
