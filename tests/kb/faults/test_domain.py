"""Publishing and withdrawing articles."""

import pytest
from django.db import IntegrityError, transaction

from kb.enums import Severity
from kb.errors import NotPublishable
from kb.faults.domain import publish_fault, withdraw_fault
from kb.models import CausePair, FaultArticle, FaultCode
from portal.models import AuditEvent
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import EquipmentCategoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def shortfalls(article: FaultArticle) -> list[str]:
    with pytest.raises(NotPublishable) as refusal:
        publish_fault(article)
    article.refresh_from_db()
    assert not article.live
    return [shortfall.code for shortfall in refusal.value.shortfalls]


@pytest.mark.parametrize("severity", [Severity.DANGER, Severity.STOP])
def test_publishing_needs_a_warning_when_the_fault_is_dangerous_or_stops_the_machine(severity):
    assert shortfalls(FaultArticleFactory(published=False, severity=severity, safety=[])) == ["safety_missing"]


@pytest.mark.parametrize("severity", [Severity.DEGRADED, Severity.MINOR])
def test_publishing_a_lesser_fault_needs_no_warning(severity):
    assert FaultArticleFactory(severity=severity, safety=[]).live


@pytest.mark.parametrize("pairs", [[], [{"remedy": "修后试机"}]])
def test_publishing_needs_a_cause_or_a_check(pairs):
    assert shortfalls(FaultArticleFactory(published=False, pairs=pairs)) == ["pairs_missing"]


def test_cause_without_remedy_may_be_published():
    assert FaultArticleFactory(pairs=[{"cause": "压缩机卡死"}]).live


def test_refusal_names_the_article_that_has_the_code():
    category = EquipmentCategoryFactory()
    FaultArticleFactory(number="AC-E6", category=category, brand="格力", codes=["E6"])
    other = FaultArticleFactory(published=False, category=category, brand="美的", codes=["E6"])
    other.brand = "格力"
    with pytest.raises(NotPublishable, match="AC-E6") as refusal:
        publish_fault(other)
    assert [shortfall.code for shortfall in refusal.value.shortfalls] == ["code_clash"]


def test_same_code_of_another_brand_family_case_or_category_is_another_fault():
    category = EquipmentCategoryFactory()
    for scope in ({"brand": "格力"}, {"brand": "美的"}, {"brand": "格力", "family": "U-Match"}):
        FaultArticleFactory(category=category, codes=["E6"], **scope)
    FaultArticleFactory(category=category, brand="格力", codes=["e6"])
    FaultArticleFactory(brand="格力", codes=["E6"])
    assert FaultArticle.objects.filter(live=True).count() == 5


def test_database_holds_the_uniqueness_of_codes():
    category = EquipmentCategoryFactory()
    FaultArticleFactory(category=category, codes=["E6"])
    second = FaultArticleFactory(category=category)
    with pytest.raises(IntegrityError), transaction.atomic():
        FaultCode.objects.create(article=second, code="E6")


def test_codes_follow_when_the_article_moves_to_another_family():
    article = FaultArticleFactory(codes=["E6"])
    article.family = "U-Match"
    article.save()
    assert article.codes.get().scope == article.code_scope


def test_pair_that_says_nothing_is_refused_by_the_database():
    article = FaultArticleFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        CausePair.objects.create(article=article)


def test_publishing_keeps_a_revision_and_is_recorded(engineer):
    article = FaultArticleFactory(published=False, codes=["E6"])
    publish_fault(article, actor=engineer)
    event = AuditEvent.objects.get(action="kb.fault_published")
    assert (event.actor, event.detail["number"], event.detail["codes"]) == (engineer, article.number, ["E6"])
    assert article.live_revision.user == engineer
    assert article.revisions.count() == 1


def test_publishing_another_way_is_refused_too():
    article = FaultArticleFactory(published=False, safety=[])
    with pytest.raises(NotPublishable):
        article.save_revision().publish()
    article.refresh_from_db()
    assert not article.live


def test_withdrawing_hides_the_article_and_is_recorded(engineer):
    article = withdraw_fault(FaultArticleFactory(), actor=engineer)
    assert not article.live
    assert AuditEvent.objects.filter(action="kb.fault_withdrawn", subject=f"kb.faultarticle:{article.pk}").count() == 1
