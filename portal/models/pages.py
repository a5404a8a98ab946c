"""Wagtail pages: home page and information pages. Structured content lives in kb, courses and certification."""

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from portal.audiences import can_open, hide
from portal.enums import Audience
from portal.registry.contexts import context_of


class AudiencePageMixin(models.Model):
    """A page with an audience; for other readers there is none (404)."""

    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)

    audience_panels = [FieldPanel("audience")]

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: object, **kwargs: object):
        if not can_open(request.user, self.audience):
            hide()
        return super().serve(request, *args, **kwargs)


class HomePage(Page):
    """Home page: search box, then the reader's own tiles."""

    template = "portal/content/home_page.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["portal.InformationPage"]

    introduction = models.CharField(_("introduction"), max_length=200, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        return super().get_context(request, *args, **kwargs) | context_of(self, request)


class InformationPage(AudiencePageMixin, Page):
    """News, regulations, how-tos: anything that is prose."""

    template = "portal/content/information_page.html"
    parent_page_types = ["portal.HomePage", "portal.InformationPage"]
    subpage_types = ["portal.InformationPage"]

    introduction = models.CharField(_("introduction"), max_length=300, blank=True)
    body = RichTextField(_("body"), features=["h2", "h3", "bold", "ol", "ul", "link", "document-link", "image"])

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    settings_panels = [*Page.settings_panels, *AudiencePageMixin.audience_panels]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
        index.FilterField("audience"),
    ]

    class Meta:
        verbose_name = _("information page")
        verbose_name_plural = _("information pages")

    def __str__(self) -> str:
        return self.title
