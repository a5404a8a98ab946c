"""The admin's first page shows an editor what waits, what was searched for in vain, and what broke."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.enums import Role
from portal.models import SearchRecord
from portal.models.jobs import JobState
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def test_an_editor_sees_what_waits_and_what_broke(client_of):
    FaultArticleFactory(number="RF-DUE", review_due=timezone.localdate() - dt.timedelta(days=1))
    draft = FaultArticleFactory(number="RF-DRAFT")
    draft.title = "新的标题"
    draft.save_revision()
    SearchRecord.objects.create(token="t" * 22, query="找不到的词", folded="找不到的词", total=0)
    JobState.objects.create(name="reminders", due_at=timezone.now(), finished_at=timezone.now(), error="SMTP 拒绝")
    html = client_of(PersonFactory(roles=[Role.EDITOR])).get("/cms/").text
    for words in ("RF-DUE", "RF-DRAFT", "找不到的词", "SMTP 拒绝", "css/admin"):
        assert words in html
    assert "待复审的文章" in html


def test_who_may_not_change_articles_sees_none_of_them(client_of):
    FaultArticleFactory(number="RF-DUE", review_due=timezone.localdate())
    html = client_of(PersonFactory(roles=[Role.AUDITOR])).get("/cms/").text
    assert "RF-DUE" not in html
