"""Columns of the exported skills matrix and of posts on a day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from certification.duty.work import Work
from certification.models import Scheme
from certification.overview.expiring import Ending
from certification.overview.forecast import Forecast
from certification.overview.matrix import Cell, matrix_rows
from certification.overview.posts import Post, totals
from certification.overview.works import WorkCell, work_rows
from portal.exchange.exports import Table, Toned
from portal.models import Person
from portal.registry.duty import STATE_TONES, state_words


def matrix_table(people: Sequence[Person], schemes: Sequence[Scheme]) -> Table:
    """Return people × schemes: standing and last day of each qualification, and why the gate refuses, as on screen."""
    columns = [_("Staff number"), _("Name"), _("Organisation"), *(scheme.name for scheme in schemes)]
    rows = (
        [row.person.staff_number, row.person.name, row.person.place_names, *map(_shown, row.cells)]
        for row in matrix_rows(people, schemes)
    )
    legend = [
        ("green", _("Held, and allowed on duty")),
        ("amber", _("Expiring, allowed in part, or overridden")),
        ("red", _("Not allowed on duty: refused, suspended, revoked or expired")),
        ("grey", _("Not in force yet")),
    ]
    return Table(_("Skills matrix"), columns, rows, legend)


def _shown(cell: Cell) -> Toned | str:
    """Write the standing and what the gate says besides, on the colour of the worse of the two."""
    if cell.is_empty:
        return ""
    words = [f"{cell.label} {cell.until}" if cell.until else cell.label]
    tone = cell.lamp
    if cell.is_overridden:
        words, tone = [*words, _("Overridden")], _worse(tone, "amber")
    if cell.is_refused:
        words, tone = [*words, _("Not allowed on duty")], "red"
    elif cell.is_restricted:
        words, tone = [*words, _("Allowed in part")], _worse(tone, "amber")
    lines = [" · ".join(words), *(cell.refusals if cell.is_refused or cell.is_restricted else ())]
    return Toned("\n".join(lines), tone)


def _worse(tone: str, other: str) -> str:
    return max(tone, other, key=["green", "grey", "amber", "red"].index)


def _work_words(cell: WorkCell) -> Toned | str:
    if cell.state == "none":
        return ""
    words = _("Missing") if cell.state == "refused" else state_words(cell.state)
    return Toned(words, STATE_TONES[cell.state])


def works_table(people: Sequence[Person], works: Sequence[Work]) -> Table:
    """Return people × work: the answer of the gate today; what should be held and is not, in words."""
    columns = [_("Staff number"), _("Name"), _("Organisation")]
    columns += [f"{work.machine_words} · {work.task.label}" for work in works if work.task]
    rows = (
        [row.person.staff_number, row.person.name, row.person.place_names, *map(_work_words, row.cells)]
        for row in work_rows(people, works)
    )
    legend = [
        ("green", state_words("allowed")),
        ("amber", _(", ").join(map(state_words, ("under", "override")))),
        ("red", _("Missing: should be held and is refused")),
    ]
    return Table(_("Skills by equipment and task"), columns, rows, legend)


def endings_table(endings: Sequence[Ending]) -> Table:
    """Return what runs out, first to last."""
    columns = [_("Staff number"), _("Name"), _("Organisation"), _("Qualification"), _("Valid until"), _("Days left")]
    columns.append(_("In its days of grace"))
    rows = (
        [
            each.person.staff_number,
            each.person.name,
            each.person.place_names,
            each.scheme.name,
            each.last_day,
            each.days_left,
            each.grace_until,
        ]
        for each in endings
    )
    return Table(_("Expiring qualifications"), columns, rows)


def forecast_table(found: Forecast) -> Table:
    """Return a row a site and month: heads, booked, needed, missing."""
    columns = [_("Organisation"), _("Month"), _("Allowed on duty"), _("Seats booked"), _("Needed"), _("People short")]
    rows = (
        [site.organisation.name, day, month.heads, month.booked, site.needed, month.gap]
        for site in found.sites
        for day, month in zip(found.months, site.months, strict=True)
    )
    return Table(_("Coverage forecast"), columns, rows)


def posts_table(posts: Sequence[Post], on: dt.date) -> Table:
    """Return the posts with a line of sums, and who holds a post without being allowed for it and why."""
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
    title = _("Posts on %(day)s") % {"day": formats.date_format(on, "DATE_FORMAT")}
    return Table(title, columns, [*map(_row, posts), last])


def _row(post: Post) -> list[Any]:
    return [
        post.position.organisation.name,
        post.position.title,
        post.position.is_duty_gated,
        post.planned,
        post.assigned,
        post.allowed,
        post.open_seats,
        post.state,
        "\n".join(
            f"{holder.person}: {'; '.join(reason.message for reason in holder.answer.reasons)}"
            for holder in post.refused
        ),
    ]
