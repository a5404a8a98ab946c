"""Editions in the Wagtail admin: drafted, published once, followed by a new edition."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.snippets.action_menu import ActionMenuItem

from kb.enums import CitationChoice
from kb.manuals.domain import check_publishable, current_edition, new_edition, publish_edition
from kb.manuals.forms import NewEditionForm
from kb.manuals.publishing import EDIT_VIEW, LIST_VIEW, PERMISSION, PUBLISH_VIEW, citations_url, say_published
from kb.models import Manual, ManualEdition
from portal.admin.snippets import SnippetDeleteView, SnippetEditView
from portal.errors import DomainError

PUBLISH = "action-publish-edition"


class PublishEditionItem(ActionMenuItem):
    """The button that publishes a draft edition."""

    name = PUBLISH
    icon_name = "upload"
    order = 10

    @property
    def label(self) -> str:
        """Words on the button."""
        return _("Save and publish this edition")

    def is_shown(self, context: dict[str, Any]) -> bool:
        edition = context.get("instance")
        may = context["request"].user.has_perm(PERMISSION)
        return context["model"] is ManualEdition and edition is not None and not edition.is_published and may


class FrozenEditionMixin:
    """Refuses to edit published editions and names the alternative."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.is_published:
            text = _("Edition %(edition)s is published and stays as it is. Make a new edition for a correction.")
            buttons = [messages.button(self.object.get_absolute_url(), _("Read"))]
            if request.user.has_perm("kb.add_manualedition"):
                buttons.append(messages.button(new_edition_url(self.object.manual), _("New edition")))
            if request.user.has_perm(PERMISSION):
                buttons.append(messages.button(citations_url(self.object), _("Citations of earlier editions")))
            messages.warning(request, text % {"edition": self.object}, buttons=buttons)
            return redirect(LIST_VIEW)
        return super().dispatch(request, *args, **kwargs)


class EditionEditView(FrozenEditionMixin, SnippetEditView):
    """A draft edition; its second button publishes it, after a look at what cites the edition before it."""

    def save_action(self) -> HttpResponse:
        if PUBLISH not in self.request.POST:
            return super().save_action()
        if not self.request.user.has_perm(PERMISSION):
            raise PermissionDenied
        try:
            check_publishable(self.object)
            if current_edition(self.object.manual) is not None:
                return redirect(PUBLISH_VIEW, self.object.pk)
            edition = publish_edition(self.object, decisions=CitationChoice.STAY, by=self.request.user)
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
            return redirect(EDIT_VIEW, self.object.pk)
        say_published(self.request, edition)
        return redirect(LIST_VIEW)


class EditionDeleteView(FrozenEditionMixin, SnippetDeleteView):
    """Only drafts can be thrown away."""


def new_edition_url(manual: Manual) -> str:
    """Return where the next edition of ``manual`` is started."""
    return reverse("kb_new_edition", args=[manual.pk])


def start_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the next edition with a copy of the current chapters."""
    if not request.user.has_perm("kb.add_manualedition"):
        raise PermissionDenied
    manual = get_object_or_404(Manual, pk=pk)
    form = NewEditionForm(request.POST or None, manual=manual)
    if request.method == "POST" and form.is_valid():
        name, changes = form.cleaned_data["name"], form.cleaned_data["changes"]
        try:
            draft = new_edition(manual, name, changes=changes, by=request.user)
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(edition)s is a draft with the current chapters.") % {"edition": draft})
            return redirect(EDIT_VIEW, draft.pk)
    return render(request, "kb/manuals/admin/new_edition.html", {"form": form, "manual": manual})
