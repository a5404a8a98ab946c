"""What forms of the editing area say before a dangerous draft is published by one person alone."""

from typing import Any

from django import forms

from kb.errors import ReviewMissing


def refuse_alone(form: forms.Form, *, is_dangerous: bool, title: Any) -> None:
    """Add an error when the button that publishes was pressed on dangerous content; what was typed is kept."""
    if is_dangerous and "action-publish" in form.data:
        form.add_error(None, forms.ValidationError(str(ReviewMissing(title=title)), code=ReviewMissing.code))
