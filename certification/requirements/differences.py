"""差异培训: who holds the scheme of a sibling model learns what is different instead of everything anew."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.actions import Action
from certification.enums import Stage
from certification.kinds import requirement_kinds
from certification.models import Requirement
from certification.requirements.base import Asked, RowKind
from certification.requirements.hours import KIND as HOURS
from certification.requirements.hours import Credits
from certification.requirements.quiz import KIND as QUIZ
from certification.requirements.quiz import Attempts
from certification.requirements.rows import SCHEMES, Row
from certification.requirements.scheme import KIND as SCHEME
from certification.requirements.scheme import Entries, scheme_rows
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason

OF_QUIZ, OF_HOURS = "differences_quiz", "differences_hours"


class DifferencesReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    SHOWN = "differences_shown"
    MISSING = "differences_missing"


@dataclass(frozen=True)
class Sibling:
    """What somebody has shown: the ledger by scheme, the attempts by quiz, the credits by module."""

    entries: Entries
    attempts: Attempts
    credits: Credits


class DifferencesKind(RowKind):
    """The scheme of a sibling model held, and a module or a quiz on what is different; it does for all the others.

    The other requirements of the scheme are for who holds no sibling: either road leads to the grant.
    """

    key = "differences"
    label = gettext_lazy("Differences from a sibling model")
    order = 34
    fields = ("other_scheme", "quiz", "module", "minutes")
    constraint = Q(other_scheme__isnull=False) & (Q(quiz__isnull=False) | Q(module__isnull=False, minutes__gt=0))
    codes = frozenset(DifferencesReason.values)
    more_sources = (OF_QUIZ, OF_HOURS)
    is_alternative = True
    proof_params = ("other_scheme", "entry", "quiz", "attempt", "score", "module", "done", "taken_over", "excuse")

    def clean(self, requirement: Requirement) -> None:
        """The other scheme, and a module with its minutes or a quiz."""
        if requirement.other_scheme_id is None:
            raise ValidationError({"other_scheme": _("Choose the scheme of the sibling model.")})
        if not requirement.quiz_id and not (requirement.module_id and requirement.minutes):
            raise ValidationError({"kind": _("Choose a module with its minutes or a quiz on what is different.")})
        for name in sorted({name for kind in requirement_kinds for name in kind.fields} - set(self.fields)):
            if getattr(requirement, name):
                raise ValidationError({name: _("This kind of requirement does not use it; leave it empty.")})

    def _asked(self, column: str, *, of_schemes: bool) -> dict[str, Any]:
        asked = Requirement.objects.filter(kind=self.key, **{f"{column}__isnull": False})
        if of_schemes:
            asked = asked.filter(scheme__in=SCHEMES)
        return {f"{column}__in": asked.order_by().values(column)}

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The entries of the schemes of sibling models."""
        named = self._asked("other_scheme", of_schemes=of_schemes)["other_scheme__in"]
        return scheme_rows(named, self.key)

    def more_rows(self, *, of_schemes: bool) -> list[QuerySet[Any]]:
        """What was shown of the quizzes and the modules."""
        return [
            *QUIZ.rows_about(OF_QUIZ, self._asked("quiz", of_schemes=of_schemes)),
            *HOURS.rows_about(OF_HOURS, self._asked("module", of_schemes=of_schemes)),
        ]

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Sibling]:
        """What each has shown of all three."""
        listed = list(rows)
        entries = SCHEME.read(person_ids, [row for row in listed if row.source == self.key])
        attempts = QUIZ.read(person_ids, [row for row in listed if row.source == OF_QUIZ])
        credits = HOURS.read(person_ids, [row for row in listed if row.source == OF_HOURS])
        return {pk: Sibling(entries[pk], attempts[pk], credits[pk]) for pk in person_ids}

    def is_untouched(self, requirement: Requirement, shown: Sibling) -> bool:
        """Nothing on record of any of them."""
        has_entries = not SCHEME.is_untouched(requirement, shown.entries)
        has_shown = shown.attempts.has(requirement.quiz_id) or shown.credits.has(requirement.module_id)
        return not has_entries and not has_shown and requirement.quiz_id not in shown.attempts.exemptions

    def parts(self, requirement: Requirement, shown: Sibling, asked: Asked) -> list[Reason]:
        """Return what is asked for one by one, each as its own kind judges it: the scheme, the module, the quiz."""
        found = [SCHEME.judge(requirement, shown.entries, asked)]
        if requirement.module_id is not None:
            found.append(HOURS.judge(requirement, shown.credits, asked))
        if requirement.quiz_id is not None:
            found.append(QUIZ.judge(requirement, shown.attempts, asked))
        return found

    def judge(self, requirement: Requirement, shown: Sibling, asked: Asked) -> Reason:
        """All of the parts."""
        held, *learned = parts = self.parts(requirement, shown, asked)
        lacking = [part for part in parts if not part.met]
        sibling = requirement.other_scheme
        if not lacking:
            shown_by = [part.params.items() for part in parts]
            params = {name: value for items in shown_by for name, value in items if name in self.proof_params}
            facts = {"scheme": sibling, "parts": "；".join(part.message for part in learned)}
            message = _("Held for the sibling model: %(scheme)s; differences shown: %(parts)s") % facts
            return self.reason(requirement, DifferencesReason.SHOWN, message, met=True, **params)
        # What is next of it, for the way out; who does not hold the sibling is led to no course of it.
        following = lacking[0].params if held.met else {}
        params = {name: value for name, value in following.items() if name not in ("requirement", "kind")}
        params["begun"] = held.met
        facts = {"scheme": sibling, "parts": "；".join(part.message for part in lacking)}
        message = _("Or, for who holds %(scheme)s, the differences alone: %(parts)s") % facts
        return self.reason(requirement, DifferencesReason.MISSING, message, met=False, **params)

    def has_begun(self, reason: Reason) -> bool:
        """The sibling is held."""
        return reason.met or bool(reason.params["begun"])

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """What is different is learned."""
        return Stage.LEARNING if self.has_begun(reason) else Stage.NOT_STARTED

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """The course or the quiz, for who holds the sibling."""
        message, url = self.way_out(reason)
        return message, Action(_("See more"), url)

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """The course or the quiz, for who holds the sibling."""
        if "module" in reason.params:
            return HOURS.way_out(reason)
        if "quiz" in reason.params:
            return QUIZ.way_out(reason)
        return _("Only who is qualified for the sibling model learns just what is different."), reverse(
            "certification:mine"
        )

    def score(self, reason: Reason) -> int | None:
        """Points of the quiz, where there is one."""
        return reason.params.get("score")

    def minutes(self, reason: Reason) -> int:
        """Minutes of the module, where there is one."""
        return int(reason.params.get("done") or 0)


KIND = DifferencesKind()
