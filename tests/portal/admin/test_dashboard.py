"""The first page of the editing area: what is broken, due or unfinished, for whom it concerns."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models.jobs import JobState
from portal.models.search import SearchRecord
from tests.factories.courses import TrainingModuleFactory
from tests.factories.kb import DiagnosisGuideFactory, FaultArticleFactory, ManualEditionFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_page(client_of):
    """Return a function giving the first page as a person of a role sees it."""
    synchronise_roles()

    def open_as(role):
        person = PersonFactory(organisation=OrganisationFactory(), roles=[role])
        return client_of(person).get("/cms/").content.decode()

    return open_as


def test_drafts_of_every_kind_are_shown_to_editors(first_page):
    author = PersonFactory(name="宋文静")
    article = FaultArticleFactory(number="RF-CHANGED")
    article.title = "改过"
    article.save_revision(user=author)
    new = FaultArticleFactory(number="RF-NEW", published=False)
    new.save_revision(user=author)
    FaultArticleFactory(number="RF-DONE")
    DiagnosisGuideFactory(number="DG-NEW", published=False).save_revision(user=author)
    ManualEditionFactory(edition="B/7", published=False)
    html = first_page(Role.EDITOR)
    shown = [number in html for number in ("RF-CHANGED", "RF-NEW", "RF-DONE", "DG-NEW", "B/7")]
    assert shown == [True, True, False, True, True]
    assert "宋文静" in html


def test_drafts_of_modules_are_shown_to_trainers(first_page):
    module = TrainingModuleFactory(title="冷库培训草稿")
    module.title = "冷库培训新稿"
    module.save_revision()
    assert "冷库培训" in first_page(Role.TRAINER)


def test_due_reviews_come_first_and_only_published_ones(first_page):
    today = timezone.localdate()
    FaultArticleFactory(number="RF-SOON", review_due=today + dt.timedelta(days=20))
    DiagnosisGuideFactory(number="DG-LATE", review_due=today - dt.timedelta(days=2))
    FaultArticleFactory(number="RF-FAR", review_due=today + dt.timedelta(days=90))
    FaultArticleFactory(number="RF-DRAFT", review_due=today, published=False)
    html = first_page(Role.EDITOR)
    assert html.index("DG-LATE") < html.index("RF-SOON")
    assert "RF-FAR" not in html
    assert "RF-DRAFT" not in html


def test_what_was_searched_in_vain_is_counted(first_page):
    for number in range(3):
        SearchRecord.objects.create(token=f"t{number}", query="刨冰机", folded="刨冰机", total=0)
    SearchRecord.objects.create(token="found", query="冷库", folded="冷库", total=4)
    html = first_page(Role.EDITOR)
    assert "刨冰机" in html
    assert "3 次" in html
    assert "刨冰机" not in first_page(Role.TRAINER)


def test_broken_and_late_jobs_are_shown_to_administrators(first_page):
    now = timezone.now()
    JobState.objects.create(name="rebuild", due_at=now, finished_at=now, error="Traceback\nOSError: disk full")
    JobState.objects.get_or_create(name="kb.pass_up_overdue", defaults={"due_at": now})
    JobState.objects.filter(name="kb.pass_up_overdue").update(created_at=now - dt.timedelta(days=9))
    html = first_page(Role.ADMINISTRATOR)
    assert "OSError: disk full" in html
    assert "Traceback" not in html
    assert "kb.pass_up_overdue" in html
    assert "OSError" not in first_page(Role.EDITOR)


def test_nothing_to_do_shows_no_empty_lists(first_page):
    assert "dashboard-list" not in first_page(Role.EDITOR).replace("css/admin.css", "")


def test_editing_area_wears_the_portals_colours(first_page):
    assert "css/admin.css" in first_page(Role.EDITOR)
