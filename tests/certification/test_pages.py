"""The other pages: who opens what, what they say, how many queries they take."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from certification import ledger
from certification.models import AttemptRelease, LedgerEntry, PracticalAssessment, StatutoryCertificate
from certification.quizzes.attempts import start_attempt, submit_attempt
from portal.enums import Role
from portal.models import Organisation, PortalSettings
from tests.factories.certification import (
    AttemptFactory,
    StatutoryCertificateFactory,
    category_of,
    certificate_for,
    full_scheme,
)
from tests.factories.courses import HourCreditFactory, SessionFactory
from tests.factories.portal import AssignmentFactory, PersonFactory, StatutoryKindFactory

pytestmark = pytest.mark.django_db


def get(client_of, reader, name, *args, **params):
    return client_of(reader).get(reverse(f"certification:{name}", args=args), params)


# --- one's own -------------------------------------------------------------------------------------------------


def test_my_page_shows_the_steps_and_where_a_seat_is(network, client_of):
    session = SessionFactory(modules=[network["module"]], organisation=network["outlet"].get_root())

    page = get(client_of, network["technician"], "mine").content.decode()

    assert network["scheme"].name in page
    assert "未开始" in page
    assert session.get_absolute_url() in page


def test_my_page_says_that_a_seat_is_booked(network, client_of):
    from tests.factories.courses import EnrolmentFactory

    session = SessionFactory(modules=[network["module"]], organisation=network["outlet"].get_root())
    EnrolmentFactory(session=session, person=network["technician"])

    assert "您已报名" in get(client_of, network["technician"], "mine").content.decode()


def test_my_page_of_somebody_without_scheme_is_not_empty(network, client_of):
    assert "暂无与您有关的持证要求" in get(client_of, network["dispatcher"], "mine").content.decode()


def test_my_page_offers_the_papers_of_a_valid_certificate(network, client_of):
    certificate = certificate_for(network["technician"], network["scheme"])

    page = get(client_of, network["technician"], "mine").content.decode()

    assert reverse("certification:certificate_pdf", args=[certificate.number]) in page
    assert "有效" in page


def test_home_says_not_yet_and_why_then_until_when(network, client_of):
    before = client_of(network["technician"]).get("/").content.decode()
    certificate = certificate_for(network["technician"], network["scheme"])
    after = client_of(network["technician"]).get("/").content.decode()

    assert f"尚不能上岗 {category_of(network['scheme']).name}" in before
    for code in ("hours_missing", "quiz_not_passed", "practical_not_signed"):
        assert f'data-reason="{code}"' in before
    assert f"可以上岗 {category_of(network['scheme']).name}" in after
    assert f"{certificate.valid_to.year}年" in after


def test_home_of_a_customer_has_no_duty_panel(network, client_of):
    assert "duty-panel" not in client_of(network["customer"]).get("/").content.decode()


def test_my_page_takes_few_queries_however_many_schemes(network, client_of, django_assert_max_num_queries):
    person = network["technician"]
    for _number in range(3):
        scheme = full_scheme()
        HourCreditFactory(person=person, module=scheme.requirements.get(kind="hours").module)
    client = client_of(person)
    client.get(reverse("certification:mine"))

    with django_assert_max_num_queries(36):
        client.get(reverse("certification:mine"))


# --- the file ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["technician", "manager", "trainer", "auditor", "administrator"])
def test_who_may_open_the_file(network, client_of, reader):
    HourCreditFactory(person=network["technician"], module=network["module"])
    AttemptFactory(person=network["technician"], quiz=network["quiz"], score=66, is_passed=False)
    certificate_for(network["technician"], network["scheme"])

    response = get(client_of, network[reader], "person", network["technician"].staff_number)

    assert response.status_code == 200
    for text in (network["module"].title, network["quiz"].title, "资格台账", "授予"):
        assert text in response.content.decode()


@pytest.mark.parametrize(
    ("reader", "about"),
    [
        ("colleague", "technician"),
        ("dispatcher", "technician"),
        ("assessor", "technician"),
        ("customer", "technician"),
        ("manager", "stranger"),
        ("trainer", "stranger"),
    ],
)
def test_a_file_out_of_reach_is_not_in_scope_and_says_nothing(network, client_of, reader, about):
    person = network[about]
    seen = get(client_of, network[reader], "person", person.staff_number)
    unknown = get(client_of, network[reader], "person", "NOBODY")

    # Who is of no outlet, such as a customer, does not learn which staff numbers there are.
    assert seen.status_code == (404 if reader == "customer" else 403)
    assert unknown.status_code == 404
    assert ("不在您的范围内" in seen.content.decode()) == (reader != "customer")
    assert person.name not in seen.content.decode()


def test_file_pins_its_queries(network, client_of, django_assert_max_num_queries):
    person, client = network["technician"], client_of(network["manager"])
    for number in range(3):
        HourCreditFactory(person=person, module=network["module"])
        StatutoryCertificateFactory(person=person)
        ledger.grant(person, full_scheme(), act_key=str(number))
    url = reverse("certification:person", args=[person.staff_number])
    client.get(url)

    with django_assert_max_num_queries(47):
        client.get(url)


def act_url(network, verb, about="technician"):
    return reverse("certification:act", args=[network[about].staff_number, network["scheme"].code, verb])


def test_manager_suspends_once_reinstates_and_revokes(network, client_of):
    certificate_for(network["technician"], network["scheme"], days_ago=5)
    client = client_of(network["manager"])
    today = timezone.localdate().isoformat()
    key = str(uuid.uuid4())

    for _press in range(2):
        client.post(act_url(network, "suspend"), {"valid_from": today, "reason": "违章作业", "form_key": key})
    client.post(act_url(network, "reinstate"), {"valid_from": today, "form_key": str(uuid.uuid4())})
    done = client.post(
        act_url(network, "revoke"), {"valid_from": today, "reason": "伪造", "form_key": str(uuid.uuid4())}
    )

    assert done.status_code == 302
    assert [entry.kind for entry in LedgerEntry.objects.all()] == [
        "granted",
        "suspended",
        "reinstated",
        "revoked",
    ]
    assert LedgerEntry.objects.last().recorded_by == network["manager"]


def test_acts_that_cannot_be_say_why_and_write_nothing(network, client_of):
    client = client_of(network["manager"])
    today = timezone.localdate()
    data = {"valid_from": today.isoformat(), "reason": "违章", "form_key": str(uuid.uuid4())}

    illegal = client.post(act_url(network, "revoke"), data)
    no_reason = client.post(act_url(network, "suspend"), data | {"reason": ""})
    backwards = client.post(
        act_url(network, "suspend"), data | {"valid_to": (today - dt.timedelta(days=1)).isoformat()}
    )

    assert [r.status_code for r in (illegal, no_reason, backwards)] == [422, 422, 422]
    assert "台账" in illegal.content.decode()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    ("reader", "status"),
    [("trainer", 403), ("auditor", 403), ("technician", 403), ("dispatcher", 403), ("colleague", 403)],
)
def test_who_may_not_take_away(network, client_of, reader, status):
    certificate_for(network["technician"], network["scheme"])
    data = {"valid_from": timezone.localdate(), "reason": "x", "form_key": str(uuid.uuid4())}

    response = client_of(network[reader]).post(act_url(network, "revoke"), data)

    assert response.status_code == status
    assert LedgerEntry.objects.count() == 1


def test_manager_does_not_keep_their_own_file(network, client_of):
    certificate_for(network["manager"], network["scheme"])

    assert client_of(network["manager"]).get(act_url(network, "suspend", "manager")).status_code == 403


def test_trainer_releases_a_resit_and_others_do_not(network, client_of):
    submit = {"reason": "已重新培训", "form_key": str(uuid.uuid4())}
    url = reverse("certification:release", args=[network["technician"].staff_number, network["quiz"].code])

    assert client_of(network["auditor"]).post(url, submit).status_code == 403
    assert client_of(network["colleague"]).post(url, submit).status_code == 403
    assert client_of(network["trainer"]).post(url, {"form_key": submit["form_key"]}).status_code == 422
    for _press in range(2):
        assert client_of(network["trainer"]).post(url, submit).status_code == 302
    assert AttemptRelease.objects.get().released_by == network["trainer"]


# --- practicals ----------------------------------------------------------------------------------------------------


def ready(network, who="technician"):
    """Give somebody the hours and a passed quiz."""
    HourCreditFactory(person=network[who], module=network["module"])
    AttemptFactory(person=network[who], quiz=network["quiz"], score=85)


def signing(network, failing=()):
    data = {"form_key": str(uuid.uuid4()), "remark": "", "version": 1}
    for item in network["checklist"].items.all():
        data[f"item_{item.pk}"] = "0" if item.text in failing else "1"
    return data


def sheet_url(network, who="technician"):
    return reverse("certification:practical", args=[network["checklist"].code, network[who].staff_number])


def test_assessor_sees_who_waits_and_only_they(network, client_of):
    ready(network)
    ready(network, "stranger")
    HourCreditFactory(person=network["colleague"], module=network["module"])

    page = get(client_of, network["assessor"], "practicals").content.decode()

    assert "林小川" in page
    assert "赵明远" in page
    assert "杨振华" not in page
    assert "85" in page


def test_certified_people_wait_for_nobody(network, client_of):
    ready(network)
    certificate_for(network["technician"], network["scheme"])

    assert "林小川" not in get(client_of, network["assessor"], "practicals").content.decode()


def test_signing_issues_the_certificate_and_twice_counts_once(network, client_of):
    ready(network)
    client, data = client_of(network["assessor"]), signing(network)
    client.post(sheet_url(network), data)

    for _press in range(2):
        page = client.post(sheet_url(network), data | {"step": "sign"}, follow=True).content.decode()

    assert PracticalAssessment.objects.count() == 1
    assert LedgerEntry.objects.get().person == network["technician"]
    assert "林小川" in page


def test_incomplete_sheet_keeps_what_was_entered(network, client_of):
    data = signing(network)
    item = network["checklist"].items.first()
    del data[f"item_{item.pk}"]
    data["remark"] = "动作规范"

    response = client_of(network["assessor"]).post(sheet_url(network), data)

    assert response.status_code == 422
    assert "动作规范" in response.content.decode()
    assert not PracticalAssessment.objects.exists()


def test_theory_missing_is_a_warning(network, client_of):
    assert "应先理论后实操" in client_of(network["assessor"]).get(sheet_url(network)).content.decode()


def test_sheet_by_staff_number(network, client_of):
    response = get(
        client_of,
        network["assessor"],
        "practicals",
        person=network["technician"].staff_number,
        checklist=network["checklist"].code,
    )

    assert response.url == sheet_url(network)


@pytest.mark.parametrize("reader", ["technician", "manager", "trainer", "administrator", "customer"])
def test_pages_of_the_assessor_are_the_assessors(network, client_of, reader):
    client = client_of(network[reader])

    assert client.get(reverse("certification:practicals")).status_code == 403
    assert client.post(sheet_url(network), signing(network)).status_code == 403
    assert not PracticalAssessment.objects.exists()


def test_assessor_of_another_network_or_without_appointment_signs_nothing(network, client_of):
    elsewhere = PersonFactory(roles=[Role.ASSESSOR])
    unappointed = PersonFactory(roles=[Role.ASSESSOR], organisation=network["outlet"])

    assert client_of(elsewhere).post(sheet_url(network), signing(network)).status_code == 404
    assert client_of(unappointed).post(sheet_url(network), signing(network)).status_code == 403
    assert client_of(network["assessor"]).get(sheet_url(network, "assessor")).status_code == 403
    assert client_of(network["assessor"]).get(sheet_url(network, "customer")).status_code == 404
    assert not PracticalAssessment.objects.exists()


def test_waiting_list_pins_its_queries(network, client_of, django_assert_max_num_queries):
    client = client_of(network["assessor"])
    client.get(reverse("certification:practicals"))
    for who in ("technician", "colleague", "stranger"):
        ready(network, who)

    with django_assert_max_num_queries(25):
        client.get(reverse("certification:practicals"))


# --- duty page ------------------------------------------------------------------------------------------------------


def test_dispatcher_gets_the_answer_and_who_may(network, client_of):
    certificate_for(network["colleague"], network["scheme"])
    number = network["technician"].staff_number

    page = get(client_of, network["dispatcher"], "duty", person=number, equipment="冷库").content.decode()

    assert "不予上岗" in page
    assert "林小川" in page
    assert "杨振华" in page


def test_allowed_list_stays_in_the_branch(network, client_of):
    certificate_for(network["stranger"], network["scheme"])

    page = get(client_of, network["dispatcher"], "duty", equipment="RF-LK").content.decode()

    assert "赵明远" not in page
    assert "范围内没有人可以上岗" in page


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"person": "NOBODY", "equipment": "冷库"}, 404),
        ({"equipment": "飞碟"}, 404),
        ({"equipment": "冷库", "on": "2026-02-30"}, 422),
    ],
)
def test_wrong_input_is_said_on_the_page(network, client_of, params, status):
    response = get(client_of, network["dispatcher"], "duty", **params)

    assert response.status_code == status
    assert "无法回答" in response.content.decode()


def test_everybody_asks_about_themselves_and_nobody_else(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    client = client_of(network["technician"])
    url = reverse("certification:duty")

    own = client.get(url, {"equipment": "冷库"}).content.decode()
    other = client.get(url, {"equipment": "冷库", "person": network["colleague"].staff_number})

    assert "允许上岗" in own
    assert "可对冷库上岗的人员" not in own
    assert other.status_code == 403
    assert "杨振华" not in other.content.decode()


def test_duty_page_pins_its_queries(network, client_of, django_assert_max_num_queries):
    client = client_of(network["dispatcher"])
    params = {"equipment": "RF-LK", "person": network["technician"].staff_number}
    client.get(reverse("certification:duty"), params)
    for number in range(3):
        certificate_for(PersonFactory(organisation=network["outlet"]), network["scheme"], days_ago=number)

    with django_assert_max_num_queries(56):
        client.get(reverse("certification:duty"), params)


# --- surveys ----------------------------------------------------------------------------------------------------------


def test_matrix_shows_lamps_of_the_branch_only(network, client_of):
    certificate_for(network["colleague"], network["scheme"])
    certificate_for(network["stranger"], network["scheme"])

    page = get(client_of, network["manager"], "matrix").content.decode()

    assert "杨振华" in page
    assert "lamp--green" in page
    assert "赵明远" not in page


def test_matrix_is_filtered_by_organisation_and_name(network, client_of):
    page = get(client_of, network["auditor"], "matrix", organisation=network["outlet"].code).content.decode()
    named = get(client_of, network["auditor"], "matrix", q="赵明").content.decode()

    assert "林小川" in page
    assert "赵明远" not in page
    assert "赵明远" in named
    assert "林小川" not in named


def test_matrix_pages_and_pins_its_queries(network, client_of, django_assert_max_num_queries):
    for _number in range(25):
        certificate_for(PersonFactory(organisation=network["outlet"]), network["scheme"])
    client = client_of(network["manager"])
    client.get(reverse("certification:matrix"))

    with django_assert_max_num_queries(42):
        first = client.get(reverse("certification:matrix"))
    assert len(first.context["rows"]) == 20
    assert len(client.get(reverse("certification:matrix"), {"page": 2}).context["rows"]) > 5


def test_coverage_counts_certified_expiring_and_needed(network, client_of):
    Organisation.objects.filter(pk=network["outlet"].pk).update(min_certified=2)
    certificate_for(network["technician"], network["scheme"])
    certificate_for(network["colleague"], network["scheme"], days_ago=700)

    covers = get(client_of, network["manager"], "coverage").context["covers"]

    (cover,) = covers
    assert (len(cover.certified), len(cover.expiring), cover.needed, cover.people) == (2, 1, 2, 3)
    assert cover.lamp == "amber"


def test_coverage_of_one_scheme_and_red_below_what_is_needed(network, client_of):
    other = full_scheme()
    certificate_for(network["technician"], other)

    (cover,) = get(client_of, network["manager"], "coverage", scheme=network["scheme"].code).context["covers"]

    assert (len(cover.certified), cover.lamp) == (0, "red")


def test_coverage_speaks_of_outlets_by_the_organisations_own_name(network, client_of):
    settings = PortalSettings.load()
    settings.tier_outlet = "特约服务单位"
    settings.save()
    text = get(client_of, network["manager"], "coverage").content.decode()
    assert "各特约服务单位可上岗人数与最低要求。" in text
    assert '<th scope="col">特约服务单位</th>' in text
    Organisation.objects.filter(pk=network["outlet"].pk).update(tier="region")
    assert "范围内没有特约服务单位" in get(client_of, network["manager"], "coverage").content.decode()


@pytest.mark.parametrize("page", ["matrix", "coverage"])
@pytest.mark.parametrize("reader", ["technician", "trainer", "assessor", "customer"])
def test_surveys_are_for_who_sends_people(network, client_of, page, reader):
    assert get(client_of, network[reader], page).status_code == 403


def test_auditor_sees_who_was_qualified_as_known_then(network, client_of):
    today = timezone.localdate()
    certificate_for(network["colleague"], network["scheme"], days_ago=10)
    on = (today - dt.timedelta(days=5)).isoformat()
    before = (today - dt.timedelta(days=11)).isoformat()

    now = get(client_of, network["auditor"], "as_of", equipment="冷库", on=on).content.decode()
    then = get(client_of, network["auditor"], "as_of", equipment="冷库", on=on, known_at=before).content.decode()

    assert "杨振华" in now
    assert "杨振华" not in then


@pytest.mark.parametrize(
    "known_at", ["2026-03-18", "2026/3/18", "２０２６年３月１８日", "2026-03-18 13:01", "2026-03-18T05:01:00Z"]
)
def test_a_grant_of_one_minute_past_one_is_known_at_the_end_of_that_day(network, client_of, known_at):
    with time_machine.travel("2026-03-18 05:01:00Z", tick=False):
        certificate_for(network["colleague"], network["scheme"])
    with time_machine.travel("2026-03-20 04:00:00Z", tick=False):
        asked = {"equipment": "冷库", "on": "2026-3-18", "known_at": known_at}
        page = get(client_of, network["auditor"], "as_of", **asked).content.decode()
        before = get(client_of, network["auditor"], "as_of", **asked | {"known_at": "2026-03-17"}).content.decode()

    assert "杨振华" in page
    assert "杨振华" not in before


def test_as_of_shows_people_who_have_left(network, client_of):
    certificate_for(network["colleague"], network["scheme"], days_ago=10)
    network["colleague"].is_active = False
    network["colleague"].save()
    on = (timezone.localdate() - dt.timedelta(days=5)).isoformat()

    assert "杨振华" in get(client_of, network["auditor"], "as_of", equipment="冷库", on=on).content.decode()


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"equipment": "?"}, 404),
        ({"equipment": "冷库", "known_at": "x"}, 422),
        ({"equipment": "冷库", "on": "2026-02-30"}, 422),
    ],
)
def test_as_of_with_wrong_input_says_so(network, client_of, params, status):
    assert get(client_of, network["auditor"], "as_of", **params).status_code == status


@pytest.mark.parametrize("reader", ["technician", "dispatcher", "trainer", "customer"])
def test_as_of_is_for_auditors(network, client_of, reader):
    assert get(client_of, network[reader], "as_of").status_code == 403


# --- cards -----------------------------------------------------------------------------------------------------------


def card_form(network, who="technician", **changes):
    today = timezone.localdate()
    return {
        "staff_number": network[who].staff_number,
        "kind": StatutoryKindFactory(issuer="市场监督管理部门").pk,
        "number": "T-2026-001",
        "valid_from": today.isoformat(),
        "valid_to": (today + dt.timedelta(days=1460)).isoformat(),
        **changes,
    }


def test_manager_records_a_card_and_withdraws_it(network, client_of):
    client = client_of(network["manager"])
    client.post(reverse("certification:statutory_new"), card_form(network))
    card = StatutoryCertificate.objects.get()
    client.post(reverse("certification:statutory_withdraw", args=[card.pk]), {"withdrawn_on": timezone.localdate()})

    card.refresh_from_db()
    assert (card.person, card.recorded_by, card.issuer) == (
        network["technician"],
        network["manager"],
        "市场监督管理部门",
    )
    assert card.withdrawn_recorded_at is not None


def test_card_twice_backwards_or_for_somebody_unseen_is_refused(network, client_of):
    client, url = client_of(network["manager"]), reverse("certification:statutory_new")
    good = card_form(network)
    client.post(url, good)

    twice = client.post(url, good)
    backwards = client.post(url, good | {"valid_to": "2020-01-01"})
    unseen = client.post(url, card_form(network, "stranger"))
    own = client.post(url, card_form(network, "manager"))

    assert [r.status_code for r in (twice, backwards, unseen, own)] == [422] * 4
    assert network["stranger"].name not in unseen.content.decode()
    assert StatutoryCertificate.objects.count() == 1


@pytest.mark.parametrize("reader", ["technician", "trainer", "dispatcher", "auditor"])
def test_cards_are_recorded_by_managers(network, client_of, reader):
    card = StatutoryCertificateFactory(person=network["technician"])
    client = client_of(network[reader])

    assert client.get(reverse("certification:statutory_new")).status_code == 403
    assert client.post(reverse("certification:statutory_withdraw", args=[card.pk])).status_code == 403


# --- all of them -----------------------------------------------------------------------------------------------------


PAGES = ["mine", "practicals", "matrix", "coverage", "as_of", "duty", "statutory_new"]


@pytest.mark.parametrize("name", PAGES)
def test_anonymous_is_asked_to_sign_in(client_of, db, name):
    response = client_of().get(reverse(f"certification:{name}"))

    assert response.status_code == 302
    assert "/accounts/login/" in response.url


def test_assignments_end_and_with_them_what_a_post_requires(network, client_of):
    person = network["colleague"]
    position = network["technician"].assignments.get().position
    long_ago = timezone.localdate() - dt.timedelta(days=90)
    AssignmentFactory(person=person, position=position, start=long_ago, end=long_ago)

    assert network["scheme"].name not in get(client_of, person, "mine").content.decode()


def test_attempt_shows_in_the_file_while_it_runs(network, client_of):
    HourCreditFactory(person=network["technician"], module=network["module"])
    attempt = start_attempt(network["technician"], network["quiz"])
    page = get(client_of, network["manager"], "person", network["technician"].staff_number).content.decode()
    submit_attempt(attempt)

    assert "答题中" in page
