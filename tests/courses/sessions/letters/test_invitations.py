"""Letters with invitations: REQUEST, updated REQUEST, CANCEL."""

import datetime as dt
import email
from email import policy

import icalendar
from django.core import mail

from courses.enums import EnrolmentState, Notice
from courses.sessions.letters.invitations import compose_invitation, is_outdated
from courses.sessions.scheduling.domain import cancel_session, reschedule_session
from courses.sessions.seats.domain import book_seat, cancel_seat
from courses.sessions.tasks import send_notice
from portal.models import PortalNotice
from tests.factories.courses import EnrolmentFactory
from tests.factories.portal import PersonFactory
from tests.libical import errors_in


def read(letter) -> tuple[email.message.EmailMessage, bytes]:
    """Return a sent letter as a mail program parses it, and its calendar."""
    message = email.message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    (part,) = [
        part for part in message.walk() if part.get_content_type() == "text/calendar" and not part.get_filename()
    ]
    return message, part.get_content().replace("\r\n", "\n").encode()


def test_booking_letter_carries_a_request(world, make_session, commit):
    session = make_session(title="冷冻设备技术培训")
    with commit():
        book_seat(session, world.technician, by=world.technician)
    (letter,) = mail.outbox
    message, content = read(letter)
    assert message["subject"].strip().startswith("报名成功：冷冻设备技术培训")
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert icalendar.Calendar.from_ical(content)["method"] == "REQUEST"
    assert str(event["attendee"]) == "mailto:lin@example.com"
    assert event["attendee"].params["CN"] == "小林"
    assert errors_in(content)[:2] == (0, True)


def test_letter_has_the_calendar_last_and_attached(world, make_session):
    enrolment = EnrolmentFactory(session=make_session(), person=world.technician)
    message, content = read(compose_invitation(enrolment, Notice.BOOKED))
    alternatives, attachment = message.iter_parts()
    assert [part.get_content_type() for part in alternatives.iter_parts()] == ["text/plain", "text/calendar"]
    calendar = list(alternatives.iter_parts())[-1]
    assert calendar.get_param("method") == attachment.get_param("method") == "REQUEST"
    assert attachment.get_filename() == "invite.ics"
    assert attachment.get_content().replace("\r\n", "\n").encode() == content


def test_reschedule_is_told_to_those_booked_with_the_grown_sequence(world, make_session, commit):
    session = make_session(capacity=1)
    EnrolmentFactory(session=session, person=world.technician)
    EnrolmentFactory(session=session, person=PersonFactory(email="wait@example.com"), state=EnrolmentState.WAITLISTED)
    EnrolmentFactory(session=session, person=PersonFactory(email="gone@example.com"), state=EnrolmentState.CANCELLED)
    with commit():
        reschedule_session(session, by=world.trainer, place="二号教室")
    assert sorted(letter.to[0].split("<")[1] for letter in mail.outbox) == ["lin@example.com>", "wait@example.com>"]
    events = [icalendar.Calendar.from_ical(read(letter)[1]).walk("VEVENT")[0] for letter in mail.outbox]
    assert {event["sequence"] for event in events} == {1}
    assert {str(event["status"]) for event in events} == {"CONFIRMED", "TENTATIVE"}
    assert "二号教室" in mail.outbox[0].body


def test_change_nobody_sees_in_a_calendar_is_not_mailed(world, make_session, commit):
    session = make_session()
    EnrolmentFactory(session=session, person=world.technician)
    with commit():
        reschedule_session(session, by=world.trainer, note="请带工具")
    assert mail.outbox == []


def test_cancelled_session_is_told_with_a_cancel(world, make_session, commit):
    session = make_session()
    EnrolmentFactory(session=session, person=world.technician)
    with commit():
        cancel_session(session, by=world.trainer, reason="讲师出差")
    (letter,) = mail.outbox
    calendar = icalendar.Calendar.from_ical(read(letter)[1])
    (event,) = calendar.walk("VEVENT")
    assert (calendar["method"], str(event["status"]), event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert "讲师出差" in letter.body


def test_seat_given_back_takes_the_event_away_and_tells_who_moves_up(world, make_session, commit):
    session = make_session(capacity=1)
    next_one = PersonFactory(organisation=world.outlet, email="next@example.com")
    seat = book_seat(session, world.technician, by=world.technician, notify=False)
    book_seat(session, next_one, by=next_one, notify=False)
    with commit():
        cancel_seat(seat, by=world.technician)
    assert [letter.subject.split("：")[0] for letter in mail.outbox] == ["已退出", "候补转正"]
    assert [icalendar.Calendar.from_ical(read(letter)[1])["method"] for letter in mail.outbox] == ["CANCEL", "REQUEST"]


def test_nothing_is_sent_when_the_act_is_undone(world, make_session, commit):
    session = make_session()
    with commit() as callbacks:
        pass
    assert callbacks == []
    book_seat(session, world.technician, by=world.technician)
    assert mail.outbox == []


def test_outdated_letters_stay_unsent(world, make_session):
    session = make_session()
    enrolment = EnrolmentFactory(session=session, person=world.technician)
    assert send_notice.call(enrolment.pk, Notice.BOOKED, session.sequence) is True
    assert send_notice.call(enrolment.pk, Notice.BOOKED, session.sequence - 1) is False
    assert send_notice.call(enrolment.pk, Notice.WAITLISTED, session.sequence) is False
    assert send_notice.call(0, Notice.BOOKED, 0) is False
    enrolment.state = EnrolmentState.CANCELLED
    assert is_outdated(enrolment, Notice.BOOKED)
    assert not is_outdated(enrolment, Notice.LEFT)


def test_people_without_address_read_it_in_the_portal_and_people_who_left_nowhere(world, make_session):
    session = make_session()
    gone = EnrolmentFactory(session=session, person=PersonFactory(email="x@example.com", is_active=False))
    assert send_notice.call(gone.pk, Notice.BOOKED, 0) is False
    enrolment = EnrolmentFactory(session=session, person=PersonFactory(email=""))
    assert send_notice.call(enrolment.pk, Notice.BOOKED, 0) is True
    assert PortalNotice.objects.get().person == enrolment.person
    assert mail.outbox == []


def test_nobody_is_written_to_about_what_is_over(world, make_session, commit, time_machine):
    session = make_session()
    enrolment = EnrolmentFactory(session=session, person=world.technician)
    time_machine.move_to(session.ends_at + dt.timedelta(minutes=1))
    with commit():
        cancel_seat(enrolment, by=world.trainer)
    assert mail.outbox == []


def test_names_with_commas_and_line_breaks_make_no_second_recipient(world, make_session):
    person = PersonFactory(name='王, "小\n二"', email="w@example.com")
    letter = compose_invitation(EnrolmentFactory(session=make_session(), person=person), Notice.BOOKED)
    message, _content = read(letter)
    assert [address.addr_spec for address in message["to"].addresses] == ["w@example.com"]
