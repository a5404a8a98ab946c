"""A second judge of calendars beside libical: content lines (RFC 5545) read from the bytes, iTIP rules (RFC 5546).

It shares no code with the library that writes the calendars.
"""

import re
from dataclasses import dataclass, field

NAME = re.compile(r"[A-Za-z0-9-]+")
PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)')

# RFC 5546, 3.2: what an event of a method must carry, and what it must not.
MUST = {
    "PUBLISH": {"DTSTAMP", "DTSTART", "ORGANIZER", "SUMMARY", "UID"},
    "REQUEST": {"ATTENDEE", "DTSTAMP", "DTSTART", "ORGANIZER", "SEQUENCE", "SUMMARY", "UID"},
    "CANCEL": {"ATTENDEE", "DTSTAMP", "ORGANIZER", "SEQUENCE", "UID"},
}
MUST_NOT = {"PUBLISH": {"ATTENDEE", "REQUEST-STATUS"}, "REQUEST": {"REQUEST-STATUS"}, "CANCEL": {"REQUEST-STATUS"}}
STATUS = {
    "PUBLISH": {"TENTATIVE", "CONFIRMED", "CANCELLED"},
    "REQUEST": {"TENTATIVE", "CONFIRMED"},
    "CANCEL": {"CANCELLED"},
}
ONCE = {"DTSTAMP", "DTSTART", "DTEND", "UID", "SEQUENCE", "ORGANIZER", "SUMMARY", "STATUS", "LOCATION", "URL"}


@dataclass
class Property:
    """One content line."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    components: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Return the properties of that name."""
        return [line for line in self.properties if line.name == name]

    def value(self, name: str) -> str | None:
        """Return the value of the only property of that name; None where there is none."""
        found = self.all(name)
        assert len(found) <= 1, f"{name} stands {len(found)} times"
        return found[0].value if found else None


def content_lines(content: bytes) -> list[str]:
    """Return the unfolded lines; each physical line ends in CRLF and has 75 octets of whole characters at most."""
    physical = content.split(b"\r\n")
    assert physical.pop() == b"", "the last line has no end"
    for line in physical:
        assert b"\n" not in line, f"bare line feed in {line!r}"
        assert b"\r" not in line, f"bare carriage return in {line!r}"
        assert len(line) <= 75, f"{len(line)} octets: {line!r}"
        line.decode()
    return content.decode().replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")[:-1]


def read_line(line: str) -> Property:
    """Return a content line as name, parameters and value."""
    name = NAME.match(line)
    assert name, f"no name in {line!r}"
    place, parameters = name.end(), {}
    while found := PARAMETER.match(line, place):
        parameters[found[1].upper()] = found[2].strip('"')
        place = found.end()
    assert line[place : place + 1] == ":", f"no value in {line!r}"
    return Property(name[0].upper(), parameters, line[place + 1 :])


def read(content: bytes) -> Component:
    """Return the calendar."""
    root = Component("")
    stack = [root]
    for line in map(read_line, content_lines(content)):
        if line.name == "BEGIN":
            stack.append(Component(line.value))
        elif line.name == "END":
            done = stack.pop()
            assert done.name == line.value, f"{line.value} ends inside {done.name}"
            stack[-1].components.append(done)
        else:
            stack[-1].properties.append(line)
    (calendar,) = root.components
    assert calendar.name == "VCALENDAR"
    return calendar


def events_of(calendar: Component) -> list[Component]:
    """Return the events."""
    return [component for component in calendar.components if component.name == "VEVENT"]


def complaints(content: bytes) -> list[str]:
    """Return what RFC 5546 does not allow in this calendar; nothing is right."""
    calendar = read(content)
    method = calendar.value("METHOD")
    if method not in MUST:
        return [f"unknown method {method}"]
    return [complaint for event in events_of(calendar) for complaint in _of_event(event, method)]


def _of_event(event: Component, method: str) -> list[str]:
    names = {line.name for line in event.properties}
    found = [f"{method} without {name}" for name in sorted(MUST[method] - names)]
    found += [f"{method} with {name}" for name in sorted(MUST_NOT[method] & names)]
    found += [f"{name} more than once" for name in sorted(ONCE) if len(event.all(name)) > 1]
    status = event.value("STATUS")
    if status is not None and status not in STATUS[method]:
        found.append(f"{method} with STATUS:{status}")
    for name in ("ORGANIZER", "ATTENDEE"):
        for line in event.all(name):
            if not re.fullmatch(r"mailto:[^\s@]+@[^\s@]+", line.value):
                found.append(f"{name} is no address: {line.value}")
            if not line.parameters.get("CN"):
                found.append(f"{name} without CN")
    if not re.fullmatch(r"[0-9]+", event.value("SEQUENCE") or "0"):
        found.append("SEQUENCE is no number")
    if not re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", event.value("DTSTAMP") or ""):
        found.append("DTSTAMP is not in UTC")
    return found
