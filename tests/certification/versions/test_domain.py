"""Drafts take effect when a second person approves what was looked at; versions are evidence of it."""

import pytest
from django.db import DatabaseError, transaction

from certification.enums import DraftState
from certification.models import ApprovedVersion, Checklist, ChecklistItem, Draft, DraftSave, Quiz, Scheme
from certification.versions.domain import approve, enact, reject, save_draft
from certification.versions.errors import (
    ChangedSince,
    NotApprovedYet,
    NotComplete,
    NothingToApprove,
    OwnChange,
    RejectionNeedsReason,
)
from certification.versions.kinds import labels
from certification.versions.queries import changers_of, version_in_effect
from certification.versions.snapshots import compare
from portal.access.changes import snapshot
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.errors import NotAllowed
from portal.models import AuditEvent
from portal.models.audit import AppendOnlyError
from tests.factories.certification import (
    ChecklistFactory,
    QuestionBankFactory,
    QuizFactory,
    SchemeFactory,
    full_scheme,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    synchronise_roles()
    return {
        "author": PersonFactory(name="王出题", roles=[Role.TRAINER]),
        "second": PersonFactory(name="李审核", roles=[Role.TRAINER]),
        "administrator": PersonFactory(name="赵管理", roles=[Role.ADMINISTRATOR]),
        "superuser": PersonFactory(name="超级", is_superuser=True),
    }


def lowered(quiz, mark=1):
    """Return the quiz, in memory, with another pass mark."""
    found = Quiz.objects.get(pk=quiz.pk)
    found.pass_mark = mark
    return found


def in_effect(quiz):
    return Quiz.objects.values_list("pass_mark", flat=True).get(pk=quiz.pk)


# --- drafting --------------------------------------------------------------------------------------------------------


def test_a_draft_changes_nothing(people):
    quiz = QuizFactory()

    draft = save_draft(lowered(quiz), by=people["author"])

    assert (draft.state, in_effect(quiz), version_in_effect(quiz).number) == (DraftState.WAITING, 80, 1)


def test_saving_what_is_in_effect_makes_no_draft(people):
    assert save_draft(Quiz.objects.get(pk=QuizFactory().pk), by=people["author"]) is None
    assert not Draft.objects.exists()


def test_a_record_has_one_waiting_draft(people):
    quiz = QuizFactory()
    first = save_draft(lowered(quiz, 70), by=people["author"])

    second = save_draft(lowered(quiz, 60), by=people["second"])

    assert (second, first.saves.count()) == (first, 2)


def test_a_draft_of_another_record_is_refused(people):
    draft = save_draft(lowered(QuizFactory()), by=people["author"])

    with pytest.raises(ValueError, match="is no draft of"):
        save_draft(lowered(QuizFactory()), by=people["author"], draft=draft)


def test_a_new_record_exists_only_once_it_is_approved(people):
    checklist = Checklist(code="pr-new", title="新考核表", category=ChecklistFactory().category)
    checklist.items = [ChecklistItem(text="断电验电", is_critical=True)]
    draft = save_draft(checklist, by=people["author"])
    assert not Checklist.objects.filter(code="pr-new").exists()

    version = approve(draft, by=people["second"], save=1)

    made = Checklist.objects.get(code="pr-new")
    assert [item.text for item in made.items.all()] == ["断电验电"]
    assert (version.number, version.record_id, version_in_effect(made)) == (1, made.pk, version)


# --- approving -------------------------------------------------------------------------------------------------------


def test_a_second_person_puts_it_into_effect(people):
    quiz = QuizFactory()
    draft = save_draft(lowered(quiz, 90), by=people["author"])

    version = approve(draft, by=people["second"], save=1)

    assert (in_effect(quiz), version.number, version.content["pass_mark"]) == (90, 2, 90)
    assert changers_of(version) >= {people["author"].pk, people["second"].pk}
    assert version == version_in_effect(quiz)


@pytest.mark.parametrize("who", ["author", "second"])
def test_nobody_approves_what_they_wrote_a_part_of(people, who):
    quiz = QuizFactory()
    save_draft(lowered(quiz), by=people["author"])
    draft = save_draft(lowered(quiz, 2), by=people["second"])

    with pytest.raises(OwnChange):
        approve(draft, by=people[who], save=2)
    assert in_effect(quiz) == 80


def test_a_superuser_approves_no_change_of_their_own(people):
    quiz = QuizFactory()
    draft = save_draft(lowered(quiz), by=people["superuser"])

    with pytest.raises(OwnChange):
        approve(draft, by=people["superuser"], save=1)
    assert in_effect(quiz) == 80


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.ASSESSOR, Role.EDITOR, Role.AUDITOR])
def test_only_the_entitled_approve(people, role):
    draft = save_draft(lowered(QuizFactory()), by=people["author"])

    with pytest.raises(NotAllowed):
        approve(draft, by=PersonFactory(roles=[role]), save=1)


