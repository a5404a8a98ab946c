"""Pages of fault articles: list, article, printable card, chooser for a code without equipment."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kb.enums import Severity
from kb.faults import queries
from kb.faults.pictures import name_pictures
from kb.models import FaultArticle, UnsolvedReason
from kb.translations.languages import PARAMETER
from kb.translations.passages import pair_key
from kb.translations.pictures import read_pictures
from kb.translations.queries import title_in, versions_of
from kb.translations.reading import read_article, reading_for
from portal.audiences import can_open, hide
from portal.content.stamping import taken_paper
from portal.enums import Audience
from portal.exchange.downloads import file_name
from portal.exchange.pdf import pdf_response, render_pdf
from portal.exchange.qr import svg_data_uri
from portal.models import EquipmentCategory, PortalSettings
from portal.offline.keeping import keepable
from portal.ui.filters import Chip, chip

PAGE = 20
# Number and version of the form, printed on the card.


@require_safe
def fault_list(request: HttpRequest) -> HttpResponse:
    """List articles, narrowed by category, severity, brand and what can be done by phone."""
    faults = queries.faults_for(request.user)
    chosen = queries.fault_filter(request.GET)
    found = queries.listed(chosen.apply(faults)).order_by("number")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    title_in(page, translation.get_language())
    context = {
        "page_obj": page,
        "chosen": chosen,
        "filters": filters_of(request, faults, chosen),
        "is_filtered": any((chosen.category, chosen.severity, chosen.brand, chosen.phone)),
    }
    template = (
        "kb/faults/parts/results.html" if request.headers.get("HX-Target") == "results" else "kb/faults/fault_list.html"
    )
    return render(request, template, context)


def filters_of(request: HttpRequest, faults: Any, chosen: queries.FaultFilter) -> list[tuple[Any, list[Chip]]]:
    """Return the rows of filters with, for each choice, how many articles it leaves."""
    by_category = queries.count_by(chosen.apply(faults, without="category"), "category")
    categories = EquipmentCategory.objects.filter(pk__in=by_category).order_by("path")
    by_severity = queries.count_by(chosen.apply(faults, without="severity"), "severity")
    by_brand = queries.count_by(chosen.apply(faults, without="brand"), "brand")
    by_phone = queries.count_by(chosen.apply(faults, without="phone"), "is_phone_doable")

    def counted(name: str, value: str, label: Any, count: int, active: bool) -> Chip:
        return chip(request, name, value, label, active=active, count=count)

    return [
        (
            _("Category"),
            [
                counted("category", row.code, row.name, by_category[row.pk], row.code == chosen.category)
                for row in categories
            ],
        ),
        (
            _("Severity"),
            [
                counted("severity", value, label, by_severity[value], value == chosen.severity)
                for value, label in Severity.choices
                if value in by_severity
            ],
        ),
        (
            _("Brand"),
            [
                counted("brand", brand, brand, count, brand == chosen.brand)
                for brand, count in sorted(by_brand.items())
                if brand
            ],
        ),
        (
            _("By phone"),
            [counted("phone", "1", _("First checks by phone"), by_phone.get(True, 0), chosen.phone)],
        ),
    ]


@require_safe
def fault(request: HttpRequest, number: str) -> HttpResponse:
    """Show an article: safety first, then what one sees, then causes with their checks and remedies."""
    article = queries.fault_for_reading(number)
    if article is None:
        following = queries.successor(number)
        if following is None or not can_open(request.user, following.audience):
            raise Http404
        return redirect(following)
    if not can_open(request.user, article.audience):
        hide()
    answered = request.GET.get("answered", "")
    facts = _facts(request, article) | {
        "unsolved_reasons": UnsolvedReason.choices,
        "address": f"{settings.PUBLIC_URL}{article.get_absolute_url()}",
        "answered": answered if answered in ("yes", "no") else "",
    }
    return keepable(
        request,
        render(request, "kb/faults/fault.html", facts),
        address=article.get_absolute_url(),
        title=str(article),
        kind="article",
        audience=article.audience,
    )


@require_safe
def fault_card(request: HttpRequest, number: str) -> HttpResponse:
    """The article on paper (故障检修卡), with a QR that leads back to the current one."""
    article = article_or_404(number)
    if not can_open(request.user, article.audience):
        hide()
    address = f"{settings.PUBLIC_URL}{article.get_absolute_url()}"
    facts = _facts(request, article)
    is_restricted = article.audience == Audience.RESTRICTED
    if is_restricted:
        name_pictures(facts, request.user)
    facts |= {"address": address, "qr": svg_data_uri(address), "form_number": PortalSettings.load().fault_card_form}
    # Asked for in a language, the paper is in it altogether: names of the parts, dates, the words themselves.
    with translation.override(facts["reading"].language if request.GET.get(PARAMETER) else translation.get_language()):
        content = render_pdf("kb/faults/print/fault_card.html", facts)
        name = file_name(str(article.words.card), article.number, extension="pdf")
    if is_restricted:
        content = replace(content, content=taken_paper(request, article, content.content, name))
    return pdf_response(request, content, name)


def _facts(request: HttpRequest, article: FaultArticle) -> dict[str, Any]:
    """Return what the page and the card show, in the language asked for or that of the screen where there is one."""
    versions = versions_of(article)
    reading = reading_for(request, versions)
    facts = queries.fault_facts(article, request.user)
    pairs = list(article.pairs.all())
    translated = read_article(article, pairs, facts["safety_notes"], versions, reading)
    facts["pictures"] = read_pictures(facts["pictures"], "pictures", translated)
    for pair in pairs:
        pair.shown_pictures = read_pictures(pair.shown_pictures, pair_key(pair, "pictures"), translated)
    title_in([row.other for row in facts["related"]], reading.language)
    title_in(facts["guides"], reading.language)
    return facts | {"reading": reading}


def article_or_404(number: str) -> FaultArticle:
    """Return the published article of this number.

    Raises:
        Http404: there is none, or only a draft.
    """
    article = queries.fault_for_reading(number)
    if article is None:
        raise Http404
    return article


@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    """List the equipment that shows a code; codes that only look alike are listed separately."""
    shown = queries.storable(code)[:40]
    kin = queries.articles_of_code(shown, request.user)
    if not kin.same and not kin.similar:
        raise Http404
    return render(request, "kb/faults/code.html", {"code": shown, "kin": kin})
