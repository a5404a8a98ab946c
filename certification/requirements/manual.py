"""阅读确认: an edition of a manual that was read and confirmed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, cast

from django.db import models
from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel

from certification.actions import Action
from certification.enums import Stage
from certification.models import ManualReading, Requirement, Scheme
from certification.requirements.base import Asked, RowKind, day_text
from certification.requirements.rows import PEOPLE, Row, rows_of
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason


class ReadReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    READ = "manual_read"
    UNREAD = "manual_unread"


class Read(NamedTuple):
    """An edition somebody confirmed to have read."""

    pk: int
    confirmed_at: dt.datetime
    edition: str


Readings = dict[int, list[Read]]


class ReadingKind(RowKind):
    """A manual read in the edition that was current; what is loaded are the confirmations by manual.

    Later editions ask again by their verdict, not by this requirement.
    """

    key = "manual"
    label = gettext_lazy("Manual read")
    order = 12
    fields = ("manual",)
    constraint = Q(manual__isnull=False)
    codes = frozenset(ReadReason.values)
    precedes_quiz = True
    proof_params = ("manual", "edition", "reading")

    def panels(self) -> list[Panel]:
        """The manual."""
        return [FieldPanel("manual")]

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The confirmations."""
        asked = {f"edition__{name}": value for name, value in self.asked_for(of_schemes=of_schemes).items()}
        edition = Concat("edition__edition", Value(""), output_field=CharField())
        found = ManualReading.objects.filter(person__in=PEOPLE, **asked)
        return rows_of(found, self.key, "edition__manual_id", moments=["confirmed_at"], texts=[edition])

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Readings]:
        """By manual, in the order in which they were confirmed."""
        found: dict[int, Readings] = {pk: defaultdict(list) for pk in person_ids}
        for row in sorted(rows, key=lambda row: (row.moment_1, row.key)):
            said = Read(row.key, cast("dt.datetime", row.moment_1), row.text_1 or "")
            found[row.person][row.subject].append(said)
        return found

    def is_untouched(self, requirement: Requirement, shown: Readings) -> bool:
        """Nothing on record."""
        return requirement.manual_id not in shown

    def judge(self, requirement: Requirement, shown: Readings, asked: Asked) -> Reason:
        """Look for the last confirmation of the round."""
        manual = requirement.manual
        if manual is None:
            raise ValueError(f"{requirement} names no manual")
        params: dict[str, Any] = {"manual": manual.number}
        for said in reversed(shown.get(manual.pk, ())):
            day = timezone.localdate(said.confirmed_at)
            if asked.counts(day, said.confirmed_at):
                facts = {"manual": manual.title, "edition": said.edition, "day": day_text(day)}
                message = _("%(manual)s, edition %(edition)s, read and confirmed on %(day)s") % facts
                params |= {"edition": said.edition, "reading": said.pk}
                return self.reason(requirement, ReadReason.READ, message, met=True, **params)
        message = _("%(manual)s not read and confirmed yet") % {"manual": manual.title}
        return self.reason(requirement, ReadReason.UNREAD, message, met=False, **params)

    def begun_by(self, person: Model) -> Q:
        """A manual was read."""
        read = ManualReading.objects.filter(person=person)
        return Q(requirements__manual__in=read.order_by().values("edition__manual"))

    def began(self, schemes: Collection[Scheme]) -> QuerySet[Any]:
        """A manual was read."""
        return self.in_round(ManualReading.objects.all(), schemes, "confirmed_at", subject="edition__manual")

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """Reading is learning."""
        return Stage.LEARNING if begun else Stage.NOT_STARTED

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """The page on which it is confirmed."""
        return "", Action(_("Read and confirm"), self.way_out(reason)[1])

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """The page on which it is confirmed."""
        address = reverse("certification:read_manual", args=[reason.params["manual"]])
        return _("Read the manual and confirm it."), address


KIND = ReadingKind()
