"""Admin report of the audit log: actor, act, subject, old and new values; read only."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import django_filters
from django.apps import apps
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from portal.access.lookup import people_matching
from portal.access.narrowing import audit_events_in_sight
from portal.admin.audit_words import ShownEvent, shown, verb_words
from portal.models import AuditEvent, Person
from portal.ui.fields import DayRangeFilter

HEADINGS = {
    "at": _("at"),
    "actor": _("actor"),
    "verb": _("action"),
    "subject": _("subject"),
    "changes_text": _("changes"),
    "facts_text": _("detail"),
}
EXPORT_BATCH = 500


class AuditFilterSet(WagtailFilterSet):
    """Find an act by its words, its subject, who did it, when."""

    action = django_filters.CharFilter(label=_("action"), method="by_words")
    subject = django_filters.CharFilter(label=_("subject"), method="by_subject")
    actor = django_filters.CharFilter(label=_("actor"), method="by_actor")
    at = DayRangeFilter(label=_("at"))

    class Meta:
        model = AuditEvent
        fields = ["action", "subject", "actor", "at"]

    def by_words(self, events: QuerySet, name: str, value: str) -> QuerySet:
        """Keep acts whose words or name contain ``value``."""
        known = AuditEvent.objects.order_by().values_list("action", flat=True).distinct()
        wanted = value.casefold()
        return events.filter(action__in=[act for act in known if wanted in f"{verb_words(act)} {act}".casefold()])

    def by_subject(self, events: QuerySet, name: str, value: str) -> QuerySet:
        """Keep acts on a kind of record by its name, a record by its key (``portal.position:7``), a person by name."""
        label = Concat(Value(f"{Person._meta.label_lower}:"), Cast("pk", CharField()), output_field=CharField())
        people = people_matching(Person.objects.order_by(), value).annotate(audit_name=label)
        kinds = Q()
        for model in apps.get_models():
            if value.casefold() in str(model._meta.verbose_name).casefold():
                kinds |= Q(subject__startswith=f"{model._meta.label_lower}:")
        return events.filter(kinds | Q(subject__icontains=value) | Q(subject__in=people.values("audit_name")))

    def by_actor(self, events: QuerySet, name: str, value: str) -> QuerySet:
        """Keep acts of people by name or staff number."""
        return events.filter(actor__in=people_matching(Person.objects.order_by(), value).values("pk"))


class ChangesColumn(Column):
    """What was changed into what, and further detail."""

    cell_template_name = "portal/admin/audit_changes.html"


class SubjectColumn(Column):
    """The record by its name, with a link to where it is edited."""

    cell_template_name = "portal/admin/audit_subject.html"


class AuditReportView(ReportView):
    """Report of audit events, newest first; read only."""

    model = AuditEvent
    page_title = _("Audit log")
    header_icon = "history"
    permission_required = "view"
    filterset_class = AuditFilterSet
    index_url_name = "audit_report"
    index_results_url_name = "audit_report_results"
    default_ordering = ["-at", "-pk"]
    export_filename = "audit-log"
    list_export = list(HEADINGS)
    export_headings = HEADINGS
    columns = [
        Column("moment", label=HEADINGS["at"], width="14%"),
        Column("actor", label=HEADINGS["actor"], width="14%"),
        Column("verb", label=HEADINGS["verb"], width="14%"),
        SubjectColumn("subject", label=HEADINGS["subject"], width="18%"),
        ChangesColumn("changes", label=HEADINGS["changes_text"]),
    ]

    def get_queryset(self) -> QuerySet[AuditEvent]:
        """Return the events in sight with who acted."""
        return audit_events_in_sight(self.request.user).select_related("actor").order_by("-at", "-pk")

    def get_table(self, object_list: Any) -> Any:
        """Return the page with names and labels."""
        return super().get_table([] if self.is_export else shown(object_list, self.request.user))

    def as_spreadsheet(self, queryset: QuerySet, spreadsheet_format: str) -> HttpResponse:
        """Write the events with the names and labels of the page."""
        return super().as_spreadsheet(self._all(queryset), spreadsheet_format)

    def get_heading(self, queryset: Any, field: str) -> str:
        """Return the heading of a column; the rows are no queryset."""
        return str(HEADINGS[field])

    def _all(self, queryset: QuerySet) -> Iterator[ShownEvent]:
        events = iter(queryset.iterator(chunk_size=EXPORT_BATCH))
        while batch := list(islice(events, EXPORT_BATCH)):
            yield from shown(batch, self.request.user)
