"""The plan as an annex of a tender: Excel, Word, and what the PDF is rendered from."""

import io
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from courses.models import Project
from courses.plans.flattened import TITLES
from courses.plans.queries import ShownPeriod, hours_text, rows_of, schedule_of, total_minutes
from portal.exchange.exports import UNWRITABLE

#: The tender's own titles; they are part of the document and not of the screen.
HEADER = TITLES
SCHEDULE_HEADER = ("服务周期", "培训计划")
TOTAL = "合计"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def table_of(project: Project) -> list[tuple[str, str, str, str, str]]:
    """Return the rows as the tender writes them, the total row last."""
    rows = [
        (
            row.equipment_text,
            row.contents_text,
            row.trainer.name if row.trainer else row.trainer_name,
            row.place_and_trainees,
            row.hours,
        )
        for row in rows_of(project)
    ]
    return [*rows, (TOTAL, "", "", "", hours_text(total_minutes(project)))]


def annex_facts(project: Project) -> dict[str, Any]:
    """Return what the PDF shows."""
    *rows, total = table_of(project)
    return {
        "title": title_of(project),
        "project": project,
        "header": HEADER,
        "rows": rows,
        "total": total,
        "schedule_header": SCHEDULE_HEADER,
        "schedule": schedule_of(project),
    }


def title_of(project: Project) -> str:
    """Return the title of the annex."""
    return project.plan_title or _("Training plan of %(project)s") % {"project": project.name}


def days_text(shown: ShownPeriod) -> str:
    """Write the days of a period: from – to, or its visits."""
    if shown.period.rule:
        return "、".join(day.isoformat() for day in shown.visits)
    return f"{shown.span[0].isoformat()} – {shown.span[1].isoformat()}" if shown.span else ""


def write_workbook(project: Project) -> bytes:
    """Return the plan as a workbook: the table on the first sheet, the schedule on the second."""
    book = Workbook()
    sheet = book.active
    sheet.title = "培训计划"
    _fill(sheet, HEADER, table_of(project), (46, 60, 14, 18, 12))
    for row in sheet.iter_rows(min_row=2, min_col=5, max_col=5):
        row[0].value = float(row[0].value) if row[0].value else None
        row[0].number_format = "0.##"
    second = book.create_sheet("培训进度表")
    _fill(second, SCHEDULE_HEADER, [(shown.period.name, shown.period.plan) for shown in schedule_of(project)], (20, 90))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, header: Any, rows: Any, widths: tuple[int, ...]) -> None:
    line = Side(style="thin")
    for number, cells in enumerate([header, *rows], start=1):
        for place, text in enumerate(cells, start=1):
            cell = sheet.cell(number, place)
            # Typed as text: never a formula.
            cell.value, cell.data_type = UNWRITABLE.sub("", str(text)), "s"
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.border = Border(line, line, line, line)
            if number == 1:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6EEF0")
    for at, width in enumerate(widths):
        sheet.column_dimensions["ABCDE"[at]].width = width
    sheet.freeze_panes = "A2"


def write_document(project: Project) -> bytes:
    """Return the plan as a Word document, landscape, with the header row repeated on each page."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    style = document.styles["Normal"]
    style.font.name, style.font.size = "宋体", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.add_heading(title_of(project), level=1)
    _table(document, HEADER, table_of(project))
    if schedule := schedule_of(project):
        document.add_heading("培训进度表", level=2)
        _table(document, SCHEDULE_HEADER, [(shown.period.name, shown.period.plan) for shown in schedule])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _table(document: Any, header: Any, rows: Any) -> None:
    table = document.add_table(rows=1, cols=len(header))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    repeat = table.rows[0]._tr.get_or_add_trPr()
    repeat.append(repeat.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.text = text
        cell.paragraphs[0].runs[0].bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = UNWRITABLE.sub("", str(text))
