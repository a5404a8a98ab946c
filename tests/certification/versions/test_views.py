"""Drafts in the editing area: whoever saves changes nothing alone, by no address and no button."""

import pytest
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from certification.enums import DraftState
from certification.models import ApprovedVersion, Draft, Quiz, Scheme
from certification.versions.domain import save_draft
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import AuditEvent
from tests.factories.certification import QuestionBankFactory, QuizFactory, full_scheme
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles(db):
    synchronise_roles()


def person_of(who):
    if who == "superuser":
        return PersonFactory(is_superuser=True)
    return PersonFactory(roles=[who])


def quiz_form(quiz, **changes):
    rule = quiz.draw_rules.get() if quiz.pk else None
    return {
        "code": quiz.code,
        "title": quiz.title,
        "bank": quiz.bank_id,
        "is_active": "on",
        "unseen_first": "on",
        "practises_suspended": "on",
        "minutes": 30,
        "pass_mark": 80,
        "max_attempts": 2,
        "wait_hours": 24,
        "draw_rules-TOTAL_FORMS": 1,
        "draw_rules-INITIAL_FORMS": 1 if rule else 0,
        "draw_rules-MIN_NUM_FORMS": 1,
        "draw_rules-MAX_NUM_FORMS": 1000,
        "draw_rules-0-id": rule.pk if rule else "",
        "draw_rules-0-count": 10,
        "draw_rules-0-topic": "",
        "draw_rules-0-difficulty": "",
        "draw_rules-0-ORDER": 1,
        **changes,
    }


def scheme_form(scheme, keep=1):
    rows = list(scheme.requirements.order_by("order"))
    data = {
        "code": scheme.code,
        "name": scheme.name,
        "effect": scheme.effect,
        "permitted_tasks": [row.task for row in scheme.tasks.all()],
        "scopes-TOTAL_FORMS": 1,
        "scopes-INITIAL_FORMS": 1,
        "scopes-MIN_NUM_FORMS": 0,
        "scopes-MAX_NUM_FORMS": 1000,
        "scopes-0-id": scheme.scopes.get().pk,
        "scopes-0-category": scheme.scopes.get().category_id,
        "valid_months": 24,
        "level": 0,
        "grace_days": 0,
        "year": "rolling",
        "is_active": "on",
        "unseen_first": "on",
        "practises_suspended": "on",
        "requirements-TOTAL_FORMS": len(rows),
        "requirements-INITIAL_FORMS": len(rows),
        "requirements-MIN_NUM_FORMS": 1,
        "requirements-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        data |= {
            f"requirements-{number}-id": row.pk,
            f"requirements-{number}-kind": row.kind,
            f"requirements-{number}-module": row.module_id or "",
            f"requirements-{number}-minutes": row.minutes or "",
            f"requirements-{number}-quiz": row.quiz_id or "",
            f"requirements-{number}-checklist": row.checklist_id or "",
            f"requirements-{number}-ORDER": number + 1,
        }
        if number >= keep:
            data[f"requirements-{number}-DELETE"] = "on"
    return data


# --- the attack: lower the bar for oneself ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", [Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR, "superuser"])
def test_nobody_lowers_a_pass_mark_alone(roles, client_of, who):
    quiz, attacker = QuizFactory(), person_of(who)
    client = client_of(attacker)

    for button in ({}, {"action-publish": "1"}, {"action-edit": "1"}):
        client.post(reverse("quiz:edit", args=[quiz.pk]), quiz_form(quiz, pass_mark=1, **button))
    for draft in Draft.objects.all():
        data = {"save_number": draft.saves.count()}
        client.post(reverse("certification_draft_approve", args=[draft.pk]), data)

    assert Quiz.objects.get().pass_mark == 80
    assert ApprovedVersion.objects.filter(record_label="certification.quiz").count() == 1


@pytest.mark.parametrize("who", [Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR, "superuser"])
def test_nobody_deletes_requirements_alone(roles, client_of, who):
    scheme, attacker = full_scheme(), person_of(who)
    client = client_of(attacker)

    client.post(reverse("scheme:edit", args=[scheme.pk]), scheme_form(scheme))
    assert Draft.objects.exists() is (who in ("superuser", Role.ADMINISTRATOR))
    for draft in Draft.objects.all():
        client.post(reverse("certification_draft_approve", args=[draft.pk]), {"save_number": 1})

    assert scheme.requirements.count() == 3
    assert Scheme.objects.get().valid_months == 24


def test_nobody_deletes_a_scheme_or_quiz(roles, client_of):
    scheme = full_scheme()
    client = client_of(person_of("superuser"))

    client.post(reverse("scheme:delete", args=[scheme.pk]))

    assert Scheme.objects.get().requirements.count() == 3


def test_no_address_publishes_past_the_approval(roles, client_of):
    quiz, superuser = QuizFactory(), person_of("superuser")
    client_of(superuser).post(reverse("quiz:edit", args=[quiz.pk]), quiz_form(quiz, pass_mark=1))
    draft = Draft.objects.get()

    for name in ("publish", "unpublish", "revisions_revert", "revisions_unschedule", "copy"):
        with pytest.raises(NoReverseMatch):
            reverse(f"quiz:{name}", args=[quiz.pk])
    for action in ("publish", "delete"):
        address = f"/cms/bulk/certification/quiz/{action}/?id={quiz.pk}"
        assert client_of(superuser).post(address).status_code in (302, 404)
    call_command("publish_scheduled")

    assert (Draft.objects.get(), Quiz.objects.get().pass_mark) == (draft, 80)


