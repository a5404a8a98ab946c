"""Bulletins in the Wagtail admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn

from kb.columns import choice_column
from kb.control.forms import refuse_alone
from kb.manuals.forms import EquipmentField
from kb.models import Bulletin
from portal.admin.forms import InSightForm
from portal.admin.snippets import AuditedSnippetViewSet
from portal.enums import Role
from portal.templatetags.portal_format import org_day

READERS = [choice for choice in Role.choices if choice[0] != Role.CUSTOMER_CONTACT]


class BulletinForm(InSightForm):
    """A bulletin: a draft may be incomplete, what is published may not."""

    equipment = EquipmentField(required=False, label=_("equipment models"))
    reader_roles = forms.MultipleChoiceField(
        choices=READERS,
        required=False,
        label=_("roles that confirm"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means everybody of the service network."),
    )

    def clean_places(self) -> Any:
        """Keep the places the editor cannot see."""
        return self.keep_unseen("places")

    def clean(self) -> dict[str, Any]:
        """Refuse to publish what is incomplete."""
        cleaned = super().clean()
        if not self.is_deferred_validation:
            drafted = Bulletin(
                pk=self.instance.pk,
                kind=cleaned.get("kind", ""),
                edition=cleaned.get("edition", ""),
                body=cleaned.get("body", []),
                read_by=cleaned.get("read_by"),
            )
            refuse_alone(self, is_dangerous=drafted.is_dangerous, title=cleaned.get("title", ""))
            for shortfall in drafted.shortfalls():
                self.add_error(None, forms.ValidationError(shortfall.message, code=shortfall.code))
        return cleaned


bulletin_panels = TabbedInterface(
    [
        ObjectList(
            [
                FieldRowPanel([FieldPanel("number", required_on_save=True), FieldPanel("edition"), FieldPanel("kind")]),
                FieldPanel("title", required_on_save=True),
                FieldPanel("summary", required_on_save=True),
                FieldPanel("body"),
                FieldPanel("aliases", widget=forms.Textarea(attrs={"rows": 2})),
            ],
            heading=_("Content"),
        ),
        ObjectList(
            [
                FieldPanel("category"),
                FieldPanel("equipment"),
                FieldRowPanel([FieldPanel("serial_from"), FieldPanel("serial_to")]),
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
            ],
            heading=_("Which equipment"),
        ),
        ObjectList(
            [
                FieldPanel("audience"),
                MultiFieldPanel(
                    [FieldPanel("read_by"), FieldPanel("reader_roles"), FieldPanel("places")],
                    heading=_("To be read and confirmed"),
                ),
                FieldRowPanel([FieldPanel("review_due")]),
                FieldPanel("note", widget=forms.Textarea(attrs={"rows": 2})),
                PublishingPanel(),
            ],
            heading=_("Readers"),
        ),
    ],
    base_form_class=BulletinForm,
)


class BulletinViewSet(AuditedSnippetViewSet):
    """Bulletins and regulations: draft, preview, publish, history."""

    model = Bulletin
    icon = "info-circle"
    menu_label = _("Bulletins")
    menu_order = 150
    edit_handler = bulletin_panels
    list_display = [
        "__str__",
        choice_column("kind", _("kind"), sort_key="kind"),
        Column("edition", label=_("edition")),
        Column(
            "read_by",
            label=_("to be confirmed by"),
            accessor=lambda row: org_day(row.read_by) or "—",
            sort_key="read_by",
        ),
        LiveStatusTagColumn(),
    ]
    list_filter = ["kind", "audience", "live"]
    list_export = ["number", "title", "kind", "edition", "valid_from", "valid_until", "read_by", "audience", "live"]
    export_filename = "bulletins"
    list_per_page = 30
    ordering = ["-valid_from", "number"]
