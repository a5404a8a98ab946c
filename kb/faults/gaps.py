"""What an article does not say yet: told to its editor, never printed for readers."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel

from kb.enums import Recovery
from kb.models import FaultArticle
from portal.enums import SubjectKind


def missing_facts(article: FaultArticle) -> list[str]:
    """Return what readers of ``article`` would look for and not find, as sentences for its editor."""
    return [*_of_causes(article), *_of_machine(article), *_of_work(article)]


def _of_causes(article: FaultArticle) -> Iterator[str]:
    pairs = [pair for pair in article.pairs.all() if pair.cause]
    is_species = article.category_id is not None and article.category.kind == SubjectKind.SPECIES
    for message, lacking in (
        (_("No check for cause %(numbers)s"), lambda pair: not pair.check_text),
        (_("No remedy for cause %(numbers)s"), lambda pair: not pair.remedy),
        (_("No dose for cause %(numbers)s"), lambda pair: is_species and pair.remedy and not pair.dose),
        (_("No withdrawal period for cause %(numbers)s"), lambda pair: pair.dose and not pair.withdrawal),
    ):
        numbers = [str(number) for number, pair in enumerate(pairs, 1) if lacking(pair)]
        if numbers:
            yield message % {"numbers": "、".join(numbers)}


def _of_machine(article: FaultArticle) -> Iterator[str]:
    if article.codes.all():
        if not article.display_where:
            yield _("Where the code is shown")
        if not article.judgement:
            yield _("When the code is set")
        if not article.clear_when and article.recovery == Recovery.UNKNOWN:
            yield _("When the code clears, and whether by itself")
    if not article.alias_list:
        yield _("What people say instead of the title")
    if not article.pictures:
        yield _("A picture of the fault or of where the parts sit")


def _of_work(article: FaultArticle) -> Iterator[str]:
    if not article.who_may_do:
        yield _("Who may do the work")
    if not article.minutes:
        yield _("How long the work takes")
    if not article.tool_list:
        yield _("Which tools are needed")
    if article.chapter_id is None:
        yield _("The chapter of a manual behind it")
    if not article.review_due:
        yield _("When it is to be reviewed")


class MissingPanel(Panel):
    """A list of what the article does not say yet; nothing for an article that says all."""

    class BoundPanel(Panel.BoundPanel):
        """The list for one article, as it was last saved."""

        template_name = "kb/faults/admin/missing.html"

        def is_shown(self) -> bool:
            """Return whether the article is stored and lacks something."""
            return self.instance.pk is not None and bool(missing_facts(self.instance))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add what is missing."""
            return super().get_context_data(parent_context) | {"missing": missing_facts(self.instance)}
