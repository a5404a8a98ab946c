"""Edit panels of a module."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)

from courses.modules.forms import TrainingModuleForm
from portal.admin.long_choices import FoundCheckboxes

identity_panel = MultiFieldPanel(
    [
        # A plain field: the slug field of the editing area would turn TM-11 into tm-11.
        FieldRowPanel([FieldPanel("code", widget=forms.TextInput(), required_on_save=True), FieldPanel("level")]),
        FieldPanel("title", required_on_save=True),
        FieldRowPanel([FieldPanel("edition"), FieldPanel("owner")]),
        FieldPanel("summary", widget=forms.Textarea(attrs={"rows": 4})),
        FieldRowPanel([FieldPanel("category", required_on_save=True), FieldPanel("minutes", required_on_save=True)]),
    ],
    heading=_("Module"),
)

topics_panel = InlinePanel(
    "topics",
    heading=_("Covering content"),
    label=_("topic"),
    help_text=_("One line a topic, as the training plan writes it, with what one reads and looks at about it."),
    panels=[
        FieldRowPanel([FieldPanel("topic"), FieldPanel("text")]),
        FieldPanel("chapters", widget=FoundCheckboxes("kb.manualchapter")),
        FieldPanel("articles", widget=FoundCheckboxes("kb.faultarticle")),
        FieldPanel("drawings", widget=FoundCheckboxes("drawings")),
    ],
)

module_panels = TabbedInterface(
    [
        ObjectList([identity_panel, topics_panel, FieldPanel("pasted")], heading=_("Content")),
        ObjectList(
            [
                MultiFieldPanel([FieldPanel("trainers")], heading=_("Qualified trainers")),
                MultiFieldPanel(
                    [FieldRowPanel([FieldPanel("task"), FieldPanel("trainer_policy")])],
                    heading=_("Trainers on the day"),
                ),
                MultiFieldPanel([FieldPanel("place"), FieldPanel("for_whom")], heading=_("Place and trainees")),
                MultiFieldPanel(
                    [
                        FieldPanel("prerequisites", widget=FoundCheckboxes("modules")),
                        FieldPanel("prerequisite_policy"),
                    ],
                    heading=_("Prerequisites"),
                ),
            ],
            heading=_("Trainers and trainees"),
        ),
        ObjectList(
            [
                FieldPanel("equipment"),
                FieldPanel("materials", widget=FoundCheckboxes("materials")),
                FieldPanel("audience"),
                FieldPanel("is_template"),
                PublishingPanel(),
            ],
            heading=_("Equipment and readers"),
        ),
    ],
    base_form_class=TrainingModuleForm,
)
