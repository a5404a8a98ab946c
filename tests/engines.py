"""Run the tests marked ``engines`` on PostgreSQL and Redis: same code, same answers. ``python -m tests.engines``."""

import os
import subprocess
import sys

from tests.servers import ROOT, postgres, redis


def main() -> int:
    """Return pytest's exit code."""
    with postgres() as database_url, redis() as cache_url:
        environment = os.environ | {"DATABASE_URL": database_url, "CACHE_URL": cache_url}
        command = [sys.executable, "-m", "pytest", "-q", "-m", "engines", *sys.argv[1:]]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
