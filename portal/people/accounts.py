"""Sign-in by staff number (django-allauth adapter and form), rate limited, without self-registration."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.signals import password_changed, user_logged_in, user_logged_out
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal.access import audit
from portal.access.lookup import staff_number_typed
from portal.models import Person

PAUSE_SECONDS = 300
PAUSED = _(
    "Five wrong passwords in a row: to protect this account nobody can sign in to it for five minutes. "
    "Nothing else has changed. If you do not remember the password, ask the administrator of your organisation."
)


class StaffAccountAdapter(DefaultAccountAdapter):
    """People are entered by their organisation; nobody signs up. Guessing ends at the fifth wrong password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """Mark the letter as written by a machine (RFC 3834), so that absence notes do not answer it."""
        marked = {"Auto-Submitted": "auto-generated"} | (headers or {})
        return super().render_mail(template_prefix, email, context, headers=marked)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Answer 429, without looking at the password, while the account pauses."""
        if not self._has_attempts_left(request, credentials):
            raise ImmediateHttpResponse(_pause(request))
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record the failure; the fifth one is also recorded as a pause."""
        person = _person(credentials)
        blocked = not self._has_attempts_left(request, credentials)
        action = "portal.sign_in_blocked" if blocked else "portal.sign_in_failed"
        # An unknown name is not written down: people type passwords into the wrong field.
        audit.record(action, person or "portal.person:unknown", address=self.get_client_ip(request))
        if blocked:
            raise ImmediateHttpResponse(_pause(request))

    def _has_attempts_left(self, request: HttpRequest, credentials: dict[str, Any]) -> bool:
        usage = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed",
            key=self._get_login_attempts_cache_key(request, **credentials),
            dry_run=True,
        )
        return bool(usage)


def _person(credentials: dict[str, Any]) -> Person | None:
    return Person.objects.filter(staff_number__iexact=credentials.get("username", "")).first()


def _pause(request: HttpRequest) -> Any:
    response = render(request, "429.html", {"message": PAUSED}, status=429)
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response


class StaffLoginForm(LoginForm):
    """The sign-in form with the words of the trade."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Staff number")
        self.fields["login"].max_length = None
        self.fields["login"].widget.attrs.update(
            {"placeholder": _("for example T001"), "autocapitalize": "characters", "autocomplete": "username"}
        )

    def clean_login(self) -> str:
        """Return the staff number that was meant: width, spaces, hyphens and a pasted label do not matter.

        The limits of sign-in count by it, so that another spelling is no further attempt.
        """
        return staff_number_typed(super().clean_login())


@receiver(user_logged_in, dispatch_uid="portal.signed_in")
def record_sign_in(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Write the sign-in into the audit log."""
    audit.record("portal.signed_in", user, actor=user)


@receiver(user_logged_out, dispatch_uid="portal.signed_out")
def record_sign_out(sender: Any, request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    """Write the sign-out into the audit log."""
    if user is not None:
        audit.record("portal.signed_out", user, actor=user)


@receiver(password_changed, dispatch_uid="portal.password_changed")
def record_password_change(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Write the change, never the password, into the audit log."""
    audit.record("portal.password_changed", user, actor=user)


@receiver(authenticator_added, dispatch_uid="portal.second_factor_added")
def record_second_factor(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Write into the audit log that a second factor was set up."""
    audit.record("portal.second_factor_added", user, actor=user)


@receiver(authenticator_removed, dispatch_uid="portal.second_factor_removed")
def record_second_factor_gone(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Write into the audit log that a second factor was taken away."""
    audit.record("portal.second_factor_removed", user, actor=user)
