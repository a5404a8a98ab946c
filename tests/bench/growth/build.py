"""Build the portal with growth data in the state directory ``VAR_DIR``.

    VAR_DIR=var/bench/growth/10000 python -m tests.bench.growth.build 10000

The demo is loaded first, once; the other sizes add people to a copy of its database, so that the same ten people open
the same pages at every size. A directory that was finished is left as it is; delete it to have it built anew.
"""

import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from tests.bench.growth.articles import add_articles
from tests.bench.growth.places import add_ground
from tests.bench.growth.records import add_records, add_schemes
from tests.bench.growth.training import add_training

DONE = ".complete"
# With the demo's twelve there are fifty.
SCHEMES = 38
DEMO = "demo"
# The size the embedded engine's search page is measured at; tests.bench.bench_search_speed has the larger ones.
INDEXED = 10_000


def build(size: str) -> None:
    """Load the demo, or add ``size`` people to it."""
    began = time.monotonic()
    if size == DEMO:
        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("createcachetable", verbosity=0)
        call_command("load_starter_content", skip_checks=True)
        call_command("load_demo", skip_checks=True)
    else:
        call_command("migrate", verbosity=0, skip_checks=True)
        grow(int(size))
        if int(size) <= INDEXED:
            call_command("rebuild_search", skip_checks=True)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    (settings.VAR_DIR / DONE).touch()
    print(f"{size}: built in {time.monotonic() - began:.0f} s", file=sys.stderr)


def grow(people: int) -> None:
    """Add ``people`` people with everything about them, and as many articles."""
    # Nothing is lost when a build is cut short: it starts anew.
    connection.cursor().execute("PRAGMA synchronous=OFF")
    with transaction.atomic():
        ground = add_ground(people, SCHEMES)
        written = {"people": people, "outlets": len(ground.outlets)}
        written |= add_records(ground, add_schemes(ground))
        written |= add_training(ground)
        written["articles"] = add_articles(ground, people)
    print(", ".join(f"{number:,} {name}" for name, number in written.items()), file=sys.stderr)


if __name__ == "__main__":
    build(sys.argv[1])
