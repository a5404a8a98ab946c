#!/bin/sh
# Makes the virtual environment and installs exactly what a lock file pins. Usage: bootstrap.sh LOCK
# Needs Python >= 3.11. Quick when the lock has not changed since the last time.
set -eu
cd "$(dirname "$0")/.."
lock=$1
stamp=.venv/.installed-$(basename "$lock")-$(cksum <"$lock" | tr ' ' '-')

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer is needed and was not found. Install it, or say where: make PYTHON=/path/to/python3" >&2
    exit 1
}

[ -e "$stamp" ] && exit 0

if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    echo "Making .venv with $python"
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        # Debian and Ubuntu ship venv apart from Python.
        sh deploy/system_packages.sh "python3-venv" "Python's venv module"
    fi
    "$python" -m venv .venv
fi
echo "Installing the packages pinned in $lock (a few minutes the first time)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
touch "$stamp"
