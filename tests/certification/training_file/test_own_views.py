"""One's own qualifications: what is missing, where a seat is, the papers."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.certification.requesting import get
from tests.factories.certification import (
    category_of,
    certificate_for,
    full_scheme,
)
from tests.factories.courses import HourCreditFactory, SessionFactory
from tests.factories.portal import AssignmentFactory

pytestmark = pytest.mark.django_db


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


def test_assignments_end_and_with_them_what_a_post_requires(network, client_of):
    person = network["colleague"]
    position = network["technician"].assignments.get().position
    long_ago = timezone.localdate() - dt.timedelta(days=90)
    AssignmentFactory(person=person, position=position, start=long_ago, end=long_ago)

    assert network["scheme"].name not in get(client_of, person, "mine").content.decode()
