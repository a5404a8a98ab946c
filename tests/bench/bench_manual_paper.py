"""A manual of about 200 pages as a PDF, beside a bare WeasyPrint run of the same HTML and the same sheets.

    python -m tests.bench.bench_manual_paper [PARTS]

Prints the CPU seconds of both and their ratio; the bound is 1.2. Leaves the file in VAR_DIR/bench_manual.pdf.
"""

import datetime as dt
import gc
import io
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from pypdf import PdfReader
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from tests.bench.database import in_memory

in_memory()

from kb.manuals.papers.printing import TEMPLATE, edition_context  # noqa: E402
from kb.manuals.tree import nodes_of  # noqa: E402
from kb.models import Manual, ManualChapter, ManualEdition  # noqa: E402
from portal.exchange import pdf  # noqa: E402
from portal.models import PortalSettings  # noqa: E402

BOUND = 1.2
PARTS = 14
_STEP = (
    "<li>断开电源，验电，挂“有人工作，禁止合闸”牌；等候十分钟，待电容放电后打开前罩板，"
    "检查第{n}组接线端子有无松动、发黑。</li>"
)
_TEXT = "<h3>操作步骤</h3><ol>" + "".join(_STEP.format(n=n) for n in range(1, 13)) + "</ol>"
_ROWS = [["参数", "单位", "数值"], *([f"参数{n}", "kPa", str(100 + n)] for n in range(12))]


def edition_of(parts: int) -> tuple[ManualEdition, list[ManualChapter]]:
    """Return an edition in memory: each part has four chapters of three sections."""
    category: Any = SimpleNamespace(name="冷冻设备")
    manual = Manual(number="SM-XX-01", title="冷冻设备维修手册", kind="repair", audience="staff")
    edition = ManualEdition(edition="A/0", published_on=dt.date(2026, 1, 1), effective_on=dt.date(2026, 1, 1))
    manual._state.fields_cache["category"] = category
    edition._state.fields_cache["manual"] = manual
    places = [
        (f"{part}", f"{part}.{chapter}", f"{part}.{chapter}.{section}")
        for part in range(1, parts + 1)
        for chapter in range(1, 5)
        for section in range(1, 4)
    ]
    numbers = dict.fromkeys(number for place in places for number in place)
    chapters = []
    for number in numbers:
        chapter = ManualChapter(number=number, title=f"第{number}节的内容")
        field = ManualChapter._meta.get_field("body").stream_block
        blocks = [("text", _TEXT), ("table", {"data": _ROWS, "first_row_is_table_header": True})]
        chapter.body = field.normalize(blocks if number.count(".") == 2 else [])
        chapters.append(chapter)
    return edition, chapters


def bare(markup: str) -> float:
    """Return the CPU seconds WeasyPrint takes by itself."""
    fonts = FontConfiguration()
    started = time.process_time()
    sheets = [CSS(string=pdf.font_stylesheet(), font_config=fonts, url_fetcher=pdf.LocalFetcher())]
    for path in sorted((pdf.STATIC_SOURCE / "css" / "print").glob("*.css"), key=lambda one: (one.stem != "base", one)):
        sheets.append(CSS(filename=path, font_config=fonts, url_fetcher=pdf.LocalFetcher()))
    document = HTML(string=markup, base_url=f"{settings.PUBLIC_URL}/", url_fetcher=pdf.LocalFetcher())
    document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1", optimize_images=True)
    return time.process_time() - started


def main(parts: int) -> int:
    """Measure once each, after a short document has warmed both up; return 1 when the bound is broken."""
    issuer = PortalSettings.load()
    with translation.override("zh-hans"):
        for count in (1, parts):
            edition, chapters = edition_of(count)
            context = edition_context(edition, nodes_of(chapters))
            facts = {"portal_settings": issuer, "printed_at": timezone.now(), "zone": "Asia/Shanghai"}
            markup = render_to_string(TEMPLATE, facts | {"language": "zh-hans"} | context)
            gc.collect()
            alone = bare(markup)
            gc.collect()
            started = time.process_time()
            printed = pdf.render_pdf(TEMPLATE, context, tell=lambda _step, _page: None)
            ours = time.process_time() - started
    path = Path(settings.VAR_DIR) / "bench_manual.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(printed.content)
    ratio = ours / alone
    pages = len(PdfReader(io.BytesIO(printed.content)).pages)
    print(f"{pages} pages, {len(printed.content) / 1e6:.1f} MB, {path}")
    print(f"bare {alone:.1f} s, portal {ours:.1f} s, ratio {ratio:.2f} (at most {BOUND})")
    return int(ratio > BOUND)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PARTS))
