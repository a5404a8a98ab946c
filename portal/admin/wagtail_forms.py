"""Wagtail's own forms of records without revisions, which refuse stale saves like the portal's forms."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.urls import URLPattern, path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views import collections
from wagtail.contrib.redirects import views as redirects
from wagtail.contrib.search_promotions import forms as promotion_forms
from wagtail.contrib.search_promotions.views import settings as promotions
from wagtail.documents.views import documents
from wagtail.images.views import images

from portal.access import changes
from portal.admin.stale import RefusesStaleSaves


class ImageEditView(RefusesStaleSaves, images.EditView):
    """The form of an image."""


class DocumentEditView(RefusesStaleSaves, documents.EditView):
    """The form of a document."""


class RedirectEditView(RefusesStaleSaves, redirects.EditView):
    """The form of a redirect."""


class CollectionEditView(RefusesStaleSaves, collections.Edit):
    """The form of a collection."""

    def opened_form(self) -> Any:
        """Return a form opened on what is stored now."""
        form = super().opened_form()
        form.initial["parent"] = form.instance.get_parent().pk
        return form


class PromotionEditView(RefusesStaleSaves, promotions.EditView):
    """The form of the results promoted for a query, which are rows beside it."""

    def stored_content(self) -> changes.Snapshot | None:
        """Return query and promoted results as they are stored now."""
        return {"query": self.object.query_string, "rows": list(self.object.editors_picks.values())}

    def get_form(self, form_class: Any = None) -> Any:
        """Return the form, which knows its rows."""
        form = super().get_form(form_class)
        form.formsets = {"rows": self.searchpicks_formset}
        return form

    def opened_form(self) -> Any:
        """Return a form opened on what is stored now."""
        form = super().opened_form()
        form.formsets = {"rows": promotion_forms.SearchPromotionsFormSet(instance=self.object)}
        return form


def group_content(group: Group) -> dict[str, Any]:
    """Return what a group may do, also on pages and in collections, which are forms beside its own."""
    return {
        **(changes.stored(group) or {}),
        "pages": sorted(group.page_permissions.values_list("page_id", "permission_id")),
        "collections": sorted(group.collection_permissions.values_list("collection_id", "permission_id")),
    }


def permissions_said(group: Group) -> str:
    """Return what a group may do on pages and in collections, a line each."""
    held: list[Model] = [
        *group.page_permissions.select_related("page", "permission"),
        *group.collection_permissions.select_related("collection", "permission"),
    ]
    return "\n".join(f"{getattr(each, 'page', None) or each.collection}: {each.permission.name}" for each in held)  # type: ignore[attr-defined]


def wagtail_form_urls() -> list[URLPattern]:
    """The addresses of Wagtail's own forms, ahead of them (hook ``register_admin_urls``)."""
    return [
        path("images/<int:image_id>/", ImageEditView.as_view()),
        path("documents/edit/<int:document_id>/", DocumentEditView.as_view()),
        path("redirects/<int:redirect_id>/", RedirectEditView.as_view()),
        path("searchpicks/<int:query_id>/", PromotionEditView.as_view()),
    ]


def collection_form_urls() -> list[URLPattern]:
    """The address of the form of collections, which stands in Wagtail's own list before what hooks add."""
    return [path("collections/<int:pk>/", require_admin_access(CollectionEditView.as_view()))]
