"""What QTI 2.1 demands of the items and the manifest we write, held against a file.

The schemas of 1EdTech are not passed on with this project, so the rules stand here, as the information model (IMS QTI
v2.1, Assessment, Section and Item Information Model) and the content packaging specification v1.1 give them: the
elements in their order, how often each may stand, attributes, types of identifiers and numbers, and what has to fit
together across elements. This is not a validation against the schema itself.
"""

import re
from collections.abc import Iterator

from lxml import etree

from certification.questions.importing.qti import CP, MAP, MATCH, QTI

NAME = re.compile(r"[^\W\d][\w.\-]*")  # NCName
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
BOOLEAN, COUNT = re.compile(r"true|false"), re.compile(r"\d+")
CARDINALITY = re.compile("single|multiple|ordered|record")
BASE = re.compile("identifier|boolean|integer|float|string|point|pair|directedPair|duration|file|uri")
TEXT = re.compile(r"[\s\S]+")
INTERACTIONS = ("choiceInteraction", "orderInteraction", "matchInteraction", "extendedTextInteraction")
# Attributes: those that must be there, then those that may.
ATTRIBUTES = {
    "assessmentItem": ({"identifier": TEXT, "title": TEXT, "adaptive": BOOLEAN, "timeDependent": BOOLEAN}, {}),
    "responseDeclaration": ({"identifier": NAME, "cardinality": CARDINALITY}, {"baseType": BASE}),
    "outcomeDeclaration": ({"identifier": NAME, "cardinality": CARDINALITY}, {"baseType": BASE}),
    "mapping": ({}, {"defaultValue": NUMBER, "lowerBound": NUMBER, "upperBound": NUMBER}),
    "mapEntry": ({"mapKey": TEXT, "mappedValue": NUMBER}, {"caseSensitive": BOOLEAN}),
    "choiceInteraction": ({"responseIdentifier": NAME, "shuffle": BOOLEAN, "maxChoices": COUNT}, {"minChoices": COUNT}),
    "orderInteraction": ({"responseIdentifier": NAME, "shuffle": BOOLEAN}, {}),
    "matchInteraction": ({"responseIdentifier": NAME, "shuffle": BOOLEAN, "maxAssociations": COUNT}, {}),
    "extendedTextInteraction": ({"responseIdentifier": NAME}, {}),
    "textEntryInteraction": ({"responseIdentifier": NAME}, {}),
    "simpleChoice": ({"identifier": NAME}, {"fixed": BOOLEAN}),
    "simpleAssociableChoice": ({"identifier": NAME, "matchMax": COUNT}, {}),
    "rubricBlock": ({"view": re.compile("author|candidate|proctor|scorer|testConstructor|tutor")}, {}),
    "responseProcessing": ({}, {"template": TEXT}),
    "setOutcomeValue": ({"identifier": NAME}, {}),
    "variable": ({"identifier": NAME}, {}),
    "mapResponse": ({"identifier": NAME}, {}),
    "baseValue": ({"baseType": BASE}, {}),
    "equal": ({"toleranceMode": re.compile("exact|absolute|relative")}, {"tolerance": TEXT}),
    "modalFeedback": (
        {"outcomeIdentifier": NAME, "identifier": NAME, "showHide": re.compile("show|hide")},
        {"title": TEXT},
    ),
}
EXPRESSION = "(divide|sum|mapResponse|variable|baseValue|equal) "
RULE = "(setOutcomeValue|responseCondition) "
# Children as a pattern over their names, each followed by a blank; what is not here has none.
CHILDREN = {
    "assessmentItem": "(responseDeclaration )*(outcomeDeclaration )*itemBody (responseProcessing )?(modalFeedback )*",
    "responseDeclaration": "(defaultValue )?(correctResponse )?(mapping )?",
    "outcomeDeclaration": "(defaultValue )?",
    "correctResponse": "(value )+",
    "defaultValue": "(value )+",
    "mapping": "(mapEntry )+",
    "itemBody": f"((p|rubricBlock|{'|'.join(INTERACTIONS)}) )+",
    "p": "(textEntryInteraction )*",
    "rubricBlock": "(p )+",
    "choiceInteraction": "(prompt )?(simpleChoice )+",
    "orderInteraction": "(prompt )?(simpleChoice )+",
    "matchInteraction": "(prompt )?simpleMatchSet simpleMatchSet ",
    "simpleMatchSet": "(simpleAssociableChoice )*",
    "extendedTextInteraction": "(prompt )?",
    "responseProcessing": f"({RULE})*",
    "setOutcomeValue": EXPRESSION,
    "divide": EXPRESSION * 2,
    "equal": EXPRESSION * 2,
    "sum": f"({EXPRESSION})+",
    "responseCondition": "responseIf (responseElseIf )*(responseElse )?",
    "responseIf": f"{EXPRESSION}({RULE})*",
    "responseElseIf": f"{EXPRESSION}({RULE})*",
    "responseElse": f"({RULE})*",
}
# Elements in which words may stand.
MIXED = {"p", "prompt", "simpleChoice", "simpleAssociableChoice", "value", "baseValue", "modalFeedback"}


def problems_of_item(content: bytes) -> list[str]:
    """Return what an item breaks; nothing for one that is as the standard demands."""
    root = etree.fromstring(content)
    if root.tag != f"{{{QTI}}}assessmentItem":
        return [f"root is {root.tag}"]
    return [*_shape(root), *_sense(root)]


