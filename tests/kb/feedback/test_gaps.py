"""The report of gaps: each kind finds its own, editors alone read it, it is filtered and taken away."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from kb.feedback.gaps import UNOPENED, faults_without_guide, guides_unopened, unsolved_articles
from kb.models import ArticleAnswer, DiagnosisGuide, DiagnosisRun
from portal.models import SearchRecord
from tests.factories.courses import TrainingModuleFactory
from tests.factories.kb import SHORT_TREE, DiagnosisGuideFactory, FaultArticleFactory

pytestmark = pytest.mark.django_db


def unsolved(article, times=1, reason="wrong"):
    for _number in range(times):
        ArticleAnswer.objects.create(article=article, reader=uuid.uuid4().hex, is_solved=False, reason=reason)


def leading_to(article):
    steps = [*SHORT_TREE[:2], {**SHORT_TREE[2], "article": article}, SHORT_TREE[3]]
    return DiagnosisGuideFactory(steps=steps)


def search_in_vain(query="=1+1"):
    SearchRecord.objects.create(token=uuid.uuid4().hex, query=query, folded=query, total=0, times=4)


def test_an_article_to_which_a_guide_leads_is_no_gap():
    led, bare = FaultArticleFactory(), FaultArticleFactory()
    FaultArticleFactory(published=False)
    leading_to(led)
    unsolved(bare)
    assert [gap.subject for gap in faults_without_guide()] == [str(bare)]


def test_a_guide_nobody_opened_for_long_is_a_gap():
    opened, unopened, young = DiagnosisGuideFactory(), DiagnosisGuideFactory(), DiagnosisGuideFactory()
    long_ago = timezone.now() - UNOPENED - dt.timedelta(days=1)
    DiagnosisGuide.objects.exclude(pk=young.pk).update(first_published_at=long_ago)
    DiagnosisRun.objects.create(guide=opened, token=uuid.uuid4(), started_at=timezone.now())
    assert [gap.subject for gap in guides_unopened()] == [str(unopened)]


def test_articles_that_did_not_help_stand_by_how_often_with_the_commonest_reason():
    once, often = FaultArticleFactory(), FaultArticleFactory()
    unsolved(once)
    unsolved(often, 1, "wrong")
    unsolved(often, 2, "not_clear")
    found = list(unsolved_articles())
    assert [(gap.subject, gap.times) for gap in found] == [(str(often), 3), (str(once), 1)]
    assert found[0].detail == str(ArticleAnswer(reason="not_clear").get_reason_display())


def test_editors_read_and_take_away_what_every_app_finds(editor, engineer, client_of):
    article, module = FaultArticleFactory(), TrainingModuleFactory()
    search_in_vain()
    page = client_of(editor).get(reverse("gaps_report")).content.decode()
    assert all(words in page for words in (article.number, module.title, "=1+1"))
    only = client_of(editor).get(reverse("gaps_report"), {"kind": "searched-in-vain"}).content.decode()
    assert "=1+1" in only
    assert article.number not in only
    table = client_of(editor).get(reverse("gaps_report"), {"export": "csv"}).content.decode("utf-8-sig")
    assert article.number in table
    assert "'=1+1" in table, "nothing people typed runs as a formula"
    assert client_of(engineer).get(reverse("gaps_report")).status_code in (302, 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(editor, client_of, django_assert_max_num_queries, rows):
    for number in range(rows):
        unsolved(FaultArticleFactory())
        search_in_vain(f"查不到{number}")
    client = client_of(editor)
    client.get(reverse("gaps_report"))
    with django_assert_max_num_queries(30):
        client.get(reverse("gaps_report"))
