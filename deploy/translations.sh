#!/bin/sh
# Compiles the message catalogues; they are kept as text only.
set -eu
cd "$(dirname "$0")/.."
for app in portal kb courses certification; do
    .venv/bin/pybabel --quiet compile --directory "$app/locale" --domain django
done
# What Wagtail's own Chinese lacks.
for folder in portal/wagtail_locale/*/; do
    for catalogue in "$folder"*/LC_MESSAGES/*.po; do
        .venv/bin/pybabel --quiet compile --directory "$folder" --domain "$(basename "$catalogue" .po)"
    done
done