def test_the_editor_goes_on_with_the_draft(roles, client_of):
    quiz, trainer = QuizFactory(), person_of(Role.TRAINER)
    client = client_of(trainer)
    url = reverse("quiz:edit", args=[quiz.pk])
    client.post(url, quiz_form(quiz, pass_mark=91))

    page = client.get(url).content.decode()
    client.post(url, quiz_form(quiz, pass_mark=92))

    assert 'value="91"' in page
    assert "这是等待批准的草稿" in page
    assert [save.content["pass_mark"] for save in Draft.objects.get().saves.all()] == [91, 92]


def test_a_new_record_is_drafted_gone_on_with_and_approved(roles, client_of):
    trainer, second, bank = person_of(Role.TRAINER), person_of(Role.TRAINER), QuestionBankFactory()
    form = quiz_form(Quiz(code="qz-new", title="新试卷", bank=bank))
    client_of(trainer).post(reverse("quiz:add"), form)
    draft = Draft.objects.get()
    again = f"{reverse('quiz:add')}?draft={draft.pk}"

    page = client_of(trainer).get(again).content.decode()
    client_of(trainer).post(again, form | {"pass_mark": 85})
    assert not Quiz.objects.exists()
    client_of(second).post(reverse("certification_draft_approve", args=[draft.pk]), {"save_number": 2})

    assert "qz-new" in page
    assert (Quiz.objects.get().pass_mark, Quiz.objects.get().draw_rules.get().count) == (85, 10)


def test_drafts_of_another_kind_are_not_gone_on_with(roles, client_of):
    draft = save_draft(Quiz(code="qz-new", title="新", bank=QuestionBankFactory()), by=person_of(Role.TRAINER))
    client = client_of(person_of(Role.ADMINISTRATOR))

    assert client.get(f"{reverse('checklist:add')}?draft={draft.pk}").status_code == 404
    assert client.get(f"{reverse('quiz:add')}?draft=x").status_code == 404


# --- the list and the page --------------------------------------------------------------------------------------------


@pytest.fixture
def drafted(roles):
    quiz, trainer = QuizFactory(title="理论考试"), PersonFactory(name="王出题", roles=[Role.TRAINER])
    changed = Quiz.objects.get(pk=quiz.pk)
    changed.pass_mark = 70
    changed.draw_rules = [type(changed.draw_rules.get())(count=5, only_safety=True)]
    return save_draft(changed, by=trainer)


def test_the_page_shows_old_beside_new_with_rows(drafted, client_of):
    page = client_of(person_of(Role.MANAGER)).get(reverse("certification_draft", args=[drafted.pk])).content.decode()

    assert "<del>80</del>" in page
    assert "<ins>70</ins>" in page
    assert "王出题" in page
    assert "批准此改动" in page


def test_authors_see_their_draft_without_the_button(drafted, client_of):
    author = drafted.saves.get().saved_by

    page = client_of(author).get(reverse("certification_draft", args=[drafted.pk])).content.decode()

    assert "批准此改动" not in page
    assert "须由他人批准" in page


def test_the_list_is_for_who_drafts_or_approves(drafted, client_of):
    listing = reverse("certification_drafts")

    for role in (Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR):
        assert "理论考试" in client_of(person_of(role)).get(listing).content.decode()
    assert client_of(person_of(Role.EDITOR)).get(listing).status_code in (302, 403)
    assert client_of(PersonFactory()).get(listing).status_code in (302, 403)


def test_rejecting_on_the_page(drafted, client_of):
    client = client_of(person_of(Role.MANAGER))
    url = reverse("certification_draft_reject", args=[drafted.pk])

    without = client.post(url, {"reject-save_number": 1, "reject-reason": ""})
    client.post(url, {"reject-save_number": 1, "reject-reason": "合格线太低"})

    drafted.refresh_from_db()
    assert without.status_code == 422
    assert (drafted.state, drafted.reason) == (DraftState.REJECTED, "合格线太低")
    assert "合格线太低" in client.get(reverse("certification_drafts")).content.decode()


def test_the_decision_is_about_what_was_looked_at(drafted, client_of):
    changed = Quiz.objects.get()
    changed.pass_mark = 1
    save_draft(changed, by=drafted.saves.get().saved_by)

    manager = client_of(person_of(Role.MANAGER))
    manager.post(reverse("certification_draft_approve", args=[drafted.pk]), {"save_number": 1})

    assert Quiz.objects.get().pass_mark == 80


def test_the_list_pins_its_queries(drafted, client_of, django_assert_max_num_queries):
    client = client_of(person_of(Role.ADMINISTRATOR))
    client.get(reverse("certification_drafts"))
    for _number in range(3):
        changed = Quiz.objects.get(pk=QuizFactory().pk)
        changed.pass_mark = 60
        save_draft(changed, by=person_of(Role.TRAINER))

    with django_assert_max_num_queries(22):
        client.get(reverse("certification_drafts"))


def test_saving_is_in_the_audit_log_with_values(roles, client_of):
    quiz = QuizFactory()
    client_of(person_of(Role.TRAINER)).post(reverse("quiz:edit", args=[quiz.pk]), quiz_form(quiz, pass_mark=1))

    event = AuditEvent.objects.get(action="certification.draft_saved")
    assert event.detail["changes"] == [{"field": "pass_mark", "old": 80, "new": 1}]
