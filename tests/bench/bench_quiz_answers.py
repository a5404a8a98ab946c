"""Cost of an answer in a quiz, as a multiple of a bare insert, and its statements.

    python -m tests.bench.bench_quiz_answers [--candidates 200]

All write to a new SQLite file in WAL mode and commit each time. The insert is a row of the answers' own columns made by
Django's ORM; behind the handler it is what a view without middleware does. An answer is asked twice: of the domain
(``save_answer``), and as the browser sends it, with session and middleware. CPU milliseconds of this process,
the median over the candidates.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_state = tempfile.TemporaryDirectory()
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = f"sqlite:///{Path(_state.name) / 'answers.sqlite3'}"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import RequestFactory, override_settings  # noqa: E402
from django.urls import path, reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from certification.models import Answer, Attempt  # noqa: E402
from certification.quizzes.attempts import save_answer, start_attempt  # noqa: E402
from portal.models import Person  # noqa: E402
from tests.factories.certification import QuizFactory  # noqa: E402
from tests.factories.portal import PersonFactory  # noqa: E402

QUESTIONS = 10
Act = Callable[[], object]


def attempts(candidates: int) -> list[Attempt]:
    """Return a running attempt of each of so many people, at one quiz."""
    quiz = QuizFactory()
    return [start_attempt(PersonFactory(), quiz) for _number in range(candidates)]


def session_of(person: Person) -> str:
    """Return the key of a session in which ``person`` is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class Bare(models.Model):
    """A row like an answer, without its references."""

    response = models.JSONField()
    sequence = models.BigIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        app_label = "certification"
        db_table = "bare_answer"

    def __str__(self) -> str:
        """Name the row."""
        return f"bare answer {self.pk}"


def insert(request: HttpRequest | None = None) -> HttpResponse:
    """Insert a row, committed."""
    Bare.objects.create(response=["1"], sequence=1, saved_at=timezone.now())
    return HttpResponse("ok")


urlpatterns = [path("bare/", insert)]


def bare_posts(count: int) -> Iterator[Act]:
    """Yield the insert as a view of a portal without anything else."""
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        handler = WSGIHandler()
        environ = RequestFactory().post("/bare/", "{}", content_type="application/json").environ
        yield from [lambda: handler.get_response(handler.request_class(dict(environ)))] * count


def saves(running: list[Attempt], order: int) -> Iterable[Act]:
    """Yield the first answer of each attempt to question ``order``, by the domain."""
    for attempt in running:
        yield lambda attempt=attempt: save_answer(attempt, order, ["1"])


def posts(running: list[Attempt], order: int) -> Iterable[Act]:
    """Yield the same as a browser sends it."""
    handler = WSGIHandler()
    body = json.dumps({"question": order, "values": ["1"], "sequence": 1})
    for attempt in running:
        environ = (
            RequestFactory(enforce_csrf_checks=False)
            .post(
                reverse("certification:answer", args=[attempt.pk]),
                body,
                content_type="application/json",
                headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={session_of(attempt.person)}"},
            )
            .environ
        )

        def send(environ: dict = environ) -> None:
            request = handler.request_class(dict(environ))
            request._dont_enforce_csrf_checks = True
            response = handler.get_response(request)
            if response.status_code != 200:
                raise RuntimeError(f"{request.path} answered {response.status_code}: {response.content[:200]!r}")

        yield send


def milliseconds(acts: Iterable[Act]) -> float:
    """Return the median CPU milliseconds of an act."""
    spent = []
    for act in acts:
        began = time.process_time()
        act()
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)


def statements(act: Act) -> int:
    """Return how many statements an act sends, BEGIN not counted."""
    sent: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: (sent.append(sql), execute(sql, *rest))[1]):
        act()
    return sum(not sql.startswith("BEGIN") for sql in sent)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=200)
    options = parser.parse_args()
    call_command("migrate", verbosity=0, skip_checks=True)
    running = attempts(options.candidates)
    for warm in (saves(running[:5], 1), posts(running[:5], 2)):
        milliseconds(warm)
    with connection.schema_editor() as editor:
        editor.create_model(Bare)
    count = options.candidates
    bare = milliseconds([insert] * count)
    bare_view = milliseconds(bare_posts(count))
    rows = [("insert", 1, bare, bare), ("insert in a bare view", 1, bare_view, bare_view)]
    for name, make, order, baseline in (("answer, domain", saves, 3, bare), ("answer, as sent", posts, 5, bare_view)):
        sent = statements(next(iter(make(running[:1], order))))
        rows.append((name, sent, milliseconds(make(running, order + 1)), baseline))
    print(f"{'':<24}{'statements':>11}{'ms':>8}{'× insert':>10}   ({count} candidates, one after the other)")
    for name, sent, cpu, baseline in rows:
        print(f"{name:<24}{sent:>11}{cpu:>8.3f}{cpu / baseline:>10.1f}")
    print(f"{Answer.objects.count():,} answers kept")


if __name__ == "__main__":
    main()
