"""Items of checklists cite a section: decided on at publication, asked about when it changes, read after a failure."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from certification.models import ChecklistItem, ItemReview
from certification.practicals.domain import Judgement, sign_practical
from certification.practicals.review import confirm_item, items_to_review
from certification.versions.domain import approve, save_draft
from kb.enums import CitationChoice
from kb.manuals.citations import CitationKey, citations_of
from kb.manuals.decisions import Decision
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import EDITORIAL
from portal.access.roles import synchronise_roles
from portal.enums import Audience, Role
from portal.errors import NotAllowed
from portal.models import AuditEvent
from tests.factories.certification import AssessorAppointmentFactory, AssessorFactory, ChecklistFactory
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory, ManualFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


@pytest.fixture
def edition():
    """The edition in force."""
    return ManualEditionFactory(edition="A/0", chapters=["断电", "检漏"])


@pytest.fixture
def trainers():
    """Who drafts and who approves."""
    synchronise_roles()
    return PersonFactory(roles=[Role.TRAINER]), PersonFactory(roles=[Role.TRAINER])


def edited(checklist, trainers, **fields):
    """Draft and approve a change of the checklist's first item; return the item."""
    author, approver = trainers
    items = list(checklist.items.all())
    for name, value in fields.items():
        setattr(items[0], name, value)
    checklist.items = items
    draft = save_draft(checklist, by=author)
    approve(draft, by=approver, save=1)
    return ChecklistItem.objects.get(pk=items[0].pk)


@pytest.fixture
def item(edition, trainers):
    """An item that cites the first chapter, as drafted by one trainer and approved by another."""
    return edited(ChecklistFactory(), trainers, chapter=edition.chapters.first())


def publish(edition, name="B/0", *, title=None, decisions=CitationChoice.STAY):
    draft = new_edition(edition.manual, name)
    if title:
        draft.chapters.filter(number="1").update(title=title)
    return publish_edition(draft, decisions=decisions, verdict=EDITORIAL)


def test_an_item_cites_one_section_only(item):
    item.article = FaultArticleFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save()


def test_an_edition_that_says_the_same_asks_nothing(item, edition):
    publish(edition)
    assert not items_to_review().exists()


def test_a_changed_section_is_asked_about_until_somebody_confirms(item, edition, trainers, client_of):
    publish(edition, title="断电与验电")
    assert list(items_to_review()) == [item]
    assert AuditEvent.objects.filter(action="certification.item_asked_about").count() == 1
    publish(edition, "C/0", title="断电、验电、挂牌")
    assert AuditEvent.objects.filter(action="certification.item_asked_about").count() == 1

    keeper = client_of(trainers[0])
    page = keeper.get(reverse("certification_practical_review")).content.decode()
    assert item.text in page
    assert item.chapter.get_absolute_url() in page
    assert item.text in keeper.get(reverse("wagtailadmin_home")).content.decode()
    keeper.post(reverse("certification_item_confirm", args=[item.pk]))
    assert not items_to_review().exists()
    # Nothing is asked again about what was looked at.
    publish(edition, "D/0", title="断电、验电、挂牌")
    assert not items_to_review().exists()


def test_only_keepers_of_checklists_review(item, edition, client_of):
    publish(edition, title="断电与验电")
    engineer = PersonFactory(roles=[Role.ENGINEER])
    with pytest.raises(NotAllowed):
        confirm_item(item, by=engineer)
    assert client_of(engineer).get(reverse("certification_practical_review")).status_code in (302, 403)
    assert items_to_review().exists()


def test_other_words_that_are_approved_end_the_question_and_other_items_do_not(item, edition, trainers):
    other = edited(item.checklist, trainers, text="先断电")
    publish(edition, title="断电与验电")
    items = list(item.checklist.items.all())
    items[1].text = "另一项"
    item.checklist.items = items
    approve(save_draft(item.checklist, by=trainers[0]), by=trainers[1], save=1)
    assert list(items_to_review()) == [other]
    edited(type(item.checklist).objects.get(), trainers, text="先断电，再验电")
    # Its own words were changed, but it still names the edition that was replaced.
    assert items_to_review().get().review.asked_because
    edited(type(item.checklist).objects.get(), trainers, chapter=None)
    assert not ItemReview.objects.exists()


