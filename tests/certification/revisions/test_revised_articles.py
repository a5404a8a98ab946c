"""A revision of an article or a guide is published with a verdict: asked, refused after the day, confirmed, once."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from certification import ledger
from certification.models import ReadingDue
from certification.revisions.domain import confirm_reading
from certification.revisions.tasks import send_reading_letter
from kb.diagnosis.domain import publish_guide
from kb.enums import VerdictKind
from kb.errors import NotPublishable
from kb.faults.domain import publish_fault
from kb.models import DiagnosisGuide, EditionVerdict, FaultArticle
from portal.access.roles import synchronise_roles
from portal.enums import Audience, Role
from portal.models import Person
from portal.registry import duty
from tests.factories.kb import DiagnosisGuideFactory, FaultArticleFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOON = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
GRACE, AFTER = dt.date(2026, 3, 25), dt.date(2026, 3, 26)


@pytest.fixture
def holder(network):
    ledger.grant(network["technician"], network["scheme"], act_key="held", at=NOON - dt.timedelta(days=30))
    return network["technician"]


@pytest.fixture
def article(network):
    machine = network["equipment"]
    return FaultArticleFactory(category=machine.category, equipment=[machine], title="高压保护")


def revise(record, publish=publish_fault, *, actor=None, **fields):
    fields = {"revision_verdict": VerdictKind.MUST_READ, "read_until": GRACE} | fields
    for name, value in fields.items():
        setattr(record, name, value)
    publish(record, actor=actor)
    return EditionVerdict.objects.order_by("-pk").first()


def refusals(answer):
    return [] if answer.allowed else [reason.code for reason in answer.reasons]


def test_holders_read_a_revised_article_or_are_refused_after_the_day(network, holder, article, client_of):
    verdict = revise(article)
    assert (verdict.article, verdict.called, verdict.revision_id) == (article, str(article), article.live_revision_id)
    assert duty.ask(holder, network["equipment"], on=GRACE).allowed
    late = duty.ask(holder, network["equipment"], on=AFTER)
    assert refusals(late) == ["revision_unread"]
    assert article.title in late.reasons[0].message
    page = client_of(holder).get(reverse("certification:reading", args=[verdict.pk])).content.decode()
    assert article.get_absolute_url() in page
    assert str(article) in page
    with time_machine.travel(NOON + dt.timedelta(days=2)):
        confirm_reading(verdict, person=holder)
    assert duty.ask(holder, network["equipment"], on=AFTER, known_at=NOON + dt.timedelta(days=20)).allowed


def test_the_letter_says_that_the_article_was_revised(holder, article):
    Person.objects.filter(pk=holder.pk).update(email="holder@example.org")
    verdict = revise(article)
    assert send_reading_letter.func(verdict.pk, holder.pk)
    assert "高压保护" in mail.outbox[0].subject
    assert "已修订" in mail.outbox[0].body


def test_the_next_publication_asks_nobody_anew(holder, article):
    revise(article)
    fresh = FaultArticle.objects.get(pk=article.pk)
    assert (fresh.revision_verdict, fresh.read_until) == (VerdictKind.EDITORIAL, None)
    fresh.symptom = "改个错字"
    publish_fault(fresh)
    assert ReadingDue.objects.count() == 1


def test_an_editorial_revision_by_somebody_is_on_record_and_asks_nobody(holder, article, network):
    editor = PersonFactory(organisation=network["technician"].organisation)
    verdict = revise(article, actor=editor, revision_verdict=VerdictKind.EDITORIAL, read_until=None)
    assert (verdict.kind, verdict.given_by) == (VerdictKind.EDITORIAL, editor)
    assert not ReadingDue.objects.exists()


def test_a_guide_is_judged_alike(network, holder):
    machine = network["equipment"]
    guide = DiagnosisGuideFactory(category=machine.category, equipment=[machine])
    verdict = revise(guide, publish_guide)
    assert verdict.guide == DiagnosisGuide.objects.get(pk=guide.pk)
    assert refusals(duty.ask(holder, machine, on=AFTER)) == ["revision_unread"]


@pytest.mark.parametrize("day", [None, dt.date(2026, 3, 17)])
def test_what_must_be_read_gives_time(article, day):
    with pytest.raises(NotPublishable):
        revise(article, read_until=day)


def test_who_may_not_open_it_is_not_asked_to_read_it(network, holder, article):
    revise(article, audience=Audience.RESTRICTED)
    assert not ReadingDue.objects.exists()


def test_the_editor_sees_whom_it_touches_and_the_form_begins_anew(network, holder, article, client_of):
    synchronise_roles()
    editor = PersonFactory(organisation=network["technician"].organisation, roles=[Role.EDITOR])
    address = f"/cms/snippets/kb/faultarticle/edit/{article.pk}/"
    touched = reverse("kb_touched", args=["faultarticle", article.pk])
    assert touched in client_of(editor).get(address).content.decode()
    assert f"{network['scheme'].name}：1" in client_of(editor).get(touched).content.decode()
    assert client_of(holder).get(touched).status_code in (302, 403)
    revise(article)
    form = client_of(editor).get(address).context["form"]
    assert form["revision_verdict"].value() == VerdictKind.EDITORIAL
    assert form["read_until"].value() is None
