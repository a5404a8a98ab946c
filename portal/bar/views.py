"""Page of the changes of the bar: those that wait for a second person, those settled, and the confirmation."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.bar.domain import confirm_change
from portal.bar.queries import changes_in_sight, kinds, may_confirm, may_see_changes
from portal.bar.words import field_words, kind_words, value_words
from portal.models import BarChange
from portal.ui.filters import Chip, chip, chips

PAGE = 20
WAITING, SETTLED, ALL = "", "settled", "all"
STATES = ((WAITING, gettext_lazy("Waiting")), (SETTLED, gettext_lazy("Settled")), (ALL, gettext_lazy("All")))


@dataclass(frozen=True)
class Shown:
    """A change as the page shows it.

    Args:
        url: where it is changed back; empty for who may not.
        may_confirm: whether the reader may confirm it.
    """

    change: BarChange
    url: str
    may_confirm: bool

    @property
    def kind(self) -> str:
        """What kind of record it is about."""
        return capfirst(kind_words(self.change.record_label))

    @property
    def field(self) -> str:
        """What of it was changed."""
        return field_words(self.change.record_label, self.change.field)

    @property
    def before(self) -> str:
        """What stood there."""
        return value_words(self.change.record_label, self.change.field, self.change.before)

    @property
    def after(self) -> str:
        """What stands there since."""
        return value_words(self.change.record_label, self.change.field, self.change.after)

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has still to look at it."""
        return self.change.changed_by_id is not None and not hasattr(self.change, "decision")


@login_required
@never_cache
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """List the changes the reader may see; those that wait unless others are asked for."""
    if not may_see_changes(request.user):
        raise PermissionDenied
    state, kind = request.GET.get("state", WAITING), request.GET.get("kind", "")
    page = Paginator(_narrowed(request, state, kind), PAGE).get_page(request.GET.get("page"))
    existing = _existing(page.object_list)
    context = {
        "page_obj": page,
        "shown": [_shown(request.user, change, existing) for change in page],
        "state_chips": _state_chips(request, state),
        "kind_chips": chips(request, "kind", [(label, capfirst(str(name))) for label, name in kinds().items()]),
        "is_filtered": bool(kind) or state != WAITING,
    }
    return render(request, "portal/bar/changes.html", context)


def _narrowed(request: HttpRequest, state: str, kind: str) -> QuerySet[BarChange]:
    rows: Any = changes_in_sight(request.user)
    if state == WAITING:
        rows = rows.waiting().order_by("recorded_at", "pk")
    elif state == SETTLED:
        rows = rows.exclude(pk__in=BarChange.objects.order_by().waiting().values("pk"))
    return rows.filter(record_label=kind) if kind else rows


def _state_chips(request: HttpRequest, state: str) -> list[Chip]:
    return [
        chip(request, "state", value, label, active=value == state and value != WAITING)
        if value != WAITING
        else Chip(label, chip(request, "state", "", label, active=True).url, state == WAITING)
        for value, label in STATES
    ]


def _existing(page: Any) -> dict[str, set[int]]:
    """Return the keys of the records on a page that are still there, by kind: a query a kind."""
    named: dict[str, set[int]] = {}
    for change in page:
        named.setdefault(change.record_label, set()).add(change.record_id)
    return {
        label: set(apps.get_model(label)._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        for label, keys in named.items()
    }


def _shown(reader: Any, change: BarChange, existing: dict[str, set[int]]) -> Shown:
    app, name = change.record_label.split(".")
    url = ""
    if change.record_id in existing[change.record_label]:
        url = reverse(f"{name}:edit", args=[change.record_id]) if reader.has_perm(f"{app}.change_{name}") else ""
    elif reader.has_perm(f"{app}.add_{name}"):
        # What was deleted is entered again.
        url = reverse(f"{name}:add")
    is_others = change.changed_by_id not in (None, reader.pk) and not hasattr(change, "decision")
    return Shown(change, url, is_others and may_confirm(reader))


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a change of somebody else."""
    change = get_object_or_404(changes_in_sight(request.user), pk=pk)
    confirm_change(request.user, change)
    messages.success(
        request, _("Confirmed: the change of “%(record)s” counts for its author too.") % {"record": change.record}
    )
    return redirect("bar_changes")
