"""Certificates of training: for who was named and attended; verifiable, without any right, never rewritten."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from certification.certificates.errors import NobodyFinished
from certification.certificates.training import (
    certificates_of,
    find_training_certificate,
    issue_training_certificates,
    stands,
    training_certificates_pdf,
)
from certification.models import LedgerEntry, TrainingCertificate
from courses.enums import SessionState
from courses.models import TrainingModule
from portal.enums import Role
from tests.factories.courses import (
    MeetingFactory,
    NomineeCreditFactory,
    NomineeFactory,
    NomineeMatchFactory,
    NomineeTimesFactory,
    SessionFactory,
    SessionModuleFactory,
    TrainingRequestFactory,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(network):
    """A request of the customer whose session is over: one attended all, one half, one never came."""
    session = SessionFactory(state=SessionState.CLOSED, title="客户操作培训")
    found = TrainingRequestFactory(organisation=network["customer"].organisation, session=session)
    part = SessionModuleFactory(session=session)
    for name, share in (("赵明", 100), ("钱一半", 50), ("孙没来", 0)):
        nominee = NomineeFactory(request=found, name=name)
        if share:
            times = NomineeTimesFactory(nominee=nominee)
            NomineeCreditFactory(times=times, module=part.module, minutes=part.minutes * share // 100)
    return found


def test_who_attended_the_hours_gets_one_once(network, request_):
    made = issue_training_certificates(request_, by=network["administrator"])
    again = issue_training_certificates(request_, by=network["administrator"])

    assert [each.name for each in made] == ["赵明"]
    assert again == []
    assert made[0].title == "客户操作培训"
    assert made[0].organisation == request_.organisation.name
    assert not LedgerEntry.objects.exists()


def test_not_before_the_session_is_closed(network, request_):
    request_.session.state = SessionState.OPEN
    request_.session.save()

    with pytest.raises(NobodyFinished):
        issue_training_certificates(request_, by=network["administrator"])


def test_everybody_can_verify_it_and_reads_no_full_name(network, client_of, request_):
    (paper,) = issue_training_certificates(request_, by=network["administrator"])

    for number in (paper.number, paper.short_number):
        page = client_of().get(reverse("verify:certificate", args=[number])).content.decode()
        assert "培训合格证明" in page
        assert "不作为上岗依据" in page
        assert "赵*" in page
        assert "赵明" not in page
    found = client_of().get(reverse("verify:find"), {"number": paper.short_number.lower()})
    assert found.url == reverse("verify:certificate", args=[paper.number])


def test_a_match_changes_nothing_and_opens_nothing(network, request_):
    (paper,) = issue_training_certificates(request_, by=network["administrator"])
    before = TrainingCertificate.objects.filter(pk=paper.pk).values().get()
    person = PersonFactory(name="赵大明")
    NomineeMatchFactory(nominee=paper.nominee, person=person)

    assert TrainingCertificate.objects.filter(pk=paper.pk).values().get() == before
    assert stands(find_training_certificate(paper.number))
    assert not LedgerEntry.objects.filter(person=person).exists()


def test_corrected_times_make_it_void(network, client_of, request_):
    (paper,) = issue_training_certificates(request_, by=network["administrator"])
    NomineeTimesFactory(nominee=paper.nominee, number=2, is_void=True, reason="签错行")

    assert not stands(find_training_certificate(paper.number))
    assert certificates_of(request_) == []
    assert "已作废" in client_of().get(reverse("verify:certificate", args=[paper.number])).content.decode()


@pytest.fixture
def two_meetings(request_):
    """Somebody who was in both meetings, with half the minutes of the module in each."""
    part = request_.session.parts.get()
    meetings = [request_.session.meetings.get(), MeetingFactory(session=request_.session, number=2)]
    nominee = NomineeFactory(request=request_, name="李两次")
    for meeting in meetings:
        times = NomineeTimesFactory(nominee=nominee, meeting=meeting)
        NomineeCreditFactory(times=times, module=part.module, minutes=part.minutes // 2)
    return nominee, meetings, part


@pytest.mark.parametrize("corrected", [0, 1])
def test_a_meeting_somebody_was_not_in_after_all_makes_it_void(network, request_, two_meetings, corrected):
    nominee, meetings, _part = two_meetings
    issue_training_certificates(request_, by=network["administrator"])
    paper = TrainingCertificate.objects.get(nominee=nominee)
    assert stands(find_training_certificate(paper.number))
    NomineeTimesFactory(nominee=nominee, meeting=meetings[corrected], number=2, is_void=True, reason="没有来")

    assert not stands(find_training_certificate(paper.number))
    assert paper not in certificates_of(request_)


def test_minutes_of_another_module_than_printed_make_it_void(network, request_, two_meetings):
    nominee, meetings, part = two_meetings
    issue_training_certificates(request_, by=network["administrator"])
    paper = TrainingCertificate.objects.get(nominee=nominee)
    again = NomineeTimesFactory(nominee=nominee, meeting=meetings[0], number=2, reason="课程写错")
    NomineeCreditFactory(times=again, minutes=part.minutes // 2)

    assert not stands(find_training_certificate(paper.number))


def test_another_code_of_the_module_changes_nothing(network, two_meetings, request_):
    nominee, _meetings, part = two_meetings
    issue_training_certificates(request_, by=network["administrator"])
    TrainingModule.objects.filter(pk=part.module_id).update(code="M-NEW")

    assert stands(find_training_certificate(TrainingCertificate.objects.get(nominee=nominee).number))


def test_paper_is_one_page_a_person(network, request_):
    (paper,) = issue_training_certificates(request_, by=network["administrator"])
    (page,) = PdfReader(io.BytesIO(training_certificates_pdf([paper]).content)).pages
    text = page.extract_text()

    assert "赵明" in text
    assert paper.short_number in text


@pytest.mark.parametrize(
    ("reader", "sees", "issues"),
    [("administrator", 200, 302), ("auditor", 200, 403), ("technician", 404, 404), ("stranger", 404, 404)],
)
def test_who_sees_and_who_issues(network, client_of, request_, reader, sees, issues):
    url = reverse("certification:training_certificates", args=[request_.pk])
    client = client_of(network[reader])

    assert client.get(url).status_code == sees
    assert client.post(url).status_code == issues
    assert client.get(reverse("certification:training_certificates_print", args=[request_.pk])).status_code in (
        {200, 409} if sees == 200 else {404}
    )


def test_the_firms_contact_prints_and_does_not_issue(network, client_of, request_):
    contact = PersonFactory(organisation=request_.organisation, roles=[Role.CUSTOMER_CONTACT])
    issue_training_certificates(request_, by=network["administrator"])
    url = reverse("certification:training_certificates", args=[request_.pk])

    assert client_of(contact).get(reverse("courses:request", args=[request_.pk])).content.decode().count(url) == 1
    assert client_of(contact).post(url).status_code == 403
    printed = client_of(contact).get(reverse("certification:training_certificates_print", args=[request_.pk]))
    assert printed["Content-Type"] == "application/pdf"
    assert timezone.now() - TrainingCertificate.objects.get().issued_at < dt.timedelta(minutes=5)
