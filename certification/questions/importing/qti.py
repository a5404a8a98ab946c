"""Write a bank as a package of QTI 2.1: an item a question and the manifest that lists them."""

import io
import zipfile
from collections.abc import Callable, Iterable
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from certification.kinds import question_kinds
from certification.models import QuestionVersion
from certification.questions.importing.losses import losses
from certification.questions.importing.records import Finding
from certification.questions.kinds.lines import decimal_of, share_of

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
MAP = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"
# Of files in a package: the same bank is the same file.
MOMENT = (2020, 1, 1, 0, 0, 0)


def package(title: str, versions: Iterable[QuestionVersion]) -> tuple[bytes, list[Finding]]:
    """Return the zip and what is not in it, by reference.

    Args:
        versions: current ones, with question and choices prefetched.
    """
    items: list[tuple[str, bytes]] = []
    notes: list[Finding] = []
    for version in versions:
        item = _item(version)
        notes += [Finding(version.question.ref, text) for text in _lost(version, item is not None)]
        if item is not None:
            items.append((f"item-{version.question.ref}", _bytes(item)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("imsmanifest.xml", MOMENT), _bytes(_manifest(title, [name for name, _ in items])))
        for name, content in items:
            file.writestr(zipfile.ZipInfo(f"items/{name}.xml", MOMENT), content)
    return out.getvalue(), notes


def _bytes(root: ET.Element) -> bytes:
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _manifest(title: str, names: list[str]) -> ET.Element:
    root = ET.Element("manifest", {"xmlns": CP, "identifier": "MANIFEST-1"})
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "QTIv2.1 Package"
    ET.SubElement(metadata, "schemaversion").text = "1.0.0"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    for name in names:
        path = f"items/{name}.xml"
        facts = {"identifier": name, "type": "imsqti_item_xmlv2p1", "href": path}
        ET.SubElement(ET.SubElement(resources, "resource", facts), "file", {"href": path})
    root.insert(0, ET.Comment(f" {title.replace('-', ' ')} "))
    return root


def _item(version: QuestionVersion) -> ET.Element | None:
    """Return a question as an assessmentItem; None for kinds without a writer."""
    writer = WRITERS.get(version.kind)
    if writer is None:
        return None
    facts = {"identifier": f"item-{version.question.ref}", "title": version.stem[:80] or version.question.ref}
    root = ET.Element("assessmentItem", {"xmlns": QTI, **facts, "adaptive": "false", "timeDependent": "false"})
    body = ET.Element("itemBody")
    processing = writer(version, root, body)
    ET.SubElement(root, "outcomeDeclaration", _declared("SCORE", "single", "float"))
    if version.explanation:
        # Shown whatever the answer: no rule sets it, so it is what the feedback asks for from the start.
        always = ET.SubElement(root, "outcomeDeclaration", _declared("FEEDBACK", "single", "identifier"))
        ET.SubElement(ET.SubElement(always, "defaultValue"), "value").text = "explanation"
    root.append(body)
    if processing is not None:
        root.append(processing)
    if version.explanation:
        shown = {"outcomeIdentifier": "FEEDBACK", "identifier": "explanation", "showHide": "show"}
        ET.SubElement(root, "modalFeedback", shown).text = version.explanation
    return root


def _by(template: str) -> ET.Element:
    return ET.Element("responseProcessing", {"template": template})


def _declared(name: str, cardinality: str, base: str) -> dict[str, str]:
    return {"identifier": name, "cardinality": cardinality, "baseType": base}


def _response(root: ET.Element, cardinality: str, base: str, right: list[str], name: str = "RESPONSE") -> ET.Element:
    declared = ET.SubElement(root, "responseDeclaration", _declared(name, cardinality, base))
    correct = ET.SubElement(declared, "correctResponse")
    for value in right:
        ET.SubElement(correct, "value").text = value
    return declared


def _choices(version: QuestionVersion, root: ET.Element, body: ET.Element) -> ET.Element | None:
    choices = list(version.choices.all())
    several = question_kinds.get(version.kind).takes_several
    right = [f"c{at}" for at, choice in enumerate(choices) if choice.is_correct]
    _response(root, "multiple" if several else "single", "identifier", right)
    facts = {"responseIdentifier": "RESPONSE", "shuffle": "true", "maxChoices": "0" if several else "1"}
    asked = ET.SubElement(body, "choiceInteraction", facts)
    ET.SubElement(asked, "prompt").text = version.stem
    for at, choice in enumerate(choices):
        place = {"fixed": "true"} if choice.keeps_place else {}
        ET.SubElement(asked, "simpleChoice", {"identifier": f"c{at}", **place}).text = choice.text
    return _by(MATCH)


def _order(version: QuestionVersion, root: ET.Element, body: ET.Element) -> ET.Element | None:
    choices = list(version.choices.all())
    _response(root, "ordered", "identifier", [f"c{at}" for at in range(len(choices))])
    asked = ET.SubElement(body, "orderInteraction", {"responseIdentifier": "RESPONSE", "shuffle": "true"})
    ET.SubElement(asked, "prompt").text = version.stem
    for at, choice in enumerate(choices):
        ET.SubElement(asked, "simpleChoice", {"identifier": f"c{at}"}).text = choice.text
    return _by(MATCH)


def _match(version: QuestionVersion, root: ET.Element, body: ET.Element) -> ET.Element | None:
    pairs, answers = version.parameters["pairs"], [choice.text for choice in version.choices.all()]
    right = [f"p{at} a{answers.index(answer)}" for at, (_prompt, answer) in enumerate(pairs)]
    _response(root, "multiple", "directedPair", right)
    facts = {"responseIdentifier": "RESPONSE", "shuffle": "true", "maxAssociations": str(len(pairs))}
    asked = ET.SubElement(body, "matchInteraction", facts)
    ET.SubElement(asked, "prompt").text = version.stem
    for letter, texts, most in (("p", [prompt for prompt, _answer in pairs], 1), ("a", answers, len(pairs))):
        together = ET.SubElement(asked, "simpleMatchSet")
        for at, text in enumerate(texts):
            place = {"identifier": f"{letter}{at}", "matchMax": str(most)}
            ET.SubElement(together, "simpleAssociableChoice", place).text = text
    return _by(MATCH)


def _fill(version: QuestionVersion, root: ET.Element, body: ET.Element) -> ET.Element | None:
    ET.SubElement(body, "p").text = version.stem
    blanks, case = version.parameters["blanks"], version.parameters.get("case_matters", False)
    for at, blank in enumerate(blanks, start=1):
        name = "RESPONSE" if len(blanks) == 1 else f"RESPONSE{at}"
        best = next(row["text"] for row in blank if share_of(row["credit"]) == 1)
        declared = _response(root, "single", "string", [best], name)
        mapping = ET.SubElement(declared, "mapping", {"defaultValue": "0"})
        for row in blank:
            credit = str(float(share_of(row["credit"])))
            facts = {"mapKey": row["text"], "mappedValue": credit, "caseSensitive": "true" if case else "false"}
            ET.SubElement(mapping, "mapEntry", facts)
        line = ET.SubElement(body, "p")
        ET.SubElement(line, "textEntryInteraction", {"responseIdentifier": name})
    return _by(MAP) if len(blanks) == 1 else _sum_of_blanks(len(blanks))


def _sum_of_blanks(number: int) -> ET.Element:
    """Every blank earns the same share."""
    processing = ET.Element("responseProcessing")
    share = ET.SubElement(ET.SubElement(processing, "setOutcomeValue", {"identifier": "SCORE"}), "divide")
    total = ET.SubElement(share, "sum")
    for at in range(1, number + 1):
        ET.SubElement(total, "mapResponse", {"identifier": f"RESPONSE{at}"})
    ET.SubElement(share, "baseValue", {"baseType": "float"}).text = str(number)
    return processing


def _numeric(version: QuestionVersion, root: ET.Element, body: ET.Element) -> ET.Element | None:
    best = next(row for row in version.parameters["values"] if share_of(row["credit"]) == 1)
    _response(root, "single", "float", [best["value"]])
    line = ET.SubElement(body, "p")
    line.text = version.stem
    ET.SubElement(line, "textEntryInteraction", {"responseIdentifier": "RESPONSE"})
    return _compared(version.parameters["values"])


def _compared(rows: list[dict[str, str]]) -> ET.Element:
    """The first value whose tolerance holds the answer gives its credit."""
    processing = ET.Element("responseProcessing")
    condition = ET.SubElement(processing, "responseCondition")
    for at, row in enumerate(rows):
        branch = ET.SubElement(condition, "responseIf" if at == 0 else "responseElseIf")
        tolerance = f"{decimal_of(row['tolerance']):f}"
        facts = {"toleranceMode": "absolute", "tolerance": f"{tolerance} {tolerance}"}
        equal = ET.SubElement(branch, "equal", facts)
        ET.SubElement(equal, "variable", {"identifier": "RESPONSE"})
        ET.SubElement(equal, "baseValue", {"baseType": "float"}).text = row["value"]
        scored = ET.SubElement(branch, "setOutcomeValue", {"identifier": "SCORE"})
        ET.SubElement(scored, "baseValue", {"baseType": "float"}).text = str(float(share_of(row["credit"])))
    return processing


def _written(version: QuestionVersion, root: ET.Element, body: ET.Element) -> ET.Element | None:
    ET.SubElement(root, "responseDeclaration", _declared("RESPONSE", "single", "string"))
    asked = ET.SubElement(body, "extendedTextInteraction", {"responseIdentifier": "RESPONSE"})
    ET.SubElement(asked, "prompt").text = version.stem
    guide = ET.SubElement(body, "rubricBlock", {"view": "scorer"})
    ET.SubElement(guide, "p").text = version.parameters["guide"]
    return None


def _lost(version: QuestionVersion, is_written: bool) -> list[str]:
    if not is_written:
        kind = version.get_kind_display()
        if question_kinds.get(version.kind).needs_picture:
            text = _("a question into a picture (%(kind)s) is not in the file, since pictures are not")
        else:
            text = _("the package has nothing for this question (%(kind)s); it is not in the file")
        return [text % {"kind": kind}]
    return losses(version, CARRIED)


# Of what a question may have beside its words, see ``losses``.
CARRIED = frozenset({"explanation", "case", "parts", "places"})
# What the package has for a kind of question; of any other it says that it is not in the file. A writer fills the item
# and its body, and returns how answers are judged.
WRITERS: dict[str, Callable[[QuestionVersion, ET.Element, ET.Element], ET.Element | None]] = {
    "single": _choices,
    "multi": _choices,
    "judge": _choices,
    "order": _order,
    "match": _match,
    "fill": _fill,
    "numeric": _numeric,
    "written": _written,
}
