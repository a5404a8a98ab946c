"""CPU time of a fault article's page against a bare Django view, and its queries.

    python -m tests.bench.bench_article [--profile]

The bare view answers two letters without middleware; both go through Django's handler in this process, without a
socket. The article has all a page shows, in a database in memory that vanishes with the process.
"""

import argparse
import cProfile
import pstats
import statistics
import time
from collections.abc import Callable

from tests.bench.database import in_memory

in_memory()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client, RequestFactory, override_settings  # noqa: E402
from django.urls import path  # noqa: E402

from portal.enums import Audience  # noqa: E402
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory  # noqa: E402
from tests.factories.portal import EquipmentCategoryFactory, EquipmentModelFactory, PersonFactory  # noqa: E402

RUNS = 60
urlpatterns = [path("bare/", lambda request: HttpResponse("ok"))]


def article_address() -> str:
    """Make an article with codes, machines, a source and its kin; return its address."""
    category = EquipmentCategoryFactory()
    for number in range(3):
        article = FaultArticleFactory(
            category=category,
            codes=["E6"],
            brand=f"品牌{number}",
            equipment=[EquipmentModelFactory(category=category) for _ in range(2)],
            chapter=ManualEditionFactory().chapters.first(),
            aliases="外机不转\n显示E6",
            audience=Audience.PUBLIC,
        )
    return article.get_absolute_url()


def asking(address: str, **cookies: str) -> Callable[[], HttpResponse]:
    """Return what asks the handler, made with the settings of the moment, for the page."""
    handler = WSGIHandler()
    environ = (
        RequestFactory().get(address, headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}).environ
    )

    def ask() -> HttpResponse:
        request = handler.request_class(dict(environ))
        response = handler.get_response(request)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        response.render() if hasattr(response, "render") else None
        return response

    return ask


def milliseconds(ask: Callable[[], object], rounds: int) -> float:
    """Return the median CPU milliseconds of one call, of ``RUNS`` samples of ``rounds`` calls."""
    samples = []
    for _run in range(RUNS):
        began = time.process_time()
        for _round in range(rounds):
            ask()
        samples.append((time.process_time() - began) / rounds * 1000)
    return statistics.median(samples)


def queries(ask: Callable[[], object]) -> int:
    """Return how many statements one call sends."""
    sent: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: (sent.append(sql), execute(sql, *rest))[1]):
        ask()
    return len(sent)


def main() -> None:
    """Print the table, or where the time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", action="store_true", help="print where the signed-in page spends its time")
    options = parser.parse_args()
    address = article_address()
    client = Client()
    client.force_login(PersonFactory())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        bare_ask = asking("/bare/")
        bare_ask()
        bare = milliseconds(bare_ask, 50)
    pages = {"anonymous": asking(address), "signed in": asking(address, **{settings.SESSION_COOKIE_NAME: session})}
    for ask in pages.values():
        ask()
    if options.profile:
        profile = cProfile.Profile()
        profile.enable()
        for _round in range(RUNS):
            pages["signed in"]()
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
        return
    print(f"{'':<14}{'queries':>8}{'ms':>8}{'× bare':>8}   (bare view {bare:.3f} ms)")
    for name, ask in pages.items():
        sent, cpu = queries(ask), milliseconds(ask, 1)
        print(f"{name:<14}{sent:>8}{cpu:>8.2f}{cpu / bare:>8.1f}")


if __name__ == "__main__":
    main()
