"""另一项资格: another scheme that must be held when this one is granted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel

from certification.ledger.standing import GRANTING, standing
from certification.models import LedgerEntry, Requirement, Scheme
from certification.requirements.base import Action, Asked, RowKind, day_text
from certification.requirements.evidence import Entry, entry_of, rows_of_entries
from certification.requirements.rows import PEOPLE, Row
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason


class SchemeReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    HELD = "other_scheme_held"
    NOT_HELD = "other_scheme_not_held"


Entries = dict[int, list[Entry]]


class SchemeKind(RowKind):
    """A scheme held; what is loaded are the ledger entries by scheme.

    It is asked for at the grant, as a level that stands on a lower one. What must be held every day besides is a
    condition.
    """

    key = "scheme"
    label = gettext_lazy("Another scheme held")
    order = 5
    fields = ("other_scheme",)
    constraint = Q(other_scheme__isnull=False)
    codes = frozenset(SchemeReason.values)
    proof_params = ("other_scheme", "entry")

    def panels(self) -> list[Panel]:
        """The scheme."""
        return [FieldPanel("other_scheme")]

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The entries of the schemes that are asked for."""
        asked = Requirement.objects.filter(kind=self.key).order_by().values("other_scheme")
        found = LedgerEntry.objects.filter(person__in=PEOPLE, scheme__in=asked)
        if of_schemes:
            wanted = self.asked_for(of_schemes=True)["other_scheme__in"]
            found = LedgerEntry.objects.filter(person__in=PEOPLE, scheme__in=wanted)
        return rows_of_entries(found, self.key)

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Entries]:
        """By scheme, in the order in which they were recorded."""
        found: dict[int, Entries] = {pk: defaultdict(list) for pk in person_ids}
        for row in sorted(rows, key=lambda row: (row.moment_1, row.key)):
            found[row.person][row.subject].append(entry_of(row))
        return found

    def is_untouched(self, requirement: Requirement, shown: Entries) -> bool:
        """Nothing on record."""
        return requirement.other_scheme_id not in shown

    def judge(self, requirement: Requirement, shown: Entries, asked: Asked) -> Reason:
        """Ask the ledger where the other scheme stands that day."""
        other = requirement.other_scheme
        if other is None:
            raise ValueError(f"{requirement} names no scheme")
        where = standing(shown.get(other.pk, ()), asked.on, asked.known_at)
        params: dict[str, Any] = {"other_scheme": other.code}
        if where.is_valid and where.grant is not None:
            facts = {"scheme": other.name, "day": day_text(where.valid_to)}
            params["entry"] = where.grant.root.pk
            message = _("%(scheme)s is held, valid until %(day)s") % facts
            return self.reason(requirement, SchemeReason.HELD, message, met=True, **params)
        message = _("%(scheme)s must be held first") % {"scheme": other.name}
        return self.reason(requirement, SchemeReason.NOT_HELD, message, met=False, **params)

    def began(self, schemes: Collection[Scheme]) -> QuerySet[Any]:
        """Another scheme they ask for was granted at some time: it is held, not shown anew each round."""
        asked = Requirement.objects.filter(scheme__in=schemes, other_scheme__isnull=False).order_by()
        granted = LedgerEntry.objects.filter(kind__in=GRANTING, scheme__in=asked.values("other_scheme"))
        return granted.order_by().values("person")

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """Where the steps of the other scheme stand."""
        message, url = self.way_out(reason)
        return message, Action(_("See its steps"), url)

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """The other scheme comes first."""
        return _("Earn the other qualification first; its steps stand with your certification."), reverse(
            "certification:mine"
        )


KIND = SchemeKind()
