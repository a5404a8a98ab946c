"""Measure the pages, forms and the gate on the data in ``VAR_DIR``; prints JSON, a row a page.

CPU milliseconds of this process (``time.process_time``) for one request through Django's test client, the median of
several after a first one that warms up; queries of one request.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from certification.models import Question, QuestionBank, Scheme
from courses.calendars.domain import open_feed
from courses.calendars.feeds import FeedSubject
from courses.enums import FeedKind
from courses.models import TrainingModule
from kb.models import FaultArticle, FaultCode
from portal.equipment.domain import label_token
from portal.models import Assignment, EquipmentModel, EquipmentUnit, Organisation, Person
from portal.registry import duty
from tests.bench.growth.articles import code_of
from tests.bench.growth.build import INDEXED

#: A code, a machine with a symptom, a sentence, pinyin.
SEARCHES = ("E6", "冰柜 不制冷", "四门冰柜压缩机一直响，停不下来怎么办", "bingui buzhileng")
RUNS = 7
BATCH = 1000
Case = tuple[str, Callable[[], Any]]


def cases() -> Iterator[Case]:
    """Yield what is measured, by name."""
    yield from _own_pages()
    yield from _surveys()
    yield from _knowledge()
    yield from _forms()
    yield from _gate()


def _get(staff_number: str, address: str, **headers: str) -> Callable[[], HttpResponse]:
    client = Client(raise_request_exception=True)
    if staff_number:
        client.force_login(_person(staff_number))

    def ask() -> HttpResponse:
        response = client.get(address, headers=headers)
        if response.status_code not in (200, 304):
            raise RuntimeError(f"{address} answered {response.status_code}")
        return response

    return ask


def _person(staff_number: str) -> Person:
    return Person.objects.get(staff_number=staff_number)


def _own_pages() -> Iterator[Case]:
    for number in ("T001", "T002", "R001", "A001", "D001", "E001", "M001", "C001", "U001", "S001"):
        yield f"home of {number}", _get(number, "/")
    yield "my page", _get("T002", reverse("me"))
    yield "my certification", _get("T002", reverse("certification:mine"))
    yield "my training", _get("T002", reverse("courses:my"))
    yield "person file", _get("M001", reverse("certification:person", args=["T002"]))


def _surveys() -> Iterator[Case]:
    machine = EquipmentModel.objects.filter(category__code="RF").order_by("pk").first()
    unit = EquipmentUnit.objects.filter(model__category__code="RF").order_by("pk").first()
    label = reverse("unit", args=[label_token(unit).secret])
    yield "practicals", _get("A001", reverse("certification:practicals"))
    for number in ("M001", "U001"):
        yield f"duty page of {number}", _get(number, f"{reverse('certification:duty')}?equipment={machine.code}")
        yield f"QR page of {number}", _get(number, label)
        yield f"as-of of {number}", _get(number, f"{reverse('certification:as_of')}?equipment={machine.code}")
        yield f"matrix of {number}", _get(number, reverse("certification:matrix"))
        yield f"coverage of {number}", _get(number, reverse("certification:coverage"))
        yield f"forecast of {number}", _get(number, reverse("certification:forecast"))
    yield "statutory cards", _get("M001", reverse("certification:statutory_cards"))
    yield "machines", _get("M001", reverse("unit_list"))
    yield "sessions", _get("M001", reverse("courses:sessions"))
    yield "course calendar", _get("M001", reverse("courses:calendar"))
    reader = _person("T002")
    feed = reverse("calendars:feed", args=[open_feed(reader, FeedSubject(FeedKind.PERSON, reader.pk)).secret])
    yield "calendar feed", _get("", feed)
    yield "calendar feed, 304", _get("", feed, if_none_match=_get("", feed)()["ETag"])


def _knowledge() -> Iterator[Case]:
    number = (
        FaultArticle.objects.filter(live=True, audience="public").order_by("pk").values_list("number", flat=True)[0]
    )
    code = FaultCode.objects.order_by("pk").values_list("code", flat=True)[0]
    if not Person.objects.count() > 2 * INDEXED:
        for query in SEARCHES:
            yield f"search page, {query}", _get("T002", f"{reverse('search')}?{urlencode({'q': query})}")
    grown = FaultCode.objects.filter(code=code_of(3), scope__startswith="growth").exists()
    yield "fault article", _get("", reverse("kb:fault", args=[number]))
    yield "fault list", _get("", reverse("kb:faults"))
    yield "fault list of T002", _get("T002", reverse("kb:faults"))
    yield "bare code", _get("T002", reverse("kb:code", args=[code_of(3) if grown else code]))


def _forms() -> Iterator[Case]:
    for name, model in (
        ("assignment", Assignment),
        ("module", TrainingModule),
        ("fault", FaultArticle),
        ("scheme", Scheme),
        ("question", Question),
        ("bank", QuestionBank),
        ("unit", EquipmentUnit),
        ("person", Person),
        ("organisation", Organisation),
    ):
        first = model._default_manager.order_by("pk").first()
        yield f"{name} form", _get(_editor_of(name), _edit_address(model, first.pk))
    yield "session form", _get("M001", reverse("courses:session_new"))


def _editor_of(name: str) -> str:
    return "E001" if name in ("fault",) else "S001"


def _edit_address(model: Any, pk: int) -> str:
    viewset = getattr(model, "snippet_viewset", None)
    if viewset is not None:
        return reverse(viewset.get_url_name("edit"), args=[pk])
    for namespace in (model._meta.model_name, "wagtailusers_users"):
        try:
            return reverse(f"{namespace}:edit", args=[pk])
        except Exception:
            continue
    raise LookupError(model)


def _gate() -> Iterator[Case]:
    machine = EquipmentModel.objects.select_related("category").filter(category__code="RF").order_by("pk").first()
    asked = _person("T002")
    people = list(Person.objects.order_by("-pk")[:BATCH])

    def batch() -> Any:
        at = duty.timezone.now()
        day = duty.timezone.localdate()
        return duty.ask_many(
            [duty.DutyQuestion(person, day, at, equipment=machine, task=duty.Task.REPAIR) for person in people]
        )

    yield "duty.ask", lambda: duty.ask(asked, machine)
    yield f"duty of {BATCH} people", batch


def measured(act: Callable[[], Any], runs: int = RUNS) -> dict[str, Any]:
    """Return queries, CPU milliseconds (median) and bytes of ``act``."""
    queries: list[str] = []
    act()
    act()
    with connection.execute_wrapper(lambda execute, sql, *rest: (queries.append(sql), execute(sql, *rest))[1]):
        answer = act()
    times = []
    for _run in range(runs):
        began = time.process_time()
        act()
        times.append((time.process_time() - began) * 1000)
        if sum(times) > 20_000:
            break
    size = len(answer.content) if isinstance(answer, HttpResponse) else 0
    return {"queries": len(queries), "cpu": statistics.median(times), "bytes": size}


def main() -> None:
    """Print the rows; an argument narrows to the names that contain it."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    rows = {}
    for name, act in cases():
        if wanted in name:
            try:
                rows[name] = measured(act)
            except Exception as error:
                rows[name] = {"error": repr(error)[:200]}
            print(name, rows[name], file=sys.stderr, flush=True)
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
