"""Admin form of a module."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.manuals.queries import current_chapters
from portal.admin.forms import InSightForm
from portal.admin.long_choices import LongCheckboxes
from portal.enums import Role
from portal.models import EquipmentModel, Person


class TrainersField(forms.ModelMultipleChoiceField):
    """Those who may be named as qualified trainers, as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        trainers = Person.objects.filter(is_active=True, groups__name=Role.TRAINER).select_related("organisation")
        super().__init__(trainers.order_by("name"), widget=LongCheckboxes("trainers"), **kwargs)

    def label_from_instance(self, obj: Person) -> str:
        """Name, number and where the person works."""
        return f"{obj} · {obj.organisation}" if obj.organisation else str(obj)


class MachinesField(forms.ModelMultipleChoiceField):
    """The machines a module is about, as boxes to tick, each with its code."""

    def __init__(self, **kwargs: Any) -> None:
        boxes = LongCheckboxes("machines", attrs={"class": "kb-machines"})
        super().__init__(EquipmentModel.objects.select_related("category"), widget=boxes, **kwargs)

    def label_from_instance(self, obj: EquipmentModel) -> str:
        """Name and code."""
        return f"{obj.name} · {obj.code}"


class ChapterSelect(forms.Select):
    """The chapters of the current editions, grouped by edition."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Return the groups; a chapter chosen before stays on offer although its edition was replaced."""
        chosen = next((int(pk) for pk in value if pk.isdigit()), None)
        groups: dict[str, list[tuple[int, str]]] = {}
        for chapter in current_chapters(keep=chosen):
            manual = chapter.edition.manual
            groups.setdefault(f"{manual.number} {manual.title} {chapter.edition.edition}", []).append(
                (chapter.pk, str(chapter))
            )
        self.choices = [("", "---------"), *groups.items()]
        return super().optgroups(name, value, attrs)


class TrainingModuleForm(InSightForm):
    """A module with its topics: a draft may be without content, what is published may not."""

    trainers = TrainersField(required=False, label=gettext_lazy("qualified trainers"))
    equipment = MachinesField(required=False, label=gettext_lazy("equipment models"))

    def clean_trainers(self) -> Any:
        """Keep trainers of other branches, whom the editor does not see."""
        return self.keep_unseen("trainers")

    def clean(self) -> dict[str, Any]:
        """Refuse to publish a module without covering content."""
        cleaned = super().clean()
        topics = self.formsets.get("topics")
        written = [form for form in topics.forms if _is_written(form)] if topics else []
        if not self.is_deferred_validation and not written:
            self.add_error(None, forms.ValidationError(_("Add at least one topic before publishing."), "no_topics"))
        return cleaned


def _is_written(form: forms.ModelForm) -> bool:
    return bool(form.is_valid() and form.cleaned_data.get("text") and not form.cleaned_data.get("DELETE"))
