"""What the forms of articles and guides share about the verdict on a revision."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel

from kb.enums import VerdictKind
from kb.models import EditionVerdict

TOUCHED_VIEW = "kb_touched"


class TouchedPanel(Panel):
    """Leads to whom a verdict that asks for something touches today.

    A page of its own, since all holders are judged for it: the form of every article would wait for them.
    """

    class BoundPanel(Panel.BoundPanel):
        """The link for one record."""

        template_name = "kb/manuals/admin/touched_link.html"

        def is_shown(self) -> bool:
            """Return whether the record is stored and says what it is about."""
            return self.instance.pk is not None and self.instance.category_id is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add where it is seen."""
            url = reverse(TOUCHED_VIEW, args=[self.instance._meta.model_name, self.instance.pk])
            return super().get_context_data(parent_context) | {"touched_url": url}


def verdict_panel() -> MultiFieldPanel:
    """Return the panel on which an editor gives the verdict."""
    fields = FieldRowPanel([FieldPanel("revision_verdict", widget=forms.RadioSelect), FieldPanel("read_until")])
    return MultiFieldPanel([TouchedPanel(), fields], heading=_("What must people who work by it do?"))


class JudgedForm:
    """A form whose verdict is about the revision being written: what was asked of the last one is not asked again."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def clean_revision_verdict(self) -> str:
        """Take what is not said as editorial: nobody is asked for anything."""
        return self.cleaned_data["revision_verdict"] or VerdictKind.EDITORIAL

    def begin_verdict(self, values: dict[str, Any], instance: Any) -> None:
        """Empty the verdict where the revision the form begins with was published with one."""
        if "revision_verdict" in self.fields:
            self.fields["revision_verdict"].required = False
        if instance.latest_revision_id is None:
            return
        if EditionVerdict.objects.filter(revision=instance.latest_revision_id).exists():
            values |= {"revision_verdict": VerdictKind.EDITORIAL, "read_until": None}
