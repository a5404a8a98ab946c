#!/bin/sh
# Installs Debian/Ubuntu packages where that is possible, else prints the one line to run.
# Usage: system_packages.sh "PACKAGES" "WHAT FOR"
set -eu
packages=$1
what=$2
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $what: $packages"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 — a list of packages
    apt-get install -y -qq --no-install-recommends $packages >/dev/null
    exit 0
fi
echo "$what is missing. On Debian or Ubuntu run this once, then call make again:" >&2
echo "    sudo apt-get install --no-install-recommends $packages" >&2
exit 1
