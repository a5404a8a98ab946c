"""What the documentation and the docstrings name exists."""

import ast
import functools
import importlib
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from portal.registry import audit

ROOT = Path(settings.BASE_DIR)
APPS = ("portal", "kb", "courses", "certification")
ROOMS = (*APPS, "tests", "docs", "deploy", "static")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(rf"(?:{'|'.join(ROOMS)})/[-\w./*<>{{}},\[\]]*|[-\w.*/]+\.(?:py|sh|toml|md|html|css|js|po|svg)")
DOTTED = re.compile(rf"(?:{'|'.join(APPS)})(?:\.[A-Za-z_]\w*)+")
REFERENCE = re.compile(rf"``?((?:{'|'.join(APPS)})(?:\.[A-Za-z_]\w*)+)(?:\(\))?`")
# Acts on any record, which have words without being registered.
ACT = re.compile(r"portal\.(?:position|person)_(?:added|changed|deleted)")
SYSTEM_CHECK = re.compile(r"portal\.[EW]\d{3}")
PERMISSION = re.compile(r"(?:add|change|delete|view|publish|approve|lock|unlock)_\w+")
# Files that each app or profile has one of.
REPEATED = {"django.po", "apps.py"}
# Pages about one folder name files relative to it.
BASES = {"docs/search.md": "portal/search/"}


@functools.cache
def tree() -> frozenset[str]:
    """Paths of the tree, folders included, from its root."""
    below = (path for room in ROOMS for path in (ROOT / room).rglob("*") if "__pycache__" not in path.parts)
    return frozenset(str(path.relative_to(ROOT)) for path in (*ROOT.iterdir(), *below))


def pages() -> list[Path]:
    return [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted(ROOT.glob("docs/**/*.md")),
    ]


def path_exists(token: str, base: str = "") -> bool:
    """Whether a path with ``<name>`` or ``*`` for what varies matches a file or folder of the tree.

    Below ``base`` the folders between may be left out.
    """
    plain = token.rstrip("/")
    if plain in tree():
        return True
    pattern = re.sub(r"<[^>]*>|\\\*", "[^/]*", re.escape(plain))
    if base:
        pattern = rf"{pattern}|{re.escape(base)}(?:.*/)?{pattern}"
    return any(re.fullmatch(pattern, name) for name in tree())


def name_exists(dotted: str) -> bool:
    """Whether a dotted name is a module, something in it, a model or a permission."""
    app, *rest = dotted.split(".")
    if SYSTEM_CHECK.fullmatch(dotted):
        return (
            dotted
            in (ROOT / "portal/web/checks.py").read_text() + (ROOT / "portal/search/indexing/checks.py").read_text()
        )
    if dotted in audit.verbs or ACT.fullmatch(dotted):
        return True
    if len(rest) == 1 and (PERMISSION.fullmatch(rest[0]) or rest[0].lower() in apps.all_models[app]):
        return True
    found = importlib.import_module(app)
    for place, part in enumerate(rest):
        if not hasattr(found, part):
            if not hasattr(found, "__path__"):
                return part in getattr(found, "__dataclass_fields__", {})
            try:
                importlib.import_module(".".join([app, *rest[: place + 1]]))
            except ModuleNotFoundError:
                return False
        found = getattr(found, part)
    return True


def broken_in(text: str, base: str = "") -> set[str]:
    """Names in backticks that stand for nothing."""
    missing = set()
    for token in CODE.findall(FENCE.sub("", text)):
        if token in REPEATED:
            continue
        name = token.partition("(")[0]
        exists = True
        if PATH.fullmatch(token):
            exists = path_exists(token, base)
        elif DOTTED.fullmatch(name):
            exists = name_exists(name)
        if not exists:
            missing.add(token)
    return missing


@pytest.mark.parametrize("document", pages(), ids=lambda document: str(document.relative_to(ROOT)))
def test_documentation_names_only_what_exists(document):
    assert broken_in(document.read_text(), BASES.get(str(document.relative_to(ROOT)), "")) == set()


@pytest.mark.parametrize("document", pages(), ids=lambda document: str(document.relative_to(ROOT)))
def test_documentation_links_lead_to_files(document):
    links = {link for link in LINK.findall(document.read_text()) if "://" not in link}

    assert {link for link in links if not (document.parent / link).exists()} == set()


@pytest.mark.parametrize("text", ["`portal/nowhere.py`", "`deploy/proxy/`", "`test_front.py`", "`portal.errors.Gone`"])
def test_a_name_that_is_gone_is_found(text):
    assert broken_in(text) == {text.strip("`")}


@pytest.mark.parametrize("app", APPS)
def test_docstrings_name_only_what_exists(app):
    missing = set()
    for path in sorted((ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                names = REFERENCE.findall(ast.get_docstring(node) or "")
                missing |= {f"{path.relative_to(ROOT)}: {name}" for name in names if not name_exists(name)}

    assert missing == set()


def test_architecture_names_every_plug_point():
    text = (ROOT / "docs/architecture.md").read_text()
    registries = {f"portal.registry.{path.stem}" for path in (ROOT / "portal/registry").glob("[!_]*.py")}

    assert {name for name in registries if not re.search(rf"`{re.escape(name)}[`.]", text)} == set()


@pytest.mark.parametrize("app", APPS)
def test_architecture_names_every_room(app):
    text = (ROOT / "docs/architecture.md").read_text()
    rooms = {path.parent.name for path in (ROOT / app).glob("*/__init__.py")}

    assert {room for room in rooms if f"`{app}/{room}/`" not in text} == {"migrations"}


def test_architecture_names_every_contract():
    text = (ROOT / "docs/architecture.md").read_text()
    contracts = [
        row["name"] for row in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    ]

    assert len(contracts) >= 9
    assert [name for name in contracts if name not in text] == []


def test_operations_name_every_setting():
    sources = (ROOT / "portal/settings.py").read_text() + (ROOT / "portal/config/builders.py").read_text()
    read = set(re.findall(r'env(?:\.\w+)?\("([A-Z_]+)"', sources))
    listed = set(
        re.findall(
            r"`([A-Z_]+)`",
            "".join(re.findall(r"^\| (`.*?) \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)),
        )
    )

    assert len(read) >= 15
    assert listed == read


def test_decisions_are_numbered_once_and_listed():
    pages = sorted((ROOT / "docs/decisions").glob("0*.md"))
    listed = (ROOT / "docs/decisions/README.md").read_text()
    rows = []
    for page in pages:
        number, title = page.read_text().splitlines()[0].removeprefix("# ").split(" ", 1)
        rows.append(f"| [{number}]({page.name}) | {title} |")

    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    assert re.findall(r"^\| \[\d.*$", listed, re.MULTILINE) == rows


def test_how_to_pages_are_listed_for_contributors():
    listed = set(re.findall(r"docs/how-to/[-\w]+\.md", (ROOT / "CONTRIBUTING.md").read_text()))

    assert listed == {str(page.relative_to(ROOT)) for page in (ROOT / "docs/how-to").glob("*.md")}
