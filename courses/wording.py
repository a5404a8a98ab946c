"""What plans write in one cell, taken apart: machines, covering content, hours; each change with what was written."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from portal.typed import name_key

_OPEN_END = re.compile(r"(?:等等?|[…．.·]{2,}|\u2026+)+(?:设备)?$")
_BETWEEN_MACHINES = re.compile(r"[、，,；;\n]+")
_BETWEEN_TOPICS = re.compile(r"[；;：:，,。\n\r]+")
_NUMBERED = re.compile(r"^(?:[(（]?\d{1,2}[)）.．、]|[①-⑳])\s*")
#: 天然气、电两用蒸饭柜 is one machine that burns one or the other.
_EITHER = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,6}、[\u4e00-\u9fffA-Za-z]{1,6}(?:两用|双用|二用|两种|混合)[^、，,；;\n]*"
)
_HOURS = re.compile(
    r"^(?P<number>\d{1,4}(?:[.．]\d{1,2})?)(?P<unit>小时|课时|学时|h|hrs?|hours?|分钟|min)?$", re.IGNORECASE
)
_TOTAL = re.compile(r"(?:合计|总计|共计|小计|总学时|total)(?:[(（].{0,12}[)）])?[:：]?[\d.]*(?:小时|h)?", re.IGNORECASE)
#: A lesson hour (学时) is 45 minutes.
LESSON = 45


@dataclass
class Read:
    """What one cell says.

    Args:
        items: the entries, put right.
        changes: (as written, as read) where they differ in words.
        is_open_ended: the list ends in 等 or ….
    """

    items: list[str] = field(default_factory=list)
    changes: list[tuple[str, str]] = field(default_factory=list)
    is_open_ended: bool = False


def is_total(cells: Collection[str]) -> bool:
    """Whether a row is the total below the table and no row of the plan."""
    return any(_TOTAL.fullmatch("".join(cell.split())) for cell in cells if cell)


def put_right(text: str, slips: Mapping[str, str], read: Read) -> str:
    """Return ``text`` with known slips put right, each noted in ``read``."""
    for wrong, right in slips.items():
        if wrong in text:
            fixed = text.replace(wrong, right)
            read.changes.append((text, fixed))
            text = fixed
    return text


def machines_of(text: str, slips: Mapping[str, str], known: Collection[str] = ()) -> Read:
    """Return the machines of a cell.

    Args:
        slips: known slips and what was meant.
        known: names that hold a 、 of their own and are one machine.
    """
    read = Read()
    plain = "".join(text.split(" ")).strip()
    if _OPEN_END.search(plain):
        read.is_open_ended = True
        plain = _OPEN_END.sub("", plain)
    whole: list[str] = []

    def keep(name: str) -> str:
        whole.append(name)
        return f"\x01{len(whole) - 1}\x02"

    for name in sorted(known, key=len, reverse=True):
        if "、" in name and name in plain:
            plain = plain.replace(name, keep(name))
    plain = _EITHER.sub(lambda found: keep(found[0]), plain)
    for part in _BETWEEN_MACHINES.split(plain):
        name = re.sub(r"\x01(\d+)\x02", lambda found: whole[int(found[1])], part).strip(" 。.")
        if not name:
            continue
        name = put_right(name, slips, read)
        if name_key(name) in {name_key(each) for each in read.items}:
            read.changes.append((_("%(name)s, twice") % {"name": name}, name))
            continue
        read.items.append(name)
    return read


def topics_of(text: str, slips: Mapping[str, str], known: Collection[str] = ()) -> Read:
    """Return the lines of the covering content; never parted at 、, which stands inside topics.

    Args:
        known: topics written elsewhere: two of them glued together are two.
    """
    read = Read()
    keys = {name_key(topic) for topic in known}
    for part in _BETWEEN_TOPICS.split(text):
        topic = _NUMBERED.sub("", "".join(part.split(" ")).strip()).strip()
        if not topic:
            continue
        topic = put_right(topic, slips, read)
        pieces = _parted(topic, keys)
        if len(pieces) > 1:
            read.changes.append((topic, "；".join(pieces)))
        for piece in pieces:
            if piece in read.items:
                read.changes.append((_("%(name)s, twice") % {"name": piece}, piece))
            else:
                read.items.append(piece)
    return read


def unglued(topic: str, known: Collection[str]) -> list[str]:
    """Return the two topics a text consists of where both are known, the whole text otherwise."""
    return _parted(topic, {name_key(each) for each in known})


def _parted(topic: str, keys: Collection[str]) -> list[str]:
    if name_key(topic) in keys:
        return [topic]
    for at in range(2, len(topic) - 1):
        if name_key(topic[:at]) in keys and name_key(topic[at:]) in keys:
            return [topic[:at], topic[at:]]
    return [topic]


def minutes_of(text: str) -> int | None:
    """Return the minutes of 8, 8小时, 1.5h, 45分钟, 2学时 (of 45 minutes); None for anything else or nothing."""
    found = _HOURS.match("".join(text.split()).replace("．", "."))
    if found is None:
        return None
    try:
        number = Decimal(found["number"])
    except InvalidOperation:
        return None
    unit = (found["unit"] or "").lower()
    each = 1 if unit in ("分钟", "min") else LESSON if unit in ("学时", "课时") else 60
    minutes = int(number * each)
    return minutes if 0 < minutes <= 200 * 60 else None
