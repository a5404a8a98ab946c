"""Posts on a day as a spreadsheet."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from certification.overview.posts import Post, totals
from portal.exchange.spreadsheets import write_workbook


def posts_workbook(posts: Sequence[Post], on: dt.date) -> bytes:
    """Return the posts as an .xlsx with a line of sums, and who holds a post without being allowed for it and why."""
    columns = [
        _("Organisation"),
        _("Position"),
        _("Certified only"),
        _("Planned"),
        _("Assigned"),
        _("Allowed for the post"),
        _("Open seats"),
        _("State"),
        _("Not allowed for the post"),
    ]
    sums = totals(posts)
    last = [_("Total"), "", "", sums.planned, sums.assigned, sums.allowed, sums.open_seats, "", ""]
    heading = _("Posts on %(day)s") % {"day": formats.date_format(on, "DATE_FORMAT")}
    return write_workbook(_("Posts and headcount"), columns, [*map(_row, posts), last], heading=heading)


def _row(post: Post) -> list[Any]:
    return [
        post.position.organisation.name,
        post.position.title,
        _("yes") if post.position.is_duty_gated else _("no"),
        post.planned,
        post.assigned,
        post.allowed,
        post.open_seats,
        str(post.state.label),
        "\n".join(
            f"{holder.person}: {'; '.join(reason.message for reason in holder.answer.reasons)}"
            for holder in post.refused
        ),
    ]
