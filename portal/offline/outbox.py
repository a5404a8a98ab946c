"""Answers to what a device sends later: written without a network, delivered by a script that wants no page back."""

import datetime as dt
from collections.abc import Iterable

from django import forms
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

HEADER = "X-Outbox"


def is_from_outbox(request: HttpRequest) -> bool:
    """Whether a script delivers something that was written earlier."""
    return HEADER in request.headers


def written_at(request: HttpRequest) -> dt.datetime | None:
    """Return when it was written as the device says; never later than now, for clocks of phones go wrong."""
    try:
        moment = parse_datetime(request.POST.get("written_at", ""))
    except ValueError:
        return None
    if moment is None or timezone.is_naive(moment):
        return None
    return min(moment, timezone.now())


def taken(url: str, label: str) -> JsonResponse:
    """Say that it has arrived, now or before, and where it is read."""
    return _private(JsonResponse({"url": url, "label": label}))


def refused(reasons: Iterable[str], status: int = 422) -> JsonResponse:
    """Say why it was not taken; the device keeps it with the reasons."""
    return _private(JsonResponse({"reasons": list(reasons)}, status=status))


def reasons_of(form: forms.Form) -> list[str]:
    """Return what is wrong with a form, each with the name of its field."""
    return [
        f"{form.fields[name].label or name}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]


def _private(response: JsonResponse) -> JsonResponse:
    response["Cache-Control"] = "private, no-store"
    return response
