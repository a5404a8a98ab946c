"""Fields and forms that several nouns of certification share."""

import uuid
from typing import Any

from django import forms


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class OnceForm(forms.Form):
    """A form whose acts happen once: it carries a key made when it was shown."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
