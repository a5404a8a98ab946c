"""A plan's table that was copied out of a PDF or a page as one running paragraph: its rows found again."""

import re
from collections import Counter

from portal.exchange.imports.grid import Line, Sheet

TITLES = ("设备名称", "培训内容", "培训人员", "地点、受训人员", "培训时间(h)")
_HEADER = re.compile(
    r"设备名称\s*培训内容\s*培训人员\s*地点\s*[、,，]?\s*[授受]训人员\s*培训时间\s*(?:[(（]\s*h\s*[)）])?",
    re.IGNORECASE,
)
_END = re.compile(r"[一二三四五六七八九十]+、\s*培训进度表")
_NUMERALS = "一二三四五六七八九十"
#: Who names place and trainees, and the hours, as one run; the last characters of both may have slipped to the end.
_TAIL = re.compile(r"(?P<place>(?:甲方|客户|业主|买方|用户)指(?P<fixed>定)?)(?P<hours>\d{1,3}(?:\.\d)?)小(?P<hour>时)?")
_CONTENT = re.compile(r"(?:产品|设备|本机|机器)的")
_SLIPPED = re.compile(r"定?时?$")


def numeral(number: int) -> str:
    """Return a number up to 99 as a section is numbered: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def arrange(text: str) -> list[Sheet]:
    """Return the table of a flattened paragraph; nothing where the text is none."""
    found = _HEADER.search(text)
    if found is None or "\t" in text:
        return []
    body = re.sub(r"\s+", "", text[found.end() :])
    end = _END.search(body)
    segments = _segments(body[: end.start()] if end else body)
    if not segments:
        return []
    names = _names(segments)
    lines = [Line(1, list(TITLES))]
    for number, segment in enumerate(segments, start=2):
        lines.append(Line(number, _cells(segment, names)))
    return [Sheet("", lines)]


def _segments(body: str) -> list[str]:
    """Part the text where the sections are numbered, each number once and in turn."""
    marks, at = [], 0
    for number in range(1, 100):
        mark = f"{numeral(number)}、"
        place = body.find(mark, at)
        if place < 0:
            break
        marks.append((place, place + len(mark)))
        at = place + len(mark)
    ends = [start for start, _end in marks[1:]] + [len(body)]
    return [body[begin:end] for (_start, begin), end in zip(marks, ends, strict=True)]


def _names(segments: list[str]) -> list[str]:
    """Return the names written before the places, the usual ones first: they end where the place begins."""
    heads = [segment[: found.start()] for segment in segments if (found := _TAIL.search(segment))]
    counted = Counter(head[-length:] for head in heads for length in (3, 2) if len(head) > length)
    again = [name for name, count in counted.most_common() if count > 1 and len(name) == 3]
    return again or [name for name, _count in counted.most_common() if len(name) == 3]


def _cells(segment: str, names: list[str]) -> list[str]:
    found = _TAIL.search(segment)
    head, trainer, place, hours = segment, "", "", ""
    if found is not None:
        before, after = segment[: found.start()], segment[found.end() :]
        trainer = next((name for name in names if before.endswith(name)), before[-3:])
        if not (found["fixed"] and found["hour"]):
            # 甲方指|定 and 8小|时 were broken over two lines; their ends stand fused behind the last words.
            after = _SLIPPED.sub("", after)
        head = before.removesuffix(trainer) + ("；" if after and not before.endswith(("；", ";")) else "") + after
        place, hours = f"{found['place'].removesuffix('定')}定", f"{found['hours']}小时"
    machines, contents = _parted(head)
    return [machines, contents, trainer, place, hours]


def _parted(head: str) -> tuple[str, str]:
    """Part machines from content: it begins with 产品的, 设备的 or the name of one of the machines."""
    found = _CONTENT.search(head)
    begins = [found.start()] if found else []
    for name in re.split(r"[、,，：:]", head[:80]):
        again = head.find(f"{name}的", len(name)) if 2 <= len(name) <= 12 else -1
        if again > 0:
            begins.append(again)
    if not begins:
        return head, ""
    return head[: min(begins)], head[min(begins) :]
