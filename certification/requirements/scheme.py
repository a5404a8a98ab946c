"""另一项资格: another scheme that must be held when this one is granted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel

from certification.actions import Action
from certification.ledger.standing import GRANTING, standing_under
from certification.models import LedgerEntry, Requirement, Scheme
from certification.requirements.base import Asked, RowKind, day_text
from certification.requirements.evidence import Entry, entry_of
from certification.requirements.rows import PEOPLE, Row, flag, rows_of
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason


class SchemeReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    HELD = "other_scheme_held"
    NOT_HELD = "other_scheme_not_held"


@dataclass
class Rung:
    """The ledger of one scheme, with what its levels and days are judged by."""

    scheme: Scheme
    entries: list[Entry] = field(default_factory=list)


class Entries(dict[int, Rung]):
    """What the ledger says of somebody, by scheme."""

    def doing_for(self, lower: Scheme) -> list[Rung]:
        """Return what may do for a scheme: itself, then the higher levels of its track, the next one first."""
        found = [rung for rung in self.values() if rung.scheme.does_for(lower)]
        return sorted(found, key=lambda rung: (rung.scheme.pk != lower.pk, rung.scheme.level, rung.scheme.pk))


def scheme_rows(named: Any, source: str) -> QuerySet[Any]:
    """Return the entries of ``named`` schemes and of the higher levels of their tracks, as rows of the evidence.

    Neither reasons nor numbers of certificates are needed here; what the scheme is judged by stands in their place.
    """
    doing = Scheme.objects.doing_for(named).order_by().values("pk")
    return rows_of(
        LedgerEntry.objects.filter(person__in=PEOPLE, scheme__in=doing),
        source,
        "scheme_id",
        days=["valid_from", "valid_to"],
        moments=["recorded_at"],
        numbers=["corrects_id", flag("is_void"), flag("scheme__is_active"), "scheme__level", "scheme__grace_days"],
        texts=["kind", "scheme__name", "scheme__track", "scheme__effect"],
    )


def _rung_of(row: Row) -> Rung:
    scheme = Scheme(
        pk=row.subject,
        name=row.text_2 or "",
        track=row.text_3 or "",
        effect=row.text_4 or "",
        is_active=bool(row.number_3),
        level=row.number_4 or 0,
        grace_days=row.number_5 or 0,
    )
    return Rung(scheme)


class SchemeKind(RowKind):
    """A scheme held, or a higher level of its track; what is loaded are the ledger entries by scheme.

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
        """The entries of the schemes that are asked for, and of what does for them."""
        if of_schemes:
            return scheme_rows(self.asked_for(of_schemes=True)["other_scheme__in"], self.key)
        asked = Requirement.objects.filter(kind=self.key, other_scheme__isnull=False).order_by()
        return scheme_rows(asked.values("other_scheme"), self.key)

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Entries]:
        """By scheme, in the order in which they were recorded."""
        found = {pk: Entries() for pk in person_ids}
        for row in sorted(rows, key=lambda row: (row.moment_1, row.key)):
            rung = found[row.person].setdefault(row.subject, _rung_of(row))
            rung.entries.append(entry_of(row._replace(number_3=None, text_2=None, text_4=None)))
        return found

    def is_untouched(self, requirement: Requirement, shown: Entries) -> bool:
        """Nothing on record."""
        return requirement.other_scheme is None or not shown.doing_for(requirement.other_scheme)

    def judge(self, requirement: Requirement, shown: Entries, asked: Asked) -> Reason:
        """Ask the ledger where the other scheme stands that day, or a higher level of its track."""
        other = requirement.other_scheme
        if other is None:
            raise ValueError(f"{requirement} names no scheme")
        params: dict[str, Any] = {"other_scheme": other.code}
        for rung in shown.doing_for(other):
            where = standing_under(rung.scheme, rung.entries, asked.on, asked.known_at)
            if where.counts and where.grant is not None:
                facts = {"scheme": rung.scheme.name, "day": day_text(where.until)}
                params["entry"] = where.grant.root.pk
                message = _("%(scheme)s is held, valid until %(day)s") % facts
                if where.grace_until is not None:
                    facts["ended"] = day_text(where.valid_to)
                    message = _("%(scheme)s ended on %(ended)s; it counts in its days of grace until %(day)s") % facts
                return self.reason(requirement, SchemeReason.HELD, message, met=True, **params)
        message = _("%(scheme)s must be held first") % {"scheme": other.name}
        return self.reason(requirement, SchemeReason.NOT_HELD, message, met=False, **params)

    def began(self, schemes: Collection[Scheme]) -> QuerySet[Any]:
        """Another scheme they ask for was granted at some time: it is held, not shown anew each round."""
        asked = Requirement.objects.filter(scheme__in=schemes, other_scheme__isnull=False).order_by()
        doing = Scheme.objects.doing_for(asked.values("other_scheme")).order_by()
        granted = LedgerEntry.objects.filter(kind__in=GRANTING, scheme__in=doing.values("pk"))
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
