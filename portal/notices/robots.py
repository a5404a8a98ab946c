"""Robots of group chats: set by administrators, allowed hosts only, twenty messages a minute at most.

The portal opens an address somebody typed. It is therefore https, of a host in the settings, at the usual port, never
an address of a private network, and an answer that leads elsewhere is not followed.
"""

import base64
import datetime as dt
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.access import audit
from portal.access.sight import organisations_in_sight
from portal.enums import Role
from portal.models import ChatRobot, Organisation, Person, PortalSettings, RobotKind, RobotMessage
from portal.notices.errors import NotARobotAddress, NotYourRobots

#: Messages a minute that both services take from one robot.
A_MINUTE = 20
MINUTE = dt.timedelta(minutes=1)
#: How often a message is tried, and how long it is worth sending.
ATTEMPTS = 3
#: How long after a failure it is tried again: a service that is down is not back within the same minute.
PAUSE = dt.timedelta(minutes=10)
WORTH = dt.timedelta(hours=24)
TIMEOUT = 10


def allowed_hosts() -> list[str]:
    """Return the hosts robots may live at, as the settings list them."""
    return [line.strip().lower() for line in PortalSettings.load().robot_hosts.splitlines() if line.strip()]


def check_address(address: str) -> None:
    """See that an address may be a robot's.

    Raises:
        NotARobotAddress: it may not.
    """
    hosts = allowed_hosts()
    try:
        parts = urlsplit(address)
        is_plain = parts.port in (None, 443) and not parts.username and not parts.password
    except ValueError:
        raise NotARobotAddress(hosts="、".join(hosts)) from None
    is_clean = address.isascii() and address.isprintable() and " " not in address
    if not is_clean or parts.scheme != "https" or (parts.hostname or "") not in hosts or not is_plain:
        raise NotARobotAddress(hosts="、".join(hosts))


@transaction.atomic
def set_robot(
    by: Person, organisation: Organisation, *, name: str, kind: str, address: str, secret: str = ""
) -> ChatRobot:
    """Give a branch its robot, or another one; address and secret are in no log.

    Raises:
        NotYourRobots: ``by`` is no administrator, or does not see the organisation.
        NotARobotAddress: see :func:`check_address`.
    """
    _check_sets(by, organisation)
    check_address(address)
    facts = {"name": name, "kind": kind, "address": address, "secret": secret, "is_active": True}
    robot, _is_new = ChatRobot.objects.update_or_create(organisation=organisation, defaults=facts)
    host = urlsplit(address).hostname
    audit.record("portal.robot_set", robot, actor=by, organisation=organisation.name, host=host)
    return robot


@transaction.atomic
def stop_robot(robot: ChatRobot, *, by: Person) -> ChatRobot:
    """End a robot and forget its address and secret.

    Raises:
        NotYourRobots: ``by`` is no administrator, or does not see its organisation.
    """
    _check_sets(by, robot.organisation)
    robot.is_active, robot.address, robot.secret = False, "", ""
    robot.save(update_fields=["is_active", "address", "secret"])
    audit.record("portal.robot_stopped", robot, actor=by)
    return robot


def _check_sets(by: Person, organisation: Organisation) -> None:
    in_sight = organisations_in_sight(by).filter(pk=organisation.pk)
    if not by.is_active or not by.has_role(Role.ADMINISTRATOR) or not in_sight.exists():
        raise NotYourRobots


def signed(robot: ChatRobot, now_ms: int | None = None) -> str:
    """Return the address to post to, signed as DingTalk wants it where the robot has a secret."""
    if robot.kind != RobotKind.DINGTALK or not robot.secret:
        return robot.address
    stamp = now_ms or int(time.time() * 1000)
    mac = hmac.new(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256)
    sign = quote_plus(base64.b64encode(mac.digest()))
    mark = "&" if "?" in robot.address else "?"
    return f"{robot.address}{mark}timestamp={stamp}&sign={sign}"


def send_messages() -> int:
    """Send what waits, each robot within its twenty a minute; return how many were taken."""
    return sum(_send_of(robot) for robot in ChatRobot.objects.filter(is_active=True))


def _send_of(robot: ChatRobot) -> int:
    sent = 0
    for _turn in range(A_MINUTE):
        message = _take(robot)
        if message is None:
            break
        error = _post(robot, message.text)
        message.sent_at, message.error = (None, error) if error else (timezone.now(), "")
        message.save(update_fields=["sent_at", "error"])
        sent += not error
    return sent


@transaction.atomic
def _take(robot: ChatRobot) -> RobotMessage | None:
    """Take the next message in hand, if this minute has room; written down before it is sent, so never sent twice."""
    now = timezone.now()
    ChatRobot.objects.select_for_update().only("pk").get(pk=robot.pk)
    if RobotMessage.objects.filter(robot=robot, tried_at__gt=now - MINUTE).count() >= A_MINUTE:
        return None
    waiting = RobotMessage.objects.filter(robot=robot, sent_at=None, created_at__gt=now - WORTH)
    # One without an answer (the worker died, or the line) may have been taken: it is not sent a second time.
    waiting = waiting.exclude(attempts__gt=0, error="").filter(attempts__lt=ATTEMPTS)
    message = waiting.filter(Q(tried_at=None) | Q(tried_at__lte=now - PAUSE)).first()
    if message is None:
        return None
    message.attempts += 1
    message.tried_at, message.error = now, ""
    message.save(update_fields=["attempts", "tried_at", "error"])
    return message


def _post(robot: ChatRobot, text: str) -> str:
    """Post a text; return what went wrong, without the address."""
    try:
        check_address(robot.address)
        status, answer = _ask(signed(robot), {"msgtype": "text", "text": {"content": text}})
    except NotARobotAddress as refusal:
        return refusal.code
    except (OSError, ValueError, http.client.HTTPException) as error:
        return type(error).__name__
    if status != 200 or answer.get("errcode") != 0:
        return f"{status} {answer.get('errcode')}"
    return ""


def _ask(address: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    parts = urlsplit(address)
    host = parts.hostname or ""
    connection = _Pinned(host, public_address(host))
    try:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        body = json.dumps(content, ensure_ascii=False).encode()
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        said = json.loads(answer.read(10_000) or b"{}")
        return answer.status, said if isinstance(said, dict) else {}
    finally:
        connection.close()


def public_address(host: str) -> str:
    """Return the IP address of a host in the public network.

    Raises:
        ValueError: one of its addresses is private: then none is trusted.
    """
    found = [info[4][0] for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]
    if not found or not all(ipaddress.ip_address(address).is_global for address in found):
        raise ValueError("private address")
    return str(found[0])


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was looked at, under the name of the host."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, 443, timeout=TIMEOUT, context=ssl.create_default_context())
        self.address = address

    def connect(self) -> None:
        """Connect to the address and prove the host's certificate."""
        line = socket.create_connection((self.address, 443), TIMEOUT)
        self.sock = ssl.create_default_context().wrap_socket(line, server_hostname=self.host)
