"""Forms at the door: which named person somebody is, presses sent later, a scan of the sheet."""

import datetime as dt
import json
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from courses.checkins.taps import ACTS, AT_ONCE, Tap


class NamedForm(forms.Form):
    """Who somebody without an account is."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    tail = forms.CharField(
        label=gettext_lazy("Last four digits of the mobile number"),
        max_length=4,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class SheetScanForm(forms.Form):
    """A photo or PDF of the signed sheet."""

    scan = forms.FileField(
        label=gettext_lazy("Photo or PDF of the signed sheet"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )


def read_taps(body: bytes) -> list[Tap]:
    """Return the presses a telephone sends.

    Raises:
        ValueError: it is not what a telephone sends.
    """
    entries = json.loads(body)["taps"]
    if not isinstance(entries, list) or len(entries) > AT_ONCE:
        raise ValueError("taps")
    return [_tap(entry) for entry in entries]


def _tap(entry: Any) -> Tap:
    try:
        ago, enrolment, act = entry["ago"], entry["enrolment"], entry["act"]
        # Presses kept before the page told the meeting have none.
        meeting = entry.get("meeting")
        if not isinstance(ago, int) or not isinstance(enrolment, int) or act not in ACTS or abs(ago) > 10**12:
            raise ValueError("tap")
        if meeting is not None and not isinstance(meeting, int):
            raise ValueError("tap")
        return Tap(uuid.UUID(entry["key"]), enrolment, act, dt.timedelta(milliseconds=ago), meeting)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("tap") from error
