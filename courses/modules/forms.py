"""Admin form of a module."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import ModuleTopic, TrainingModule
from courses.modules.pasting import add_topics, pasted_topics
from courses.modules.prerequisites import circle_through, unfit_prerequisites
from portal.admin.forms import InSightForm
from portal.admin.long_choices import LongCheckboxes, trainer_label, trainers
from portal.models import EquipmentModel, Person


class TrainersField(forms.ModelMultipleChoiceField):
    """Those who may be named as qualified trainers, as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trainers(), widget=LongCheckboxes("trainers"), **kwargs)

    def label_from_instance(self, obj: Person) -> str:
        """Name, number and where the person works."""
        return trainer_label(obj)


class MachinesField(forms.ModelMultipleChoiceField):
    """The machines a module is about, as boxes to tick, each with its code."""

    def __init__(self, **kwargs: Any) -> None:
        boxes = LongCheckboxes("machines", attrs={"class": "kb-machines"})
        super().__init__(EquipmentModel.objects.select_related("category"), widget=boxes, **kwargs)

    def label_from_instance(self, obj: EquipmentModel) -> str:
        """Name and code."""
        return f"{obj.name} · {obj.code}"


class TrainingModuleForm(InSightForm):
    """A module with its topics: a draft may be without content, what is published may not."""

    #: What was pasted, taken apart.
    pasted_lines: Sequence[ModuleTopic] = ()

    trainers = TrainersField(required=False, label=gettext_lazy("qualified trainers"))
    equipment = MachinesField(required=False, label=gettext_lazy("equipment models"))
    pasted = forms.CharField(
        required=False,
        max_length=4000,
        label=gettext_lazy("Paste topics"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, or one cell of a plan; added below the topics above when you save."),
    )

    def clean_owner(self) -> Any:
        """Keep an owner out of the editor's sight."""
        return self.keep_unseen_one("owner")

    def clean_trainers(self) -> Any:
        """Keep trainers of other branches, whom the editor does not see."""
        return self.keep_unseen("trainers")

    def clean_pasted(self) -> str:
        """Take what was pasted apart, so that a line too long is refused before anything is saved."""
        text: str = self.cleaned_data["pasted"]
        self.pasted_lines = pasted_topics(text) if text.strip() else []
        longest = ModuleTopic._meta.get_field("text").max_length or 0
        for line in self.pasted_lines:
            if len(line.text) > longest:
                raise forms.ValidationError(
                    _("“%(start)s…” is longer than %(number)s characters.")
                    % {"start": line.text[:20], "number": longest},
                    "too_long",
                )
        return text

    def save(self, commit: bool = True) -> TrainingModule:
        """Add the pasted topics below those that were typed."""
        module: TrainingModule = super().save(commit=False)
        add_topics(module, self.pasted_lines)
        if commit:
            module.save()
        return module

    def clean(self) -> dict[str, Any]:
        """Refuse to publish a template, a module without covering content, or one that is its own prerequisite."""
        cleaned = super().clean()
        self._check_prerequisites(list(cleaned.get("prerequisites") or ()))
        if not self.is_deferred_validation and cleaned.get("is_template"):
            self.add_error("is_template", _("A template is not published. Copy it and publish the copy."))
        topics = self.formsets.get("topics")
        written = [form for form in topics.forms if _is_written(form)] if topics else []
        if not self.is_deferred_validation and not written and not self.pasted_lines:
            self.add_error(None, forms.ValidationError(_("Add at least one topic before publishing."), "no_topics"))
        return cleaned

    def _check_prerequisites(self, wanted: list[TrainingModule]) -> None:
        """See that what comes before is published and does not come after as well; what is wrong is named."""
        circle = circle_through(self.instance, wanted)
        if len(circle) == 2:
            self.add_error("prerequisites", _("A module does not come before itself."))
        elif circle:
            text = _("These modules would come before one another: %(modules)s.")
            self.add_error("prerequisites", text % {"modules": " → ".join(module.title for module in circle)})
        unfit = [module.title for module in unfit_prerequisites(wanted)]
        if unfit:
            text = _("Drafts and templates cannot be credited, so nothing comes after them: %(modules)s.")
            self.add_error("prerequisites", text % {"modules": "、".join(unfit)})


def _is_written(form: forms.ModelForm) -> bool:
    return bool(form.is_valid() and form.cleaned_data.get("text") and not form.cleaned_data.get("DELETE"))


class CourseForm(InSightForm):
    """A course; who looks after it stays where the editor cannot see that place."""

    def clean(self) -> dict[str, Any]:
        """Refuse templates, and a course on offer of which nothing is published."""
        cleaned = super().clean()
        parts = self.formsets.get("parts")
        forms_left = [form for form in parts.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        modules = [form.cleaned_data["module"] for form in forms_left if form.cleaned_data.get("module")]
        templates = [module.title for module in modules if module.is_template]
        if templates:
            self.add_error(None, _("Templates are not taught: %(modules)s.") % {"modules": "、".join(templates)})
        if cleaned.get("is_active") and modules and not any(module.live for module in modules):
            self.add_error("is_active", _("None of its modules is published. Publish one before offering the course."))
        return cleaned

    def clean_owner(self) -> Any:
        """Keep an owner out of the editor's sight."""
        return self.keep_unseen_one("owner")


class CopyForm(forms.Form):
    """Code and title of the copy of a module."""

    code = forms.SlugField(label=gettext_lazy("module code"), max_length=20)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
