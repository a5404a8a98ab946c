"""Page of the duty question: dispatchers ask about their branch, everybody about themselves."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.actions import Action
from certification.duty.errors import NotOneSubject, TooManyQuestions
from certification.duty.forms import OFFERED, DutyForm
from certification.duty.log.domain import keep_inquiries
from certification.duty.pairs import needs_two, pair_of
from certification.duty.queries import allowed_in_post, allowed_on
from certification.duty.ways import shown_reasons, with_ways
from certification.enums import AskedFrom
from certification.overrides.domain import can_override
from certification.overrides.judging import may_be_overridden
from certification.permissions import may_survey
from portal.access.dates import parse_day
from portal.access.lookup import (
    find_equipment,
    find_position,
    find_task,
    people_asked,
    position_label,
    positions_in_network,
)
from portal.enums import Task
from portal.errors import DomainError
from portal.models import EquipmentModel, Person
from portal.registry import duty
from portal.ui.typed import FIELD_OF, offer_choices

PAGE = 20
# People of one list that the page answers about; more are asked through the API.
MAX_PEOPLE = 100
# The element of other pages in which an answer is shown.
ANSWER_PLACE = "duty-answer"


@login_required
@require_safe
def duty_page(request: HttpRequest) -> HttpResponse:
    """Ask "may this person do this on this machine, or hold this post, that day?", or who may."""
    surveys = may_survey(request.user)
    initial: dict[str, Any] = {
        "on": timezone.localdate().isoformat(),
        "task": Task.REPAIR,
        "person": "" if surveys else request.user.staff_number,
    }
    typed = {key: value for key, value in request.GET.items() if value}
    form = DutyForm(initial=initial | typed)
    context: dict[str, Any] = {
        "form": form,
        "surveys": surveys,
        "models": EquipmentModel.objects.order_by("code")[:OFFERED],
        "positions": [position_label(position) for position in positions_in_network(request.user)[:OFFERED]],
    }
    status = 200
    if request.GET.get("equipment") or request.GET.get("position"):
        try:
            context |= _answer(request, surveys)
        except DomainError as error:
            context |= {"problem": error, "choices": _choices(request, error)}
            status = error.status
            offer_choices(form, error)
    if is_part(request):
        return _part(request, context, status)
    return render(request, "certification/duty/duty.html", context, status=status)


def is_part(request: HttpRequest) -> bool:
    """Whether a form of another page, such as the dispatcher's home, asks and shows the answer there."""
    return bool(getattr(request, "htmx", False)) and request.headers.get("HX-Target") == ANSWER_PLACE


