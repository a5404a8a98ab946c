#!/bin/sh
# Resolves pyproject.toml into exact pins with hashes; the files name no download address. Needs uv (pip install uv).
set -eu
cd "$(dirname "$0")/.."
for extra in "" dev; do
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
        ${extra:+--extra $extra} pyproject.toml -o "requirements${extra:+-$extra}.lock"
done
