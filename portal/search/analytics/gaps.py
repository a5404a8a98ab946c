"""What people searched in vain, for the report of gaps."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.registry.gaps import Gap
from portal.search.analytics.reports import asked


def searched_in_vain() -> Iterator[Gap]:
    """Return the queries that found nothing, the most frequent first."""
    for row in asked(trouble="without_result").order_by("-without_result", "folded"):
        url = f"{reverse('search')}?{urlencode({'q': row['query']})}"
        yield Gap(row["query"], _("Nothing was found."), url, row["without_result"], row["last"])
