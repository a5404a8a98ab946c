"""Pages of units: label page, list, file, label sheets as PDF."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access.lookup.equipment import unit_of, units_matching
from portal.access.sight import units_in_sight
from portal.enums import Tier
from portal.equipment.labels import SIZES, label_address, labels, may_print_labels, units_to_label
from portal.equipment.queries import may_see_customer
from portal.equipment.statutory import demands_on
from portal.exchange import qr
from portal.exchange.downloads import file_name
from portal.exchange.pdf import pdf_response, render_pdf
from portal.models import EquipmentUnit
from portal.organisations.tiers import tier_name
from portal.registry.tiles import unit_tiles
from portal.templatetags.portal_format import org_day
from portal.typed import LONGEST_TYPED

PAGE_SIZE = 20


@never_cache
@require_safe
def unit_by_label(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR on a machine opens: its facts, guides, manuals, who may work on it; each as the reader may see.

    Raises:
        Http404: the secret is wrong or has been revoked.
    """
    unit = unit_of(token)
    if unit is None:
        raise Http404
    response = _unit_page(request, unit, by_label=True)
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@require_safe
def unit_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page, reached from the list by those who may see the machine; 404 for everybody else."""
    return _unit_page(request, get_object_or_404(units_in_sight(request.user), pk=pk), by_label=False)


def _unit_page(request: HttpRequest, unit: EquipmentUnit, *, by_label: bool) -> HttpResponse:
    may_print = units_to_label(request.user).filter(pk=unit.pk).exists()
    context = {
        "unit": unit,
        "facts": unit_facts(request, unit, with_customer=may_see_customer(request.user, unit)),
        "panels": unit_tiles(request, unit),
        "demands": demands_on([unit.model]),
        "by_label": by_label,
        "may_print": may_print,
        "symbol": qr.svg(label_address(unit)) if may_print else "",
    }
    return render(request, "portal/equipment/unit.html", context)


def unit_facts(request: HttpRequest, unit: EquipmentUnit, *, with_customer: bool) -> list[tuple[str, str]]:
    """Return the context of a unit's page; customer and location only for readers who may see them."""
    facts = [
        (_("Model"), f"{unit.model.name} {unit.model.code}"),
        (_("Category"), unit.model.category.name),
        (_("Brand"), " ".join(filter(None, [unit.model.brand, unit.model.family]))),
        (_("Serial number"), unit.serial),
        (_("Installed on"), org_day(unit.installed_on)),
        (_("Bought on"), org_day(unit.purchased_on)),
        (_("Warranty until"), _warranty(unit)),
    ]
    if with_customer and unit.customer:
        facts += [(tier_name(Tier.CUSTOMER, request), unit.customer.name), (_("Address"), unit.customer.address)]
    if with_customer:
        facts.append((_("Place"), unit.place))
    return [(label, value) for label, value in facts if value]


def _warranty(unit: EquipmentUnit) -> str:
    """Return the last day of the warranty, and that it is over where it is."""
    day = org_day(unit.warranty_until)
    is_over = unit.warranty_until is not None and unit.warranty_until < timezone.localdate()
    return _("%(day)s, out of warranty") % {"day": day} if is_over else day


@login_required
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Machines the reader may see, found by serial number, model, alias, customer or place."""
    text = request.GET.get("find", "").strip()[:LONGEST_TYPED]
    page = Paginator(_found(units_in_sight(request.user), text), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "find": text, "may_print": may_print_labels(request.user)}
    return render(request, "portal/equipment/unit_list.html", context)


def _found(units, text: str):
    if not text:
        return units
    return units_matching(units, text).distinct()


@login_required
@require_safe
def label_sheet(request: HttpRequest) -> HttpResponse:
    """Label sheets of the machines found, or of those chosen by ``unit=``; ``size=`` is 63x34 or 50x30 mm.

    Raises:
        PermissionDenied: the reader prints no labels.
        TooManyLabels: the list is not narrow enough.
    """
    if not may_print_labels(request.user):
        raise PermissionDenied
    units = _found(units_to_label(request.user), request.GET.get("find", "").strip()[:LONGEST_TYPED])
    chosen = [number for number in request.GET.getlist("unit") if number.isdecimal() and len(number) < 10]
    if chosen:
        units = units.filter(pk__in=chosen)
    content = render_pdf(
        "portal/equipment/print/unit_labels.html",
        {
            "labels": labels(units),
            "title": _("Equipment labels"),
            "look": SIZES.get(request.GET.get("size", ""), SIZES["63x34"]),
        },
    )
    return pdf_response(request, content, file_name(_("Equipment labels"), extension="pdf"))
