"""Form fields and forms shared by several folders of certification."""

import uuid

from django import forms


class OnceForm(forms.Form):
    """A form whose acts happen once: it carries a key made when it was shown."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
