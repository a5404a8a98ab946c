"""Sign-in by staff number (django-allauth adapter and form), rate limited, without self-registration."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.signals import password_changed, user_logged_in, user_logged_out
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from django import forms
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal.access import audit
from portal.access.lookup import staff_number_typed
from portal.models import Person
from portal.people.devices import known_device, remember_device
from portal.typed import LONGEST_TYPED

PAUSE_SECONDS = 300
PAUSED = _(
    "Five wrong passwords in a row: to protect this account nobody can sign in to it from here for five minutes. "
    "Nothing else has changed. If you do not remember the password, ask the administrator of your organisation."
)


class StaffAccountAdapter(DefaultAccountAdapter):
    """People are entered by their organisation; nobody signs up. Guessing ends at the fifth wrong password.

    Counted is the pair of place and account, so that nobody locks out somebody else, nor everybody behind one address.
    A place is a device the person has signed in from before, or else an address; strangers are besides counted by
    address over all accounts, and by account over all addresses.
    """

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
        self._strange_usage = self._consume_as_stranger(request, credentials)
        super().pre_authenticate(request, **credentials)

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Know the device from now on."""
        response = super().post_login(request, user, **kwargs)
        remember_device(request, response, user)
        return response

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
        key = self._get_login_attempts_cache_key(request, **credentials)
        usage = ratelimit.consume(request, app="allauth.account", action="login_failed", key=key, dry_run=True)
        return bool(usage) and bool(self._consume_as_stranger(request, credentials, dry_run=True))

    def _consume_as_stranger(self, request: HttpRequest, credentials: dict[str, Any], *, dry_run: bool = False) -> Any:
        """Count an attempt from a device the person has not signed in from; those of a known one are not counted."""
        if known_device(request, _person(credentials)):
            return True
        key = credentials.get("username", "").lower()
        return ratelimit.consume(
            request, app="allauth.account", action="login_failed_by_stranger", key=key, dry_run=dry_run
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return the pair of place and account that failures are counted by."""
        place = known_device(request, _person(credentials)) or self.get_client_ip(request)
        return f"{place} {super()._get_login_attempts_cache_key(request, **credentials)}"

    def _rollback_login_failed_rl_usage(self) -> None:
        """Take a right password out of the counts of failures."""
        super()._rollback_login_failed_rl_usage()
        if rollback := getattr(getattr(self, "_strange_usage", None), "rollback", None):
            rollback()


def _person(credentials: dict[str, Any]) -> Person | None:
    return Person.objects.filter(staff_number__iexact=credentials.get("username", "")).first()


def _pause(request: HttpRequest) -> Any:
    response = render(request, "429.html", {"message": PAUSED}, status=429)
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response


class StaffActivateTOTPForm(ActivateTOTPForm):
    """Setting up a second factor; the code that proves it is used up and lets nobody in again."""

    def clean_code(self) -> str:
        """Return the code, marked as used."""
        code: str = super().clean_code()
        TOTP(Authenticator(user=self.user, type=Authenticator.Type.TOTP))._mark_code_used(code)
        return code


class StaffLoginForm(LoginForm):
    """The sign-in form with the words of the trade."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # In place of allauth's field, which takes no more characters than a staff number has: addresses are longer.
        self.fields["login"] = forms.CharField(
            label=_("Staff number"),
            max_length=LONGEST_TYPED,
            widget=forms.TextInput(
                {"placeholder": _("for example T001"), "autocapitalize": "characters", "autocomplete": "username"}
            ),
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