def _shape(root: etree._Element) -> Iterator[str]:
    for element in root.iter(etree.Element):
        namespace, name = element.tag[1:].split("}")
        if namespace != QTI:
            yield f"{name} is of {namespace}"
        children = "".join(f"{etree.QName(child).localname} " for child in element)
        if not re.fullmatch(CHILDREN.get(name, ""), children):
            yield f"{name} holds {children or 'nothing'}"
        if name not in MIXED and any((text or "").strip() for text in (element.text, *(each.tail for each in element))):
            yield f"{name} holds words"
        must, may = ATTRIBUTES.get(name, ({}, {}))
        yield from (f"{name} lacks {each}" for each in must.keys() - element.attrib.keys())
        for key, value in element.attrib.items():
            pattern = (must | may).get(key)
            if pattern is None or not pattern.fullmatch(value):
                yield f"{name} has {key}={value!r}"


def _all(root: etree._Element, *names: str) -> list[etree._Element]:
    return [element for name in names for element in root.iter(f"{{{QTI}}}{name}")]


def _sense(root: etree._Element) -> Iterator[str]:
    """Yield what does not fit together: names without declaration, answers that are no choice, cardinalities."""
    responses = {each.get("identifier"): each for each in _all(root, "responseDeclaration")}
    outcomes = {each.get("identifier"): each for each in _all(root, "outcomeDeclaration")}
    asked = _all(root, *INTERACTIONS, "textEntryInteraction")
    if sorted(each.get("responseIdentifier") for each in asked) != sorted(responses):
        yield "interactions and responses are not one to one"
    if len(responses) != len(_all(root, "responseDeclaration")) or len(outcomes) != len(
        _all(root, "outcomeDeclaration")
    ):
        yield "a variable is declared twice"
    for each in _all(root, "setOutcomeValue"):
        if each.get("identifier") not in outcomes:
            yield f"{each.get('identifier')} is set and not declared"
    for each in _all(root, "variable", "mapResponse"):
        if each.get("identifier") not in responses:
            yield f"{each.get('identifier')} is read and not declared"
    for each in _all(root, "modalFeedback"):
        declared = outcomes.get(each.get("outcomeIdentifier"))
        given = [] if declared is None else [value.text for value in declared.iter(f"{{{QTI}}}value")]
        if each.get("identifier") not in given:
            yield "feedback that is never shown"
    for each in asked:
        declared = responses.get(each.get("responseIdentifier"))
        if declared is not None:
            yield from _answers(each, declared)
    yield from _processing(root, responses)


def _answers(asked: etree._Element, declared: etree._Element) -> Iterator[str]:
    name = etree.QName(asked).localname
    choices = [each.get("identifier") for each in _all(asked, "simpleChoice", "simpleAssociableChoice")]
    if len(set(choices)) != len(choices):
        yield f"{name} names a choice twice"
    right = [value.text for value in declared.iterfind(f"{{{QTI}}}correctResponse/{{{QTI}}}value")]
    named = [part for value in right for part in (value.split() if name == "matchInteraction" else [value])]
    if choices and (unknown := set(named) - set(choices)):
        yield f"right answers that are no choice: {sorted(unknown)}"
    if declared.get("cardinality") == "single" and len(right) > 1:
        yield "one value and several answers"
    wanted = {
        "choiceInteraction": ("single" if asked.get("maxChoices") == "1" else "multiple", "identifier"),
        "orderInteraction": ("ordered", "identifier"),
        "matchInteraction": ("multiple", "directedPair"),
        "extendedTextInteraction": ("single", "string"),
    }.get(name, ("single", declared.get("baseType")))
    if (declared.get("cardinality"), declared.get("baseType")) != wanted:
        yield f"{name} answers {declared.attrib}"


def _processing(root: etree._Element, responses: dict[str, etree._Element]) -> Iterator[str]:
    for each in _all(root, "responseProcessing"):
        template = each.get("template")
        if template is None:
            continue
        if len(each) or "RESPONSE" not in responses:
            yield "a template judges one response called RESPONSE and stands alone"
        elif template == MAP and responses["RESPONSE"].find(f"{{{QTI}}}mapping") is None:
            yield "map_response without a mapping"
        elif template == MATCH and responses["RESPONSE"].find(f"{{{QTI}}}correctResponse") is None:
            yield "match_correct without a right answer"
        elif template not in (MAP, MATCH):
            yield f"unknown template {template}"


def problems_of_manifest(content: bytes, files: set[str]) -> list[str]:
    """Return what a manifest breaks.

    Args:
        files: names of the files in the package, without the manifest.
    """
    root = etree.fromstring(content)
    found = [] if root.tag == f"{{{CP}}}manifest" else [f"root is {root.tag}"]
    if [etree.QName(each).localname for each in root.iterchildren(etree.Element)] != [
        "metadata",
        "organizations",
        "resources",
    ]:
        found.append("metadata, organizations, resources: in this order")
    words = [each.text for each in root.iterfind(f"{{{CP}}}metadata/*")]
    if words != ["QTIv2.1 Package", "1.0.0"]:
        found.append(f"schema is {words}")
    resources = root.findall(f"{{{CP}}}resources/{{{CP}}}resource")
    names = [root.get("identifier"), *(each.get("identifier") for each in resources)]
    found += [f"{name} is no identifier" for name in names if not NAME.fullmatch(name or "")]
    if len(set(names)) != len(names):
        found.append("an identifier stands twice")
    for each in resources:
        listed = [file.get("href") for file in each]
        if each.get("type") != "imsqti_item_xmlv2p1" or listed != [each.get("href")]:
            found.append(f"{each.get('identifier')} is {each.attrib} with {listed}")
    if {each.get("href") for each in resources} != files:
        found.append("resources and files are not the same")
    return found
