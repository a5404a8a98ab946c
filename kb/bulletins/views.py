"""Pages of bulletins: list, one bulletin, the word of its reader, who has not confirmed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kb.bulletins import domain, queries
from kb.enums import BulletinKind
from kb.models import Bulletin, BulletinConfirmation, BulletinIssue
from kb.translations.bodies import read_bulletin
from kb.translations.queries import title_in, versions_of
from kb.translations.reading import reading_for
from portal.access.sight import people_in_sight
from portal.audiences import can_open, hide
from portal.enums import Role
from portal.exchange.exports import Table, export_asked, export_response
from portal.models import Person
from portal.models.people import place_on
from portal.ui.filters import chip

PAGE = 20
#: Who looks after the readings of others; whom they see is their sight.
SURVEYING = (Role.MANAGER, Role.DISPATCHER, Role.REGIONAL_ADMINISTRATOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.TRAINER)


@require_safe
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """List the bulletins in force, or those that are over, the newest first."""
    kind, over = request.GET.get("kind", ""), request.GET.get("over") == "1"
    found = queries.bulletins_for(request.user)
    in_force = queries.in_force(found)
    found = found.exclude(pk__in=in_force.values("pk")) if over else in_force
    if kind in BulletinKind.values:
        found = found.filter(kind=kind)
    chips = [chip(request, "kind", value, label, active=value == kind) for value, label in BulletinKind.choices]
    chips.append(chip(request, "over", "1", _("No longer in force"), active=over))
    page = Paginator(queries.listed(found), PAGE).get_page(request.GET.get("page"))
    title_in(page, translation.get_language(), "summary")
    return render(request, "kb/bulletins/bulletin_list.html", {"page_obj": page, "chips": chips})


@require_safe
def bulletin(request: HttpRequest, number: str) -> HttpResponse:
    """Show a bulletin, with the button of who has to confirm it."""
    found = _bulletin(request, number)
    facts = bulletin_facts(found, request.user)
    versions = versions_of(found)
    reading = reading_for(request, versions)
    read_bulletin(found, versions, reading)
    return render(request, "kb/bulletins/bulletin.html", facts | {"reading": reading})


def bulletin_facts(bulletin: Bulletin, reader: Any) -> dict[str, Any]:
    """Return what the page and the preview of a bulletin show."""
    issue = queries.current_issue(bulletin) if bulletin.pk else None
    asked = issue is not None and queries.is_asked(issue, reader)
    said = BulletinConfirmation.objects.filter(issue=issue, person=reader).first() if asked else None
    return {
        "bulletin": bulletin,
        "issue": issue,
        "asked": asked,
        "said": said,
        "is_late": asked and said is None and issue.read_by < timezone.localdate(),
        "machines": list(bulletin.equipment.all()),
        "surveys": issue is not None and issue.read_by is not None and may_survey(reader),
    }


def may_survey(reader: Any) -> bool:
    """Whether ``reader`` looks after the readings of others."""
    return bool(getattr(reader, "is_authenticated", False)) and reader.has_role(*SURVEYING)


@login_required
@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Take the reader's word that they have read the edition the form was shown with."""
    found = _bulletin(request, number)
    issue = get_object_or_404(BulletinIssue, bulletin=found, edition=request.POST.get("edition", "")[:20])
    domain.confirm(issue, request.user)
    messages.success(request, _("Confirmed. Thank you."))
    return redirect(found)


@login_required
@require_safe
def readers(request: HttpRequest, number: str) -> HttpResponse:
    """List who in the reader's sight has not confirmed the edition in force, by place; also as a table."""
    found = _bulletin(request, number)
    issue = queries.current_issue(found)
    if issue is None or issue.read_by is None or not may_survey(request.user):
        raise Http404
    in_sight = people_in_sight(request.user)
    everybody = queries.readers_of(issue).filter(pk__in=in_sight.values("pk"))
    missing = queries.without_confirmation(issue).filter(pk__in=in_sight.values("pk"))
    today = timezone.localdate()
    missing = missing.with_posts(today).order_by(place_on(today, fact="path"), "staff_number")
    total, open_ones = everybody.count(), missing.count()
    if open_ones and (spreadsheet := export_asked(request.GET)):
        return export_response(_table(issue, missing), spreadsheet, f"{_('Not confirmed')}-{found.number}")
    context = {
        "bulletin": found,
        "issue": issue,
        "page_obj": Paginator(missing, PAGE).get_page(request.GET.get("page")),
        "total": total,
        "confirmed": total - open_ones,
        "is_late": issue.read_by < timezone.localdate(),
    }
    return render(request, "kb/bulletins/readers.html", context)


def _table(issue: BulletinIssue, people: Any) -> Table:
    columns = [_("Organisation"), _("Staff number"), _("Name"), _("Bulletin"), _("Edition"), _("To be confirmed by")]
    return Table(_("Not confirmed"), columns, (_cells(issue, person) for person in people))


def _cells(issue: BulletinIssue, person: Person) -> list[Any]:
    where = person.place_names
    return [where, person.staff_number, person.name, issue.bulletin.number, issue.edition, issue.read_by]


def _bulletin(request: HttpRequest, number: str) -> Bulletin:
    rows = queries.published_bulletins().select_related("category").prefetch_related("equipment", "places")
    found = get_object_or_404(rows, number=number)
    if not can_open(request.user, found.audience):
        hide()
    return found