def _part(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    """Return the answer alone; a question without a machine and without a post is said to lack one."""
    if "problem" not in context and "on" not in context:
        context["problem"] = NotOneSubject()
        status = NotOneSubject.status
    context |= {"is_part": True, "full_url": f"{request.path}?{request.GET.urlencode()}"}
    # htmx shows refusals with this status alone.
    return render(request, "certification/duty/parts/answer.html", context, status=200 if status == 200 else 422)


def _choices(request: HttpRequest, error: DomainError) -> list[Action]:
    """Return the question once for each record that an ambiguous text may mean."""
    found = []
    for candidate in getattr(error, "candidates", ()):
        asked = request.GET.copy()
        asked[FIELD_OF[error.code]] = candidate.value
        found.append(Action(candidate.label, f"{request.path}?{asked.urlencode()}"))
    return found


def _answer(request: HttpRequest, surveys: bool) -> dict[str, Any]:
    facts = _subject(request) | {"on": parse_day(request.GET.get("on"))}
    typed = request.GET.get("person", "").strip()
    if typed or not surveys:
        second = request.GET.get("second", "").strip()
        facts |= _about(request.user, typed or request.user.staff_number, facts, second)
    if surveys:
        allowed = (
            allowed_in_post(request.user, facts["position"], facts["on"])
            if "position" in facts
            else allowed_on(request.user, facts["equipment"], facts["task"], facts["on"])
        )
        facts["page_obj"] = Paginator(allowed, PAGE).get_page(request.GET.get("page"))
    return facts


def _about(asker: Person, typed: str, facts: dict[str, Any], second: str = "") -> dict[str, Any]:
    """Return the answer about one person with its reasons, or a row for each person of a list.

    Args:
        second: as typed, who will be there too.

    Raises:
        DomainError: the one person is not found, out of scope, or several people are meant.
        TooManyQuestions: the list is longer than a page answers.
        TwoAreOne: the second person is the first.
    """
    people = people_asked(asker, typed, facts["on"])
    if len(people) > MAX_PEOPLE:
        raise TooManyQuestions(count=len(people), limit=MAX_PEOPLE)
    if len(people) > 1:
        return {"rows": _rows(asker, people, facts)}
    (person,) = people.values()
    if isinstance(person, DomainError):
        raise person
    asked = [person, *_second(asker, second, facts["on"])]
    given = duty.ask_many([_question(each, facts) for each in asked])
    pair = pair_of(given) if len(given) > 1 else None
    keep_inquiries(asker, AskedFrom.PAGE, given)
    answer, *others = with_ways(asker, given)
    shown = {"answer": answer, "reasons": shown_reasons(asker, answer), "pair": pair, "needs_two": needs_two(answer)}
    if others:
        shown["second_reasons"] = shown_reasons(asker, others[0])
    if answer.is_overridden:
        shown["verdict"] = _("Allowed, overridden")
    if answer.only_under:
        shown["verdict"] = _("Allowed only under %(guide)s") % {"guide": answer.only_under}
    if not answer.allowed and _may_answer_for(asker, answer):
        shown["next"] = Action(_("Answer for it"), _override_address(answer))
    return shown


def _second(asker: Person, typed: str, day: dt.date) -> list[Person]:
    """Return the second person where one is typed.

    Raises:
        DomainError: nobody of the name, out of scope, or several people are meant.
        TooManyQuestions: a list.
    """
    if not typed:
        return []
    people = people_asked(asker, typed, day)
    if len(people) > 1:
        raise TooManyQuestions(count=len(people), limit=1)
    (person,) = people.values()
    if isinstance(person, DomainError):
        raise person
    return [person]


def _may_answer_for(asker: Person, answer: duty.DutyAnswer) -> bool:
    is_ahead = answer.equipment is not None and answer.on >= timezone.localdate()
    return is_ahead and may_be_overridden(answer.reasons) and can_override(asker, answer.person)


def _override_address(answer: duty.DutyAnswer) -> str:
    """Return the form of an override, filled with what was asked."""
    day = answer.on.isoformat()
    model = answer.equipment.pk if answer.equipment else ""
    facts = {"person": answer.person.staff_number, "model": model, "tasks": answer.task}
    return f"{reverse('certification:overrides')}?{urlencode(facts | {'starts_on': day, 'ends_on': day})}#override"


def _question(person: Person, facts: dict[str, Any]) -> duty.DutyQuestion:
    about = {key: facts[key] for key in ("equipment", "task", "position") if key in facts}
    return duty.DutyQuestion(person, facts["on"], timezone.now(), **about)


def _rows(asker: Person, people: dict[str, Person | DomainError], facts: dict[str, Any]) -> list[dict[str, Any]]:
    questions = [_question(person, facts) for person in people.values() if isinstance(person, Person)]
    given = duty.ask_many(questions)
    keep_inquiries(asker, AskedFrom.PAGE, given)
    answers = iter(with_ways(asker, given))
    return [
        {"text": text, "answer": next(answers)} if isinstance(person, Person) else {"text": text, "problem": person}
        for text, person in people.items()
    ]


def _subject(request: HttpRequest) -> dict[str, Any]:
    """Return the machine and the task, or the post.

    Raises:
        NotOneSubject: both are named.
    """
    equipment, position = (request.GET.get(name, "").strip() for name in ("equipment", "position"))
    if equipment and position:
        raise NotOneSubject
    if position:
        return {"position": find_position(request.user, position)}
    return {
        "equipment": find_equipment(equipment, request.user),
        "task": find_task(request.GET.get("task", "")),
    }
