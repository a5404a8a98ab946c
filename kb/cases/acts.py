"""What can be done with a case on its page: the buttons, with their forms, states and whom they are for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kb.cases import domain
from kb.cases.forms import AnswerForm, MergeForm, WordsForm
from kb.enums import CaseAct, CaseState
from kb.models import FieldCase
from portal.models import Person

Data = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """A button.

    Args:
        name: part of the address it posts to.
        do: the verb, called with case, actor and the cleaned data of the form.
        states: where it is offered.
        for_reporter: offered to the reporter beside those who work on the case.
        is_next: whether it is what usually comes next.
    """

    name: str
    label: Any
    do: Callable[[FieldCase, Person, Data], object]
    form: type[forms.Form]
    states: frozenset[CaseState]
    for_reporter: bool = False
    is_next: bool = False


def _take(case: FieldCase, actor: Person, data: Data) -> object:
    return domain.take_over(case, actor)


def _answer(case: FieldCase, actor: Person, data: Data) -> object:
    return domain.answer(case, actor, data["text"], cause=data["cause"])


def _ask(case: FieldCase, actor: Person, data: Data) -> object:
    return domain.ask_back(case, actor, data["text"])


def _reply(case: FieldCase, actor: Person, data: Data) -> object:
    return domain.reply(case, actor, data["text"])


def _pass_up(case: FieldCase, actor: Person, data: Data) -> object:
    return domain.pass_up(case, actor, data["text"])


def _merge(case: FieldCase, actor: Person, data: Data) -> object:
    return domain.merge(case, FieldCase(pk=data["number"]), actor)


def _close(case: FieldCase, actor: Person, data: Data) -> object:
    return domain.close(case, actor)


def _reopen(case: FieldCase, actor: Person, data: Data) -> object:
    return domain.reopen(case, actor, data["text"])


def _from(act: CaseAct) -> frozenset[CaseState]:
    return domain.TRANSITIONS[act][0]


OPEN = frozenset({CaseState.OPEN})
ACTS = (
    Act("take", _("Take over"), _take, forms.Form, OPEN, is_next=True),
    Act("answer", _("Answer"), _answer, AnswerForm, _from(CaseAct.ANSWERED), is_next=True),
    Act("close", _("It helped: close"), _close, forms.Form, _from(CaseAct.CLOSED), for_reporter=True, is_next=True),
    Act("reopen", _("It did not help"), _reopen, WordsForm, _from(CaseAct.REOPENED), for_reporter=True),
    Act("reply", _("Write"), _reply, WordsForm, _from(CaseAct.NOTED), for_reporter=True),
    Act("ask", _("Ask back"), _ask, WordsForm, _from(CaseAct.ASKED)),
    Act("up", _("Pass up"), _pass_up, WordsForm, _from(CaseAct.PASSED_UP)),
    Act("merge", _("Merge"), _merge, MergeForm, _from(CaseAct.MERGED)),
)


def offered_to(case: FieldCase, *, works: bool, is_reporter: bool) -> list[Act]:
    """Return the acts offered on a case.

    Args:
        works: whether the reader works on it.
        is_reporter: whether the reader reported it.
    """
    return [act for act in ACTS if case.state in act.states and (works or (is_reporter and act.for_reporter))]
