"""Robots: who sets them, which addresses, the signature, twenty a minute, and no way into a private network."""

import uuid

import pytest
from django.db import connection

from portal.enums import Role
from portal.models import AuditEvent, ChatRobot, PortalSettings, RobotMessage
from portal.notices import robots
from portal.notices.errors import NotARobotAddress, NotYourRobots
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=geheim-1"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=geheim-2"


@pytest.fixture
def administrator():
    return PersonFactory(roles=[Role.ADMINISTRATOR], organisation=OrganisationFactory())


@pytest.fixture
def robot(administrator):
    place = administrator.organisation
    return robots.set_robot(administrator, place, name="成都群", kind="dingtalk", address=DINGTALK, secret="SEC1")


def messages(robot, count):
    for number in range(count):
        RobotMessage.objects.create(key=uuid.uuid4(), robot=robot, text=f"第 {number} 条")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.REGIONAL_ADMINISTRATOR, Role.TRAINER])
def test_only_administrators_set_and_stop_robots(robot, role):
    other = PersonFactory(roles=[role])
    with pytest.raises(NotYourRobots):
        robots.set_robot(other, robot.organisation, name="x", kind="wecom", address=WECOM)
    with pytest.raises(NotYourRobots):
        robots.stop_robot(robot, by=other)


def test_administrators_set_and_stop_robots_in_their_sight_only(robot):
    elsewhere = PersonFactory(roles=[Role.ADMINISTRATOR], organisation=OrganisationFactory())
    with pytest.raises(NotYourRobots):
        robots.set_robot(elsewhere, robot.organisation, name="x", kind="wecom", address=WECOM)
    with pytest.raises(NotYourRobots):
        robots.stop_robot(robot, by=elsewhere)
    assert robots.set_robot(elsewhere, elsewhere.organisation, name="x", kind="wecom", address=WECOM)


def test_address_and_secret_are_sealed_in_the_database(robot, settings):
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, secret FROM portal_chatrobot")
        stored = cursor.fetchone()
    assert not any("geheim" in text or "SEC1" in text for text in stored)
    assert (ChatRobot.objects.get().address, ChatRobot.objects.get().secret) == (DINGTALK, "SEC1")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert ChatRobot.objects.get().address == DINGTALK
    settings.SECRET_KEY_FALLBACKS = []
    assert ChatRobot.objects.get().address == "", "of another portal: set it again"


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/x",
        "https://127.0.0.1/x",
        "https://qyapi.weixin.qq.com.evil.example/x",
        "https://qyapi.weixin.qq.com@10.0.0.1/x",
        "https://me:pw@qyapi.weixin.qq.com/x",
        "https://qyapi.weixin.qq.com:8443/x",
        "https://qyapi.weixin.qq.com:x/",
        "https://[::1]/x",
        "file:///etc/passwd",
        "https://qyapi.weixin.qq.com/\r\nHost: x",
        "",
    ],
)
def test_other_addresses_are_refused(administrator, address):
    with pytest.raises(NotARobotAddress):
        robots.set_robot(administrator, administrator.organisation, name="x", kind="wecom", address=address)
    assert not ChatRobot.objects.exists()


def test_allowed_hosts_are_data(administrator):
    settings = PortalSettings.load()
    settings.robot_hosts = "chat.example.com\n"
    settings.save()
    robots.check_address("https://chat.example.com/hook")
    with pytest.raises(NotARobotAddress):
        robots.check_address(WECOM)


def test_address_and_secret_stand_in_no_log(robot):
    told = str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert "geheim" not in told
    assert "SEC1" not in told
    assert "oapi.dingtalk.com" in told


def test_dingtalk_is_signed_as_its_documentation_says(robot):
    signed = robots.signed(robot, 1_800_000_000_000)
    assert signed.startswith(f"{DINGTALK}&timestamp=1800000000000&sign=")
    assert signed != robots.signed(robot, 1_800_000_000_001)


def test_twenty_a_minute_and_the_rest_later(robot, monkeypatch, time_machine):
    time_machine.move_to("2026-03-18T04:00:00Z", tick=False)
    monkeypatch.setattr(robots, "_ask", lambda address, content: (200, {"errcode": 0}))
    messages(robot, 23)
    assert robots.send_messages() == 20
    assert robots.send_messages() == 0
    time_machine.shift(61)
    assert robots.send_messages() == 3
    assert robots.send_messages() == 0


def test_refused_message_is_tried_again_and_one_without_an_answer_is_not(robot, monkeypatch, time_machine):
    time_machine.move_to("2026-03-18T04:00:00Z", tick=False)
    monkeypatch.setattr(robots, "_ask", lambda address, content: (200, {"errcode": 130101}))
    messages(robot, 1)
    robots.send_messages()
    robots.send_messages()
    assert RobotMessage.objects.get().attempts == 1, "a service that is down is given time"
    for _turn in range(5):
        time_machine.shift(robots.PAUSE.total_seconds())
        robots.send_messages()
    assert RobotMessage.objects.get().attempts == robots.ATTEMPTS
    RobotMessage.objects.update(attempts=1, error="")
    assert robots.send_messages() == 0


def test_private_address_is_not_opened(robot, monkeypatch):
    found = [(0, 0, 0, "", ("203.119.1.1", 443)), (0, 0, 0, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(robots.socket, "getaddrinfo", lambda *args, **kwargs: found)
    messages(robot, 1)
    assert robots.send_messages() == 0
    assert RobotMessage.objects.get().error == "ValueError"


def test_stopped_robot_forgets_its_address(robot, administrator):
    robots.stop_robot(robot, by=administrator)
    messages(robot, 1)
    assert robots.send_messages() == 0
    assert ChatRobot.objects.get().address == ""
