"""Answers to whether an article solved the trouble: once a reader, counted, limited, without scripts and signing in."""

import pytest
from django.urls import reverse

from kb.feedback.reports import answered_articles
from kb.models import ArticleAnswer
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def send(client, article, **values):
    return client.post(reverse("kb:answer", args=[article.number]), values)


def test_the_question_stands_at_the_end_of_a_public_article(client):
    article = FaultArticleFactory(audience="public")
    html = client.get(article.get_absolute_url()).text
    assert "这篇解决了吗" in html
    assert reverse("kb:answer", args=[article.number]) in html


def test_an_answer_counts_once_and_may_be_changed(client):
    article = FaultArticleFactory(audience="public")
    for _time in range(3):
        answer = send(client, article, solved="yes")
        assert answer.url == f"{article.get_absolute_url()}?answered=yes#solved"
    assert ArticleAnswer.objects.values_list("is_solved", "reason").get() == (True, "")
    send(client, article, no="not_clear")
    assert ArticleAnswer.objects.values_list("is_solved", "reason").get() == (False, "not_clear")


def test_another_reader_counts_too(client, client_of):
    article = FaultArticleFactory(audience="public")
    send(client, article, no="wrong")
    send(client_of(PersonFactory()), article, solved="yes")
    row = answered_articles().get()
    assert (row.solved, row.unsolved, row.wrong, row.not_clear) == (1, 1, 1, 0)


@pytest.mark.parametrize("values", [{}, {"solved": "perhaps"}, {"no": "nonsense"}])
def test_what_is_not_offered_is_refused(client, values):
    assert send(client, FaultArticleFactory(audience="public"), **values).status_code == 400
    assert not ArticleAnswer.objects.exists()


def test_who_may_not_read_may_not_answer(client):
    assert send(client, FaultArticleFactory(audience="staff"), solved="yes").status_code != 200
    assert not ArticleAnswer.objects.exists()


def test_answers_are_limited_by_address(client):
    article = FaultArticleFactory(audience="public")
    assert [send(client, article, solved="yes").status_code for _time in range(21)][-1] == 429