def test_trainers_approve_no_scheme(people):
    scheme = Scheme.objects.get(pk=SchemeFactory().pk)
    scheme.valid_months = 120
    draft = save_draft(scheme, by=people["administrator"])

    with pytest.raises(NotAllowed):
        approve(draft, by=people["author"], save=1)


def test_what_was_saved_since_is_not_approved(people):
    quiz = QuizFactory()
    draft = save_draft(lowered(quiz, 70), by=people["author"])
    save_draft(lowered(quiz, 1), by=people["author"])

    with pytest.raises(ChangedSince):
        approve(draft, by=people["second"], save=1)
    assert in_effect(quiz) == 80


def test_a_draft_is_decided_once(people):
    quiz = QuizFactory()
    draft = save_draft(lowered(quiz, 70), by=people["author"])
    approve(draft, by=people["second"], save=1)

    with pytest.raises(NothingToApprove):
        approve(draft, by=people["administrator"], save=1)
    with pytest.raises(NothingToApprove):
        reject(draft, by=people["administrator"], save=1, reason="晚了")
    with pytest.raises(NothingToApprove):
        save_draft(lowered(quiz, 60), by=people["author"], draft=draft)
    assert ApprovedVersion.objects.filter(record_id=quiz.pk, record_label="certification.quiz").count() == 2


def test_rows_are_replaced_as_they_were_drafted(people):
    scheme = full_scheme()
    drafted = Scheme.objects.get(pk=scheme.pk)
    drafted.requirements = [row for row in drafted.requirements.all() if row.kind == "quiz"]
    draft = save_draft(drafted, by=people["administrator"])
    assert scheme.requirements.count() == 3

    approve(draft, by=people["superuser"], save=1)

    assert [row.kind for row in Scheme.objects.get(pk=scheme.pk).requirements.all()] == ["quiz"]


def test_a_draft_that_cannot_stand_is_not_approved(people):
    quiz = QuizFactory()
    twin = Quiz(code=quiz.code, title="同号", bank=quiz.bank)
    draft = save_draft(twin, by=people["author"])

    with pytest.raises(NotComplete):
        approve(draft, by=people["second"], save=1)
    assert Draft.objects.get().state == DraftState.WAITING


def test_a_draft_whose_row_names_nothing_is_not_approved(people):
    scheme = full_scheme()
    drafted = Scheme.objects.get(pk=scheme.pk)
    rows = list(drafted.requirements.all())
    rows[1].quiz = None
    drafted.requirements = rows
    draft = save_draft(drafted, by=people["administrator"])

    with pytest.raises(NotComplete):
        approve(draft, by=people["superuser"], save=1)


# --- rejecting -------------------------------------------------------------------------------------------------------


def test_a_rejected_draft_changes_nothing_and_says_why(people):
    quiz = QuizFactory()
    draft = save_draft(lowered(quiz), by=people["author"])

    reject(draft, by=people["second"], save=1, reason=" 合格线不能低于八十分。 ")

    draft.refresh_from_db()
    assert (draft.state, draft.reason, in_effect(quiz)) == (DraftState.REJECTED, "合格线不能低于八十分。", 80)
    with pytest.raises(NothingToApprove):
        approve(draft, by=people["second"], save=1)


