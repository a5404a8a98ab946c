"""Field for scans of what was issued on paper: cards, licences, records of before the portal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.statutory.errors import UnusableScan
from certification.statutory.scans import scan_ending

# What phones offer to photograph or to pick; the content is checked besides.
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class ScanField(forms.FileField):
    """An image or a PDF, looked at by its content; what is neither is an error of the field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Scan"))
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ACCEPTED}))
        kwargs.setdefault("help_text", _("A photo or a PDF, 10 MB at most. Only the person and who may open the file."))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Look at the content, not at the name."""
        upload = super().clean(data, initial)
        if upload:
            try:
                scan_ending(upload)
            except UnusableScan as error:
                raise forms.ValidationError(str(error)) from None
        return upload
