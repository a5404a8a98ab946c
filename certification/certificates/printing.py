"""Render certificates and work cards as PDF, one or many in one document."""

import base64
from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Any
from unicodedata import east_asian_width

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.certificates.credentials import signed_credential
from certification.certificates.verification import Verified, verify_many
from certification.models import Certificate, Scheme, SchemeScope
from certification.schemes.reach import condition_note, join, scope_words, task_words
from portal.exchange import qr
from portal.exchange.pdf import Attached, Printed, render_pdf
from portal.models import Assignment, EquipmentCategory, EquipmentModel, PortalSettings
from portal.models.people import posts_on

# Machines named on a certificate; more are summed up as a number.
NAMED = 8
# Cards on a sheet of A4 in two columns of five; millimetres, as in css/print/certification.css.
ON_A_SHEET = 10
CARD = (85.6, 54.0)
SHEET_LEFT, SHEET_TOP = 19.4, 13.5
# Where a mark begins outside the cards, and how long it is.
MARK = (1.5, 5.0)
# Names of the places on a sheet, column and row, in the order cards fill them.
PLACES = [(column, row) for row in range(5) for column in range(2)]
# Widest name of each size, in characters.
SIZES = (("normal", 9), ("long", 14))


def verify_url(certificate: Certificate) -> str:
    """Return the public address the QR carries."""
    return settings.PUBLIC_URL + reverse("verify:certificate", args=[certificate.number])


def scope_of(scheme: Scheme) -> str:
    """Return the equipment a certificate of the scheme covers: 冷冻设备（冷库、卧式冰柜等 8 种设备）."""
    rows = scheme.scopes.select_related("category", "model").all()
    if not rows:
        return scope_words(scheme)
    models = list(
        EquipmentModel.objects.filter(category__in=_categories(rows))
        .order_by("code")
        .values_list("category__path", "name")
    )
    return join(_scope_row(row, models) for row in rows)


def _categories(rows: Iterable[SchemeScope]) -> QuerySet[EquipmentCategory]:
    below = Q(pk=None)
    for row in rows:
        if row.category is not None:
            below |= Q(path__startswith=row.category.path)
    return EquipmentCategory.objects.filter(below)


def _scope_row(row: SchemeScope, models: list[tuple[str, str]]) -> str:
    if row.category is None:
        return str(row.model)
    names = [name for path, name in models if path.startswith(row.category.path)]
    if not names:
        return row.category.name
    listed = join(names[:NAMED])
    if len(names) > NAMED:
        facts = {"category": row.category.name, "models": listed, "count": len(names)}
        return _("%(category)s (%(models)s and others, %(count)s models in all)") % facts
    return _("%(category)s (%(models)s)") % {"category": row.category.name, "models": listed}


def facts_of(certificates: Sequence[Certificate]) -> list[dict[str, Any]]:
    """Return what both papers show, for each certificate: a fixed number of queries and one or two a scheme."""
    assignments = Assignment.objects.select_related("position")
    prefetch_related_objects(
        list(certificates),
        "scheme__tasks",
        "scheme__scopes",
        "person",
        Prefetch("person__assignments", queryset=assignments, to_attr="posts_held"),
        "person__photo",
        "person__organisation",
        posts_on(timezone.localdate(), "person__"),
        "entry__scheme_version",
        "entry__taken_over",
    )
    by_scheme = {each.scheme_id: each.scheme for each in certificates}
    scopes = {pk: scope_of(scheme) for pk, scheme in by_scheme.items()}
    return [_facts(verified, scopes[verified.certificate.scheme_id]) for verified in verify_many(certificates)]


def _facts(verified: Verified, scope: str) -> dict[str, Any]:
    certificate = verified.certificate
    address = verify_url(certificate)
    return {
        "certificate": certificate,
        "verified": verified,
        "valid_from": verified.valid_from,
        "valid_to": verified.valid_to,
        "holder": certificate.person,
        "name_size": name_size(certificate.person.name),
        "tasks": task_words(certificate.scheme),
        "scope": scope,
        "condition_note": condition_note(certificate.scheme),
        "scheme_version": certificate.entry.scheme_version.number,
        "limit": verified.limit,
        "taken_over": verified.taken_over,
        "address": address,
        "qr": qr.png_data_uri(address),
        "position": _position(certificate),
    }


