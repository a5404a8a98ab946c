"""Every export of the portal: found by address, written by the one writer, and none where none is offered."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from portal.access.content_roles import synchronise_content_rights
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import SynonymGroup
from tests.factories.certification import LedgerEntryFactory, certificate_for, full_scheme
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
# Pages of the portal that export; everything else is a list or report of the Wagtail admin.
OF_THE_PORTAL = {
    "certification:statutory_cards",
    "certification:certificates",
    "certification:matrix",
    "certification:posts",
}


def admin_lists(resolver, prefix="", names=()):
    """Yield address and class of every list or report of the admin whose address needs no record."""
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if not isinstance(entry, URLPattern):
            yield from admin_lists(entry, address)
        elif issubclass(getattr(entry.callback, "view_class", object), SpreadsheetExportMixin) and "<" not in address:
            yield address.replace("^", "").replace("$", ""), entry.callback


LISTS = dict(admin_lists(get_resolver()))


@pytest.fixture
def client(client_of):
    """Sees everything."""
    synchronise_roles()
    synchronise_content_rights()
    hq = OrganisationFactory(name="=总公司")
    person = PersonFactory(
        staff_number="S001", name="+管理员", organisation=hq, roles=[Role.ADMINISTRATOR, Role.AUDITOR]
    )
    person.is_superuser = True
    person.save()
    return client_of(person)


def export(client, address, kind):
    """Return the answer's rows, or None where it is no export."""
    answer = client.get(address, {"export": kind})
    assert answer.status_code in (200, 302, 403, 404), address
    if "attachment" not in answer.get("Content-Disposition", ""):
        return None
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        assert not content.startswith(b"\xef\xbb\xbf" * 2)
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(content)).active
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_there_are_lists_to_look_at():
    assert len(LISTS) > 30
    assert {"cms/reports/audit/", "cms/reports/site-history/", "cms/reports/searches/"} <= LISTS.keys()


@pytest.mark.parametrize("address", sorted(LISTS))
def test_a_list_exports_full_rows_or_not_at_all(client, address):
    """What is offered by a button is what the address answers; nothing else is a file."""
    FaultArticleFactory(title="=cmd", severity="danger")
    page = client.get(f"/{address}")
    is_page = page.status_code == 200 and "results" not in address
    offers = "export=csv" in page.content.decode() if is_page else None
    rows = [export(client, f"/{address}", kind) for kind in ("csv", "xlsx")]
    if offers is not None:
        assert [found is not None for found in rows] == [offers, offers]
    for found in filter(None, rows):
        assert all(len(row) == len(found[0]) and any(row) for row in found)
        assert all(not str(cell).startswith(("=", "+", "-", "@")) for row in rows[0] for cell in row)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_labels_stand_for_codes(client, kind):
    FaultArticleFactory(number="RF-1", title="=1+1", severity="danger")
    SynonymGroup.objects.create(words="冰箱, 冷柜", is_active=True)

    faults = export(client, reverse("wagtailsnippets_kb_faultarticle:list"), kind)
    words = export(client, reverse("synonyms:index"), kind)

    title = "=1+1" if kind == "xlsx" else "'=1+1"
    assert faults[1][:2] == ["RF-1", title]
    assert "danger" not in faults[1]
    assert "True" not in map(str, faults[1] + words[1])
    assert faults[1][-1] == words[-1][-1] == "是"


def test_site_history_says_its_zone(client):
    client.post(reverse("synonyms:add"), {"words": "甲, 乙", "kind": "equal", "is_active": "on"})

    heading, *rows = export(client, reverse("wagtailadmin_reports:site_history"), "csv")

    assert "Asia/Shanghai" in heading[-1] or not rows


@pytest.mark.parametrize("name", sorted(OF_THE_PORTAL))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_pages_of_the_portal_export_what_they_list(client, name, kind):
    certificate_for(PersonFactory(name="=林", organisation=OrganisationFactory()), full_scheme(name="-冷冻"))
    LedgerEntryFactory()

    rows = export(client, reverse(name), kind)

    assert all(len(row) == len(rows[0]) for row in rows)


def test_nothing_else_writes_spreadsheets():
    # The annex of a tender is a document with its own form, not a list that is exported.
    allowed = {"portal/exchange/exports.py", "courses/plans/annex.py"}
    written = {
        str(path.relative_to(settings.BASE_DIR))
        for app in ("portal", "kb", "courses", "certification")
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)|Workbook\(", path.read_text(encoding="utf-8"))
    }
    assert written == allowed
