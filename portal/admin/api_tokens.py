"""API tokens in the Wagtail admin, limited to the tokens of people in the administrator's sight."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from wagtail.admin.filters import MultipleUserFilter
from wagtail.users.utils import get_manageable_token_owners
from wagtail.users.views import api_tokens

from portal.access import audit, changes
from portal.access.sight import people_in_sight
from portal.admin.stale import RefusesStaleSaves
from portal.admin.viewsets import Audited, HistoryView, UsageView
from portal.models import Person


def token_owners(manager: Person) -> QuerySet[Person]:
    """Return the people for whom ``manager`` may make, see and revoke tokens."""
    owners = get_manageable_token_owners(manager)
    return owners if manager.is_superuser else owners.filter(pk__in=people_in_sight(manager).values("pk"))


class _OfOwnersInSight:
    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(user__in=token_owners(self.request.user).values("pk"))


class TokenFilterSet(api_tokens.APITokenFilterSet):
    """Offers the people in sight."""

    user = MultipleUserFilter(
        label=api_tokens.APITokenFilterSet.base_filters["user"].label,
        field_name="user",
        queryset=lambda request: token_owners(request.user),
        widget=CheckboxSelectMultiple,
    )


class TokenIndexView(_OfOwnersInSight, api_tokens.IndexView):
    """Tokens of the people in sight."""

    filterset_class = TokenFilterSet


class TokenCreateView(api_tokens.CreateView):
    """A token for somebody in sight."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people in sight only; another's key is no choice of the form."""
        return super().get_form_kwargs() | {"manageable_users": token_owners(self.request.user)}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Make the token and record for whom; its secret is shown once and kept nowhere."""
        answer = super().form_valid(form)
        made = changes.added(self.object)
        audit.record("portal.token_made", self.object, actor=self.request.user, changes=made)
        return answer


class TokenEditView(RefusesStaleSaves, Audited, _OfOwnersInSight, api_tokens.EditView):
    """Rename a token."""

    audit_verb = "changed"


class TokenRevokeView(_OfOwnersInSight, api_tokens.RevokeView):
    """End a token."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Revoke and record."""
        token = self.get_object()
        before = changes.stored(token)
        answer = super().post(request, *args, **kwargs)
        ended = changes.stored_since(before, token)
        audit.record("portal.token_revoked", token, actor=request.user, changes=ended)
        return answer


def narrow_api_tokens() -> None:
    """Put these views in place of Wagtail's, which registers its viewset itself and knows no rows."""
    viewset = api_tokens.APITokenViewSet
    viewset.index_view_class = TokenIndexView
    viewset.add_view_class = TokenCreateView
    viewset.edit_view_class = TokenEditView
    viewset.delete_view_class = TokenRevokeView
    viewset.history_view_class = HistoryView
    viewset.usage_view_class = UsageView