def name_size(name: str) -> str:
    """Return how a name is set so that it fits both papers: ``normal``, ``long`` or ``longest``.

    A Chinese character is as wide as it is high, a Latin letter about six tenths of that.
    """
    width = sum(1.0 if east_asian_width(character) in "WF" else 0.6 for character in name)
    return next((size for size, widest in SIZES if width <= widest), "longest")


def _position(certificate: Certificate) -> str:
    """Return the holder's post on the day of issue, or the latest one."""
    posts, day = certificate.person.posts_held, certificate.issued_on
    on_that_day = [post for post in posts if post.start <= day and (post.end is None or day <= post.end)]
    held = next(iter(on_that_day or posts), None)
    return held.position.title if held else ""


def certificates_pdf(certificates: Sequence[Certificate]) -> Printed:
    """Return the certificates, a page each, A4 landscape, each with its credential as an attached file."""
    facts = facts_of(certificates)
    papers = {"papers": facts, "form_number": PortalSettings.load().certificate_form}
    template = "certification/certificates/print/certificate.html"
    return render_pdf(template, papers, optimize=False, attached=[_credential(each) for each in facts])


def credential(certificate: Certificate) -> str:
    """Return the signed credential of a certificate."""
    return _credential(facts_of([certificate])[0]).content


def _credential(facts: dict[str, Any]) -> Attached:
    content = signed_credential(facts["verified"], tasks=facts["tasks"], scope=facts["scope"])
    name = f"{facts['certificate'].short_number}.openbadge.jwt"
    return Attached(name, content, _("Open Badges 3.0 credential, signed"))


def work_cards_pdf(certificates: Sequence[Certificate]) -> Printed:
    """Return the work cards (上岗证), 85.6 × 54 mm, front and back of each in turn."""
    facts = {"papers": _with_photos(certificates)}
    return render_pdf("certification/certificates/print/work_card.html", facts, optimize=False)


def card_sheets_pdf(certificates: Sequence[Certificate]) -> Printed:
    """Return the work cards ten to a sheet of A4 with marks to cut along: fronts, then their backs.

    The backs stand mirrored, so that on a sheet printed on both sides (turned over its long edge) each is behind its
    front.
    """
    papers = _with_photos(certificates)
    sheets = [papers[start : start + ON_A_SHEET] for start in range(0, len(papers), ON_A_SHEET)]
    facts = {"sheets": [list(zip(sheet, cycle(PLACES), strict=False)) for sheet in sheets], "marks": _cutting_marks()}
    return render_pdf("certification/certificates/print/card_sheet.html", facts, optimize=False)


def badges_pdf(certificates: Sequence[Certificate]) -> Printed:
    """Return the badges, A6, one page each."""
    facts = {"papers": _with_photos(certificates)}
    return render_pdf("certification/certificates/print/badge.html", facts, optimize=False)


def _cutting_marks() -> list[tuple[float, float, float, float]]:
    """Return the marks on an A4 sheet as lines (x1, y1, x2, y2) in millimetres, outside the cards."""
    columns = [SHEET_LEFT + CARD[0] * number for number in range(3)]
    rows = [SHEET_TOP + CARD[1] * number for number in range(6)]
    near, far = SHEET_TOP - MARK[0], SHEET_TOP + CARD[1] * 5 + MARK[0]
    left, right = SHEET_LEFT - MARK[0], SHEET_LEFT + CARD[0] * 2 + MARK[0]
    upright = [(x, y, x, y + step) for x in columns for y, step in ((near, -MARK[1]), (far, MARK[1]))]
    level = [(x, y, x + step, y) for y in rows for x, step in ((left, -MARK[1]), (right, MARK[1]))]
    return [*upright, *level]


def _with_photos(certificates: Sequence[Certificate]) -> list[dict[str, Any]]:
    return [facts | {"photo": _photo(facts["certificate"])} for facts in facts_of(certificates)]


def _photo(certificate: Certificate) -> str:
    """Return the holder's photo as a data: address, or nothing."""
    photo = certificate.person.photo
    if photo is None or not photo.file.storage.exists(photo.file.name):
        return ""
    with photo.file.open("rb") as opened:
        return "data:image/jpeg;base64," + base64.b64encode(opened.read()).decode()
