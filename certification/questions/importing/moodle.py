"""Moodle XML: read without a document type, so without entities; every problem has its line and column."""

import html
import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from certification.questions.importing.gift import FALSE, TRUE
from certification.questions.importing.records import Finding, Parsed, Written
from certification.questions.kinds.base import Option
from certification.questions.kinds.lines import decimal_of
from certification.questions.kinds.matching import draft_of

DEEPEST = 40
_REF = re.compile(r"[A-Za-z0-9_-]{1,30}")
_BREAK = re.compile(r"(?i)<br\s*/?>|</(p|div|li|tr)>")
_TAG = re.compile(r"<[^<>]*>")
# Moodle's word for what it does not call a question.
SILENT = frozenset({"category", "description"})


@dataclass
class Node:
    """An element with where it begins."""

    name: str
    attributes: dict[str, str]
    line: int
    column: int
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Line and column, for people."""
        return _("line %(line)d, column %(column)d") % {"line": self.line, "column": self.column}

    def all(self, name: str) -> list["Node"]:
        """Return the children of a name."""
        return [child for child in self.children if child.name == name]

    def words(self, name: str) -> str:
        """Return the text in the first child of a name, without its markup; empty without one."""
        found = self.all(name)
        return _plain(found[0]) if found else ""


class _Refused(Exception):
    """What the parser stops at."""


def _plain(node: Node) -> str:
    inner = node.all("text")
    raw = inner[0].text if inner else node.text
    if node.attributes.get("format") != "plain_text":
        raw = html.unescape(_TAG.sub("", _BREAK.sub("\n", raw)))
    return "\n".join(" ".join(line.split()) for line in raw.splitlines() if line.strip())


def parse(text: str) -> Parsed:
    """Read the questions of a file; one problem refuses all of it."""
    found = Parsed()
    try:
        root = tree_of(text)
    except expat.ExpatError as error:
        place = _("line %(line)d, column %(column)d") % {"line": error.lineno, "column": error.offset + 1}
        found.problems.append(Finding(place, _("this is no well-formed XML")))
        return found
    except _Refused as error:
        found.problems.append(Finding(*error.args))
        return found
    if root.name != "quiz":
        found.problems.append(Finding(root.place, _("this is no Moodle XML: it does not begin with <quiz>")))
        return found
    for node in root.all("question"):
        _read(node, found)
    return found


def tree_of(text: str) -> Node:
    """Return the document as nodes.

    Raises:
        ExpatError: not well-formed.
    """
    parser = expat.ParserCreate("utf-8")
    stack: list[Node] = [Node("", {}, 1, 1)]

    def refuse(*_args: Any) -> None:
        place = _("line %(line)d, column %(column)d") % {
            "line": parser.CurrentLineNumber,
            "column": parser.CurrentColumnNumber + 1,
        }
        raise _Refused(place, _("document types and entities are refused; leave them out"))

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > DEEPEST:
            refuse()
        node = Node(name, attributes, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        stack[-1].children.append(node)
        stack.append(node)

    def data(piece: str) -> None:
        stack[-1].text += piece

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: stack.pop()
    parser.CharacterDataHandler = data
    parser.buffer_text = True
    parser.Parse(text.encode(), True)
    return stack[0].children[0]


def _read(node: Node, found: Parsed) -> None:
    kind = node.attributes.get("type", "")
    if kind in SILENT:
        if kind == "category":
            path = node.words("category").removeprefix("$course$/").removeprefix("top/")
            note = _("the category “%(path)s” is not carried over: the bank is chosen here") % {"path": path[:80]}
            found.notes.append(Finding(node.place, note))
        return
    reader = READERS.get(kind)
    if reader is None:
        problem = _("questions of the kind “%(kind)s” are not known here") % {"kind": kind[:40]}
        found.problems.append(Finding(node.place, problem))
        return
    question = Written(node.place, "", node.words("questiontext"), ref=_ref(node))
    if not question.stem:
        found.problems.append(Finding(node.place, _("there is no question text")))
        return
    if explanation := node.words("generalfeedback"):
        question.fields["explanation"] = explanation
    if node.all("questiontext")[0].all("file"):
        found.notes.append(Finding(node.place, _("files in the question text are not carried over")))
    try:
        reader(node, question, found)
    except ArithmeticError:
        found.problems.append(Finding(node.place, _("a number or a share of the credit cannot be read")))
        return
    found.questions.append(question)


def _ref(node: Node) -> str:
    names = (node.words("idnumber"), node.words("name"))
    return next((name for name in names if _REF.fullmatch(name)), "")


def _fraction(answer: Node) -> Any:
    return decimal_of(answer.attributes.get("fraction", "0"))


def _multichoice(node: Node, question: Written, found: Parsed) -> None:
    rows = [(_plain(answer), _fraction(answer)) for answer in node.all("answer")]
    is_single = node.words("single") in ("true", "1", "")
    question.kind = "single" if is_single else "multi"
    question.options = [Option(text, share == 100 if is_single else share > 0) for text, share in rows]
    if is_single and any(0 < share < 100 for _text, share in rows):
        found.notes.append(Finding(node.place, _("part of the credit for other answers is not carried over")))


def _truefalse(node: Node, question: Written, found: Parsed) -> None:
    right = {_plain(answer).lower(): _fraction(answer) > 0 for answer in node.all("answer")}
    question.kind = "judge"
    question.options = [Option(TRUE, right.get("true", False)), Option(FALSE, right.get("false", False))]


def _shortanswer(node: Node, question: Written, found: Parsed) -> None:
    question.kind = "fill"
    rows = [(_plain(answer), _fraction(answer)) for answer in node.all("answer")]
    question.parameters = {"blanks": [[{"text": text, "credit": f"{share:f}"} for text, share in rows if share > 0]]}
    if node.words("usecase") == "1":
        question.parameters["case_matters"] = True
    if any("*" in text for text, _share in rows):
        found.notes.append(Finding(node.place, _("* stands for itself here, not for any text")))


def _numerical(node: Node, question: Written, found: Parsed) -> None:
    question.kind = "numeric"
    question.parameters = {
        "values": [
            {
                "value": f"{decimal_of(_plain(answer)):f}",
                "tolerance": f"{decimal_of(answer.words('tolerance') or '0'):f}",
                "credit": f"{_fraction(answer):f}",
            }
            for answer in node.all("answer")
            if _fraction(answer) > 0 and _plain(answer) != "*"
        ]
    }
    units = [
        (each.words("unit_name"), each.words("multiplier")) for part in node.all("units") for each in part.children
    ]
    if units:
        question.parameters["unit"] = units[0][0]
        # Moodle multiplies what is expected, we multiply what was typed.
        factors = {name: f"{1 / decimal_of(times):f}" for name, times in units[1:] if decimal_of(times)}
        if factors:
            question.parameters["units"] = factors


def _matching(node: Node, question: Written, found: Parsed) -> None:
    question.kind = "match"
    rows = [(_plain(each), each.words("answer")) for each in node.all("subquestion")]
    draft = draft_of([row for row in rows if row[0]], [right for left, right in rows if not left])
    question.options, question.parameters = list(draft.options), dict(draft.parameters)


def _ordering(node: Node, question: Written, found: Parsed) -> None:
    question.kind = "order"
    rows = sorted(node.all("answer"), key=_fraction)
    question.options = [Option(_plain(answer), True, False) for answer in rows]


def _essay(node: Node, question: Written, found: Parsed) -> None:
    question.kind = "written"
    question.parameters = {"guide": node.words("graderinfo") or node.words("generalfeedback")}


READERS = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
}