def test_a_rejection_keeps_what_was_refused(people):
    quiz = QuizFactory()
    draft = save_draft(lowered(quiz, mark=60), by=people["author"])
    reject(draft, by=people["second"], save=1, reason="太低")
    event = AuditEvent.objects.get(action="certification.draft_rejected")
    assert event.detail["changes"] == [{"field": "pass_mark", "old": 80, "new": 60}]
    assert event.detail["about"] == f"certification.quiz:{quiz.pk}"


def test_rejecting_needs_a_reason_and_a_right(people):
    draft = save_draft(lowered(QuizFactory()), by=people["author"])

    with pytest.raises(RejectionNeedsReason):
        reject(draft, by=people["second"], save=1, reason=" ")
    with pytest.raises(NotAllowed):
        reject(draft, by=PersonFactory(), save=1, reason="不行")


def test_a_rejected_draft_taken_up_again_keeps_its_authors(people):
    quiz = QuizFactory()
    draft = save_draft(lowered(quiz), by=people["author"])
    reject(draft, by=people["second"], save=1, reason="再改")

    again = save_draft(lowered(quiz, 75), by=people["second"], draft=draft)

    assert (again.state, again.saves.count()) == (DraftState.WAITING, 2)
    with pytest.raises(OwnChange):
        approve(again, by=people["author"], save=2)


# --- evidence --------------------------------------------------------------------------------------------------------


def test_the_audit_log_keeps_old_and_new_values_of_fields_and_rows(people):
    scheme = full_scheme(name="冷冻设备")
    drafted = Scheme.objects.get(pk=scheme.pk)
    drafted.valid_months = 99
    drafted.requirements = [row for row in drafted.requirements.all() if row.kind != "practical"]
    draft = save_draft(drafted, by=people["administrator"])
    approve(draft, by=people["superuser"], save=1)

    expected_field = {"field": "valid_months", "old": 24, "new": 99}
    for action in ("certification.draft_saved", "certification.version_approved"):
        changes = AuditEvent.objects.get(action=action).detail["changes"]
        assert changes[0] == expected_field
        assert (changes[1]["field"], changes[1]["new"]) == ("requirements[3]", None)
        assert changes[1]["old"]["kind"] == "practical"


@pytest.mark.parametrize("model", [ApprovedVersion, DraftSave])
def test_versions_and_saves_are_append_only(people, model):
    draft = save_draft(lowered(QuizFactory(), 70), by=people["author"])
    approve(draft, by=people["second"], save=1)
    row = model.objects.order_by("-pk").first()

    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        model._base_manager.filter(pk=row.pk)._raw_delete("default")


def test_a_record_without_version_cannot_be_relied_on():
    scheme = SchemeFactory(version=False)

    with pytest.raises(NotApprovedYet):
        version_in_effect(scheme)


def test_enacting_needs_two_people(people):
    quiz = Quiz(code="qz-new", title="新试卷", bank=QuestionBankFactory())

    with pytest.raises(OwnChange):
        enact(quiz, drafted_by=[people["author"]], approved_by=people["author"])
    version = enact(quiz, drafted_by=[people["author"]], approved_by=people["second"])

    assert (version.number, Quiz.objects.get(code="qz-new").pk) == (1, version.record_id)


def test_who_changed_an_early_version_has_changed_the_later_ones(people):
    quiz = QuizFactory()
    approve(save_draft(lowered(quiz, 1), by=people["author"]), by=people["second"], save=1)
    later = approve(save_draft(lowered(quiz, 2), by=people["administrator"]), by=people["superuser"], save=1)

    assert changers_of(later) >= {person.pk for person in people.values()}


def test_every_kind_compares_equal_with_itself():
    records = {"certification.quiz": QuizFactory(), "certification.checklist": ChecklistFactory()}
    records["certification.scheme"] = full_scheme()

    assert set(records) == set(labels())
    for label, record in records.items():
        fresh = snapshot(type(record).objects.get(pk=record.pk))
        assert compare(label, fresh, fresh) == []
        assert compare(label, None, fresh) != []
