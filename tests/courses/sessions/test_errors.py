"""Refusals of training: one code each, a sentence in the reader's language with every fact filled in."""

import inspect
import re

import pytest
from django.utils import translation

from courses.calendars import errors as calendar_errors
from courses.modules import errors as module_errors
from courses.sessions.errors import attendance, scheduling, seats, states
from portal.errors import DomainError, NotAllowed

REFUSALS = [
    refusal
    for module in (attendance, scheduling, seats, states, calendar_errors, module_errors)
    for _name, refusal in inspect.getmembers(module, inspect.isclass)
    if issubclass(refusal, DomainError) and refusal.__module__ == module.__name__ and not _name.startswith("_")
]


def facts_of(refusal) -> dict[str, str]:
    """Return a value for each fact in the sentence."""
    with translation.override("en"):
        return {name: f"<{name}>" for name in re.findall(r"%\((\w+)\)", str(refusal.message))}


def said_by(refusal, facts) -> str:
    """Return the sentence with its facts, also of those refusals that put a fact together from data."""
    error = refusal.__new__(refusal)
    DomainError.__init__(error, **facts)
    return str(error)


def test_codes_are_of_one_refusal_each():
    codes = [refusal.code for refusal in REFUSALS]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z_]+", code) for code in codes)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sentence_holds_every_fact(refusal, language):
    facts = facts_of(refusal)
    with translation.override(language):
        said = said_by(refusal, facts)
    for value in facts.values():
        assert value in said
    assert "%(" not in said


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_sentence_is_translated(refusal):
    facts = facts_of(refusal)
    with translation.override("zh-hans"):
        said = said_by(refusal, facts)
    assert re.search("[\u4e00-\u9fff]", said)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_status_is_of_a_refusal(refusal):
    assert refusal.status in (403, 404, 409, 422)
    assert (refusal.status == 403) or not issubclass(refusal, NotAllowed)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_sentence_says_what_was_kept(refusal):
    """What happened, what was kept, what to do next: more than one sentence, or the way on in the first."""
    with translation.override("en"):
        said = said_by(refusal, facts_of(refusal))
    assert said.endswith(".")
    assert len(said.split()) >= 8