def test_an_article_that_changes_is_asked_about(trainers):
    article = FaultArticleFactory()
    item = edited(ChecklistFactory(), trainers, article=article)
    article.title = "改过的标题"
    article.save_revision().publish()
    assert list(items_to_review()) == [item]


def test_items_stay_or_follow_as_decided(item, edition, trainers):
    draft = new_edition(edition.manual, "B/0")
    draft.chapters.filter(number="1").update(title="断电与验电")
    (citation,) = citations_of([item.chapter])
    assert citation.key == CitationKey("item", item.pk, item.chapter_id)
    target = draft.chapters.get(number="1")
    publish_edition(
        draft, decisions={citation.key: Decision(CitationChoice.FOLLOW, target.pk)}, by=trainers[0], verdict=EDITORIAL
    )
    item.refresh_from_db()
    assert item.chapter == target
    # It is asked about all the same, and an approval of other items does not end that.
    items = list(item.checklist.items.all())
    items[1].text = "另一项"
    item.checklist.items = items
    approve(save_draft(item.checklist, by=trainers[0]), by=trainers[1], save=1)
    assert list(items_to_review()) == [item]


def test_a_citation_that_is_dropped_asks_nothing(item, edition):
    (citation,) = citations_of([item.chapter])
    draft = new_edition(edition.manual, "B/0")
    publish_edition(draft, decisions={citation.key: Decision(CitationChoice.DROP)}, verdict=EDITORIAL)
    item.refresh_from_db()
    assert item.chapter is None
    assert not ItemReview.objects.exists()


def signed_with_failure(item, person=None):
    checklist = item.checklist
    appointment = AssessorAppointmentFactory(category=checklist.category)
    judgements = {
        each.pk: Judgement(each.pk != item.pk, "" if each.pk != item.pk else "没有验电")
        for each in checklist.items.all()
    }
    person = person or PersonFactory(roles=[Role.ENGINEER])
    return sign_practical(appointment.person, person, checklist, judgements, form_key=uuid.uuid4())


def test_the_candidate_reads_the_section_of_the_failed_item(item, edition, client_of):
    signed = signed_with_failure(item)
    assert signed.rows[0]["section"] == {"chapter": item.chapter_id, "says": item.chapter.citation}
    assert "section" not in signed.rows[1]
    newer = publish(edition, title="断电与验电")
    page = client_of(signed.person).get(reverse("certification:evidence_practical", args=[signed.pk])).content.decode()
    assert page.count(f'href="{item.chapter.get_absolute_url()}"') == 1
    assert newer.chapters.get(number="1").get_absolute_url() in page
    pdf = client_of(signed.person).get(reverse("certification:evidence_practical_pdf", args=[signed.pk]))
    assert pdf.status_code == 200


def test_a_section_the_reader_may_not_open_is_not_named(trainers, client_of):
    closed = ManualEditionFactory(manual=ManualFactory(audience=Audience.RESTRICTED), chapters=["内部数据"])
    item = edited(ChecklistFactory(), trainers, chapter=closed.chapters.first())
    signed = signed_with_failure(item)
    page = client_of(signed.person).get(reverse("certification:evidence_practical", args=[signed.pk])).content.decode()
    assert "没有验电" in page
    assert "内部数据" not in page


def test_the_form_offers_both_sections(item, trainers, client_of):
    page = client_of(trainers[0]).get(reverse("checklist:edit", args=[item.checklist_id])).content.decode()
    assert 'name="items-0-chapter"' in page
    assert 'name="items-0-article"' in page
    assert f'<option value="{item.chapter_id}" selected>' in page


def test_the_assessor_sees_what_to_read_before_signing(item, client_of):
    place = OrganisationFactory()
    assessor = AssessorFactory(organisation=place)
    AssessorAppointmentFactory(person=assessor, category=item.checklist.category)
    person = PersonFactory(roles=[Role.ENGINEER], organisation=place)
    address = reverse("certification:practical", args=[item.checklist.code, person.staff_number])
    client = client_of(assessor)
    posted = {"form_key": uuid.uuid4(), "version": 2, "remark": ""}
    for each in item.checklist.items.all():
        posted |= {f"item_{each.pk}": "0" if each.pk == item.pk else "1", f"remark_{each.pk}": "没有验电"}
    assert item.chapter.get_absolute_url() in client.post(address, posted).content.decode()
