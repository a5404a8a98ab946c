"""GIFT, the plain-text format of Moodle: https://docs.moodle.org/en/GIFT_format."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from certification.questions.importing.records import Finding, Parsed, Written
from certification.questions.kinds.base import Option
from certification.questions.kinds.lines import decimal_of

# An escape becomes one private character and a filler, so that places in the text stay what they are.
FILLER = "\ue0ff"
ESCAPES = {sign: chr(0xE0E0 + at) for at, sign in enumerate("~=#{}:\\n")}
MEANT = {hidden: "\n" if sign == "n" else sign for sign, hidden in ESCAPES.items()}
TRUE, FALSE = "正确", "错误"
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_ANSWER = re.compile(r"([=~])\s*(?:%(-?\d+(?:\.\d+)?)%)?([^=~]*)")
_JUDGE = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(#.*)?", re.IGNORECASE | re.DOTALL)


class Bad(Exception):
    """A question that cannot be read, at an offset of its block."""

    def __init__(self, text: str, at: int = 0) -> None:
        super().__init__(text)
        self.text, self.at = text, at


def escaped_answer(text: str) -> str:
    """Escape an answer; one that begins like the name of a format says first that it is plain."""
    return f"[plain]{escaped(text)}" if _FORMAT.match(text) else escaped(text)


def plain(text: str) -> str:
    """Return a text as it is meant: escapes resolved, outer spaces gone."""
    return "".join(MEANT.get(sign, sign) for sign in text.strip().replace(FILLER, "")).strip()


def escaped(text: str) -> str:
    """Return a text as GIFT writes it."""
    return re.sub(r"([~=#{}:\\])", r"\\\1", text.replace("\r\n", "\n")).replace("\n", "\\n")


def parse(text: str) -> Parsed:
    """Read a GIFT file; every question that cannot be read is a problem with line and column."""
    found = Parsed()
    for number, block in _blocks(text.replace("\r\n", "\n")):
        private = re.search("[\ue000-\uf8ff]", block)
        if private:
            text = _("a character of private use")
            found.problems.append(Finding(_place(number, block, private.start()), text))
            continue
        hidden = re.sub(r"\\([~=#{}:\\n])", lambda each: ESCAPES[each[1]] + FILLER, block)
        try:
            _Block(number, hidden, found).read()
        except Bad as error:
            found.problems.append(Finding(_place(number, block, error.at), error.text))
    return found


def _blocks(text: str) -> list[tuple[int, str]]:
    """Return what stands between blank lines, with its first line; comments are blanked, categories left out."""
    blocks: list[tuple[int, list[str]]] = []
    is_open = False
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("$CATEGORY:"):
            is_open = False
            continue
        shown = "" if line.lstrip().startswith("//") else line
        if not is_open and shown:
            blocks.append((number, []))
            is_open = True
        if is_open:
            blocks[-1][1].append(shown)
    return [(number, "\n".join(lines)) for number, lines in blocks]


def _place(first: int, block: str, at: int) -> str:
    before = block[:at]
    column = at - (before.rfind("\n") + 1) + 1
    return _("line %(line)d, column %(column)d") % {"line": first + before.count("\n"), "column": column}


class _Block:
    """One question of the file."""

    def __init__(self, number: int, text: str, found: Parsed) -> None:
        self.number, self.text, self.found = number, text, found

    def note(self, words: str, at: int = 0) -> None:
        """Say what is not carried."""
        self.found.notes.append(Finding(_place(self.number, self.text, at), words))

    def read(self) -> None:
        """Add the question to what was found."""
        title = _TITLE.match(self.text)
        begin = title.end() if title else 0
        opening = self.text.find("{", begin)
        if opening < 0:
            wide = self.text.find("｛", begin)
            if wide >= 0:
                raise Bad(_("a full-width bracket: write { and } around the answers"), wide)
            if "}" in self.text:
                raise Bad(_("} without {"), self.text.index("}"))
            self.note(_("a text without a question is left out"))
            return
        closing = self.text.find("}", opening)
        if closing < 0:
            raise Bad(_("the answers begin here and have no }"), opening)
        rest = self.text[closing + 1 :]
        second = re.search(r"[{}]", rest)
        if second:
            raise Bad(
                _("a second bracket; write \\{ or \\} where it belongs to the text"), closing + 1 + second.start()
            )
        stem = self.text[begin:opening]
        form = _FORMAT.match(stem)
        if form:
            stem = stem[form.end() :]
            if form[1].lower() != "plain":
                self.note(_("the format [%(format)s] is read as plain text") % {"format": form[1]}, begin)
        words = plain(stem) if not plain(rest) else f"{plain(stem)} _____ {plain(rest)}".strip()
        if not words:
            raise Bad(_("there is no question text"), begin)
        question = Written(_place(self.number, self.text, 0), "", words, ref=plain(title[1]) if title else "")
        self.answers(question, self.text[opening + 1 : closing], opening + 1)
        self.found.questions.append(question)

    def answers(self, question: Written, body: str, at: int) -> None:
        """Recognise the kind by what stands between the brackets."""
        body, mark, general = body.partition("####")
        if mark:
            question.fields["explanation"] = plain(general)
        judge = _JUDGE.fullmatch(body)
        if not body.strip():
            question.kind = "written"
            question.parameters = {"guide": question.fields.pop("explanation", "")}
        elif judge:
            right = judge[1][0].upper() == "T"
            question.kind, question.options = "judge", [Option(TRUE, right), Option(FALSE, not right)]
            if judge[2]:
                self.note(_("comments on single answers are not kept"), at)
        elif body.lstrip().startswith("#"):
            self.number_of(question, body.replace("#", " ", 1), at)
        else:
            self.listed(question, body, at)

    def rows(self, body: str, at: int) -> list[tuple[str, str | None, str, int]]:
        """Return sign, percent, words and offset of each answer."""
        first = re.search(r"[=~]", body)
        if first is None or body[: first.start()].strip():
            raise Bad(_("an answer begins with = or ~"), at)
        found = []
        for each in _ANSWER.finditer(body):
            words, mark, _comment = each[3].partition("#")
            if mark:
                self.note(_("comments on single answers are not kept"), at + each.start())
            form = _FORMAT.match(words)
            if form:
                words = words[form.end() :]
                if form[1].lower() != "plain":
                    self.note(
                        _("the format [%(format)s] is read as plain text") % {"format": form[1]}, at + each.start()
                    )
            if not plain(words):
                raise Bad(_("an empty answer"), at + each.start())
            found.append((each[1], each[2], words, at + each.start()))
        return found

    def number_of(self, question: Written, body: str, at: int) -> None:
        """Read numbers with tolerance, or ranges."""
        rows = self.rows(body if "=" in body else "=" + body, at)
        values = []
        for _sign, percent, words, place in rows:
            try:
                values.append({**_range(plain(words)), "credit": percent or "100"})
            except InvalidOperation:
                raise Bad(_("“%(text)s” is no number") % {"text": plain(words)[:40]}, place) from None
        question.kind, question.parameters = "numeric", {"values": values}

    def listed(self, question: Written, body: str, at: int) -> None:
        """Read answers to choose, to match or to type."""
        rows = self.rows(body, at)
        arrows = ["->" in words for _sign, _percent, words, _at in rows]
        # An arrow in an answer to choose is text: pairs have no ~.
        if any(arrows) and all(sign == "=" for sign, *_rest in rows):
            if not all(arrows):
                raise Bad(_("every answer of a matching question is written =… -> …"), at)
            halves = [words.partition("->") for _sign, _percent, words, _at in rows]
            pairs = [[plain(left), plain(right)] for left, _arrow, right in halves]
            matched = dict.fromkeys(right for left, right in pairs if left)
            extra = [right for left, right in pairs if not left and right not in matched]
            question.kind, question.parameters = "match", {"pairs": [pair for pair in pairs if pair[0]]}
            question.options = [Option(text, True) for text in matched] + [Option(text, False) for text in extra]
        elif all(sign == "=" for sign, *_rest in rows):
            question.kind = "fill"
            variants = [{"text": plain(words), "credit": percent or "100"} for _s, percent, words, _at in rows]
            question.parameters = {"blanks": [variants]}
        else:
            self.choices(question, rows)

    def choices(self, question: Written, rows: list[tuple[str, str | None, str, int]]) -> None:
        """Read one right answer, or several by their weights."""
        marked = [row for row in rows if row[0] == "="]
        weights = [Decimal(percent or 0) for _sign, percent, _words, _at in rows]
        if marked:
            rights = [sign == "=" for sign, *_rest in rows]
            lost = any(weights)
        else:
            rights = [weight > 0 for weight in weights]
            lost = len({weight for weight in weights if weight > 0}) > 1 or any(weight < 0 for weight in weights)
        if lost:
            self.note(_("weights are not kept: all right answers and nothing else count"), rows[0][3])
        question.kind = "single" if sum(rights) == 1 else "multi"
        question.options = [Option(plain(row[2]), right) for row, right in zip(rows, rights, strict=True)]


def _range(words: str) -> dict[str, str]:
    """Return value and tolerance of ``3:0.5`` or ``1..5``."""
    if ".." in words:
        low, high = (decimal_of(part) for part in words.split("..", 1))
        return {"value": f"{(low + high) / 2:f}", "tolerance": f"{(high - low) / 2:f}"}
    value, _sign, tolerance = words.replace(MEANT[ESCAPES[":"]], ":").partition(":")
    return {"value": f"{decimal_of(value):f}", "tolerance": f"{decimal_of(tolerance or '0'):f}"}
