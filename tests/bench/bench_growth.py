"""Print what pages, forms and the gate cost at 100, 10,000 and 100,000 people, beside the demo, in one run.

    python -m tests.bench.bench_growth [--sizes 100 10000 100000] [--only HOME]

Data are built once below ``var/bench/growth`` (the largest in some minutes and a gigabyte) and used again; delete the
directory after a change of the models. CPU milliseconds are those of the process, comparable within a run only.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.growth_targets import verdict

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / "var" / "bench" / "growth"
DEMO = "demo"
SIZES = ("100", "10000", "100000")
Rows = dict[str, dict[str, Any]]


def prepare(size: str) -> None:
    """Build the data of a size, a copy of the demo to begin with, unless they are there."""
    state = STATE / size
    if (state / ".complete").exists():
        return
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True)
    if size != DEMO:
        for name in ("portal.sqlite3", "secret_key"):
            shutil.copy2(STATE / DEMO / name, state / name)
    run("build", size, size)


def run(module: str, size: str, *arguments: str) -> str:
    """Run a module of ``tests.bench.growth`` on the data of a size and return what it printed."""
    command = [sys.executable, "-m", f"tests.bench.growth.{module}", *arguments]
    environment = os.environ | {"VAR_DIR": str(STATE / size)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def measured(size: str, only: str) -> Rows:
    """Return the rows of a size by the name of what was measured."""
    rows: Rows = json.loads(run("measure", size, only).splitlines()[-1])
    return rows


def table(found: dict[str, Rows]) -> str:
    """Write the rows: queries, CPU milliseconds and their ratio to the demo, the target and whether it is kept."""
    heads = [f"{size:>22}" for size in found]
    lines = [f"{'':28}{''.join(heads)}", f"{'':28}" + f"{'queries':>8}{'ms':>8}{'×':>6}" * len(found)]
    for name, demo in found[DEMO].items():
        cells = [_cells(rows.get(name, {}), demo) for rows in found.values()]
        by_size = {size: rows.get(name, {}) for size, rows in found.items()}
        lines.append(f"{name:28}{''.join(cells)}  {verdict(name, by_size, demo)}")
    return "\n".join(lines)


def _cells(row: dict[str, Any], demo: dict[str, Any]) -> str:
    if "cpu" not in row or "cpu" not in demo:
        return f"{row.get('error', 'missing')[:20]:>22}"
    return f"{row['queries']:>8}{row['cpu']:>8.1f}{row['cpu'] / demo['cpu']:>6.1f}"


def main() -> None:
    """Build what is missing, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", default=SIZES, help="numbers of people")
    parser.add_argument("--only", default="", help="only what has this in its name")
    options = parser.parse_args()
    sizes = [DEMO, *options.sizes]
    for size in sizes:
        prepare(size)
    print(table({size: measured(size, options.only) for size in sizes}))


if __name__ == "__main__":
    main()
