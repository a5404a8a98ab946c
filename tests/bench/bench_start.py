"""Memory and CPU of a start of ``manage.py serve``, from /proc: until the first page, and after it.

    python -m tests.bench.bench_start [CHECKOUT]

PSS counts a page shared by n processes as 1/n in each, so that its sum is what the machine gives; RSS counts it n
times.
"""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.servers import ROOT, demo_state, free_port, server_environment

TICKS = os.sysconf("SC_CLK_TCK")
SETTLE_SECONDS = 5


def processes_below(pid: int) -> list[int]:
    """Return a process and all that stem from it."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in listed for found in processes_below(int(child)))]


def memory(pid: int) -> tuple[float, float]:
    """Return PSS and RSS in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    values = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return values["Pss"], values["Rss"]


def cpu_seconds(pid: int) -> float:
    """Return what a process and its ended children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def measure(checkout: Path, state: Path) -> tuple[float, float, float]:
    """Start, ask for the home page, wait, and return CPU seconds, PSS and RSS in MB of all processes together."""
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with (state / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=checkout, env=server_environment(state), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_for_page(f"http://127.0.0.1:{port}/")
            time.sleep(SETTLE_SECONDS)
            pids = processes_below(server.pid)
            sizes = [memory(pid) for pid in pids]
            return sum(map(cpu_seconds, pids)), sum(pss for pss, _rss in sizes), sum(rss for _pss, rss in sizes)
        finally:
            server.terminate()
            server.wait(60)


def wait_for_page(address: str, seconds: float = 120) -> None:
    """Return when the address answers 200."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} does not answer")


def main() -> None:
    """Print one line."""
    checkout = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    with demo_state() as state:
        cpu, pss, rss = measure(checkout, state)
    print(f"start and first page: {cpu:.1f} s CPU, PSS {pss:.0f} MB, RSS {rss:.0f} MB (sums over all processes)")


if __name__ == "__main__":
    main()
