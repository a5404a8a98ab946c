"""Forms of field cases."""

import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kb.cases.errors import UnusablePhoto
from kb.cases.photos import read_photos
from kb.models import FieldCase
from portal.access.lookup import find_people
from portal.errors import AmbiguousPerson
from portal.models import EquipmentModel, Person

ROWS = forms.Textarea(attrs={"rows": 4})


class PhotosInput(forms.ClearableFileInput):
    """Several photos, from the camera or the album of a phone."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photos, decoded and scaled down while the form is checked; a picture that is none is an error of the field."""

    widget = PhotosInput(attrs={"accept": "image/*"})

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        """Return the photos as JPEG."""
        uploads = [upload for upload in (data if isinstance(data, list) else [data]) if upload]
        checked = [super(PhotosField, self).clean(upload, initial) for upload in uploads]
        try:
            return read_photos(checked)
        except UnusablePhoto as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from refused


class ColleaguesField(forms.CharField):
    """People by staff number or full name, as one types them; a list to choose from would show everybody."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.reporter: Person | None = None

    def clean(self, value: Any) -> list[Person]:
        """Return the people named; one nobody bears, or several bear, is named in the error."""
        return [self._named(word) for word in re.split(r"[\s,，、;；]+", super().clean(value)) if word]

    def _named(self, word: str) -> Person:
        others = Person.objects.filter(is_active=True).exclude(pk=self.reporter.pk if self.reporter else None)
        found = find_people(self.reporter, [word], others)[word]
        if isinstance(found, Person):
            return found
        if isinstance(found, AmbiguousPerson):
            raise forms.ValidationError(
                _("Several people are called “%(word)s”; write the staff number.") % {"word": word}
            )
        raise forms.ValidationError(_("Nobody called “%(word)s” was found; write the staff number.") % {"word": word})


class CaseForm(forms.ModelForm):
    """A report; filled from where the reporter comes from."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    complains_about = ColleaguesField(
        required=False,
        label=_("complains about"),
        help_text=_("Staff numbers or names. Whoever is named here neither sees nor works on the case."),
    )
    photos = PhotosField(required=False, label=_("photos"), help_text=_("Type plate, display, the part; 6 at most."))

    class Meta:
        model = FieldCase
        fields = [
            "title",
            "equipment",
            "serial",
            "severity",
            "symptom",
            "tried",
            "photos",
            "kind",
            "complains_about",
        ]
        widgets = {"symptom": ROWS, "tried": ROWS}

    def __init__(self, *args: Any, reporter: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4()
        self.fields["equipment"].queryset = EquipmentModel.objects.select_related("category").order_by("code")
        self.fields["complains_about"].reporter = reporter


class WordsForm(forms.Form):
    """What is said with an act."""

    text = forms.CharField(label=_("Text"), required=False, max_length=4000, widget=ROWS)


class AnswerForm(WordsForm):
    """The answer, with the cause it found."""

    cause = forms.CharField(label=_("cause"), required=False, max_length=300)
    field_order = ["cause", "text"]


class MergeForm(forms.Form):
    """The number of the other case."""

    number = forms.RegexField(r"^\s*(?:FC-?)?0*(\d{1,9})\s*$", label=_("Number of the other case"))

    def clean_number(self) -> int:
        """Return the key of the case."""
        return int("".join(filter(str.isdigit, self.cleaned_data["number"])))
