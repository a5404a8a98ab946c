"""Upload of a document that becomes the next edition of a manual."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.manuals.forms import NewEditionForm
from kb.manuals.imports.reading import READABLE

MEGABYTE = 1024 * 1024
MAX_MEGABYTES = 30


class ImportForm(NewEditionForm):
    """A document and what its edition is called."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy("Markdown (.md), Word (.docx) or HTML; pictures only from within the file."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(READABLE)}),
    )

    def clean_file(self) -> Any:
        """Look at the ending and the size; the content is looked at in the sandbox."""
        upload = self.cleaned_data["file"]
        if PurePath(upload.name).suffix.lower() not in READABLE:
            raise ValidationError(_("“%(name)s” is no Markdown, Word or HTML file.") % {"name": upload.name})
        if upload.size > MAX_MEGABYTES * MEGABYTE:
            facts = {"name": upload.name, "size": upload.size // MEGABYTE, "limit": MAX_MEGABYTES}
            raise ValidationError(_("“%(name)s” has %(size)s MB; at most %(limit)s MB can be brought in.") % facts)
        return upload
