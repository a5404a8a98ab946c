"""From a solved case to an article and back to its reporter."""

import pytest
from django.core import mail

from kb.cases import articles, domain
from kb.cases.errors import AlreadyDrafted, CaseMoved, NotYourCase, WordsMissing
from kb.enums import CaseAct
from kb.faults.domain import publish_fault
from kb.models import SafetyNote
from portal.access.roles import synchronise_roles
from portal.enums import Audience
from tests.factories.kb import FieldCaseFactory
from tests.factories.portal import EquipmentModelFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roles():
    synchronise_roles()


@pytest.fixture
def machine():
    return EquipmentModelFactory()


def solved(network, machine, **fields):
    case = FieldCaseFactory(
        reporter=network.reporter, equipment=machine, symptom="库温 6 度\n外机嗡嗡响", tried="重启过", **fields
    )
    domain.take_over(case, network.lead)
    return domain.answer(case, network.lead, "清洗冷凝器", cause="冷凝器脏堵")


def publish(article, editor):
    article.safety_notes = [SafetyNote(text="断电挂牌")]
    return publish_fault(article, actor=editor)


def test_draft_carries_the_reporters_words(network, machine):
    case = solved(network, machine)
    article = articles.draft_article(case, network.lead)
    assert (article.number, article.live, article.audience) == (case.number, False, Audience.STAFF)
    assert article.alias_list == ["冷库不降温", "库温 6 度", "外机嗡嗡响"]
    [pair] = article.pairs.all()
    assert (pair.cause, pair.check_text, pair.remedy) == ("冷凝器脏堵", "重启过", "清洗冷凝器")
    assert list(article.equipment.all()) == [machine]
    assert article.latest_revision.user == network.lead


def test_words_of_merged_cases_are_among_them(network, machine):
    case = solved(network, machine)
    other = FieldCaseFactory(reporter=network.colleague, title="外机不转")
    domain.merge(other, case, network.lead)
    assert "外机不转" in articles.draft_article(case, network.lead).alias_list


def test_only_an_answered_case_once_by_who_may_write(network, machine):
    waiting = FieldCaseFactory(reporter=network.reporter, equipment=machine)
    with pytest.raises(CaseMoved):
        articles.draft_article(waiting, network.lead)
    case = solved(network, machine)
    with pytest.raises(NotYourCase):
        articles.draft_article(case, network.reporter)
    articles.draft_article(case, network.lead)
    with pytest.raises(AlreadyDrafted):
        articles.draft_article(case, network.lead)


def test_without_machine_a_category_must_be_said(network, machine):
    case = solved(network, None)
    with pytest.raises(WordsMissing):
        articles.draft_article(case, network.lead)
    assert articles.draft_article(case, network.lead, machine.category).category == machine.category


def test_publication_is_told_to_the_reporters_once(network, machine, django_capture_on_commit_callbacks):
    case = solved(network, machine)
    other = FieldCaseFactory(reporter=network.colleague)
    domain.merge(other, case, network.lead)
    article = articles.draft_article(case, network.lead)
    with django_capture_on_commit_callbacks(execute=True):
        publish(article, network.lead)
    told = [letter for letter in mail.outbox if "已形成文章" in letter.subject]
    assert sorted(letter.to[0] for letter in told) == ["colleague@example.com", "reporter@example.com"]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        publish(article, network.lead)
    assert [letter.subject for letter in mail.outbox if "已形成文章" in letter.subject] == []


def test_reporter_says_whether_it_holds(network, machine):
    case = solved(network, machine)
    article = articles.draft_article(case, network.lead)
    with pytest.raises(CaseMoved):
        articles.confirm(case, network.reporter, holds=True)
    publish(article, network.lead)
    with pytest.raises(NotYourCase):
        articles.confirm(case, network.lead, holds=True)
    with pytest.raises(WordsMissing):
        articles.confirm(case, network.reporter, holds=False)
    first = articles.confirm(case, network.reporter, holds=True)
    assert articles.confirm(case, network.reporter, holds=True) == first
    changed = articles.confirm(case, network.reporter, holds=False, text="换了风机才好")
    assert [changed.act, changed.text] == [CaseAct.HOLDS_NOT, "换了风机才好"]
