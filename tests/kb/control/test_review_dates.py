"""The queue of reviews and the one letter to the owner."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from kb.control.review_dates import queue, remind_owners
from kb.enums import Severity
from kb.models import FaultArticle
from portal.models import PortalNotice
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def published(days, owner=None):
    article = FaultArticleFactory(severity=Severity.MINOR, published=False)
    article.review_due = timezone.localdate() + dt.timedelta(days=days) if days is not None else None
    article.save_revision(user=owner).publish(user=owner, skip_permission_checks=True)
    return FaultArticle.objects.get(pk=article.pk)


def test_what_has_no_date_stands_first_then_the_most_overdue(editor):
    soon, over, later, without = published(10), published(-3), published(90), published(None, editor)
    until = timezone.localdate() + dt.timedelta(days=30)
    found = queue(until)
    assert [entry.record for entry in found] == [without, over, soon]
    assert found[0].owner == editor
    assert found[1].is_overdue
    assert later in [entry.record for entry in queue()]


def test_the_owner_is_reminded_once(django_capture_on_commit_callbacks):
    owner = PersonFactory(email="owner@example.org")
    published(5, owner)
    for expected in (1, 0):
        with django_capture_on_commit_callbacks(execute=True):
            assert remind_owners() == expected
    assert [letter.to for letter in mail.outbox] == [["owner@example.org"]]
    assert PortalNotice.objects.get().kind == "reviews"


def test_the_page_is_for_editors(client_of, editor, engineer):
    article = published(-3)
    page = client_of(editor).get("/cms/kb/reviews/").content.decode()
    assert article.number in page
    kinds = {
        kind: client_of(editor).get(f"/cms/kb/reviews/?all=1&export={kind}")["Content-Type"] for kind in ("xlsx", "csv")
    }
    assert "spreadsheet" in kinds["xlsx"]
    assert "text/html" in kinds["csv"]
    assert client_of(engineer).get("/cms/kb/reviews/").status_code in (302, 403)
