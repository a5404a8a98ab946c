"""Two editions compared chapter by chapter, as data."""

import pytest

from kb.manuals.comparison import Change, compare
from kb.manuals.units import ROW, TEXT, Unit, units_of
from kb.models import ManualChapter
from kb.word_diff import IN, OUT, SAME, Span, spans, words_of


def chapter(pk, number, title, *blocks):
    """A chapter in memory; a block is rich text or the rows of a table."""
    body = [("table", {"data": block}) if isinstance(block, list) else ("text", block) for block in blocks]
    chapter = ManualChapter(pk=pk, number=number, title=title)
    chapter.body = ManualChapter._meta.get_field("body").to_python(
        ManualChapter._meta.get_field("body").stream_block.get_prep_value(
            ManualChapter._meta.get_field("body").stream_block.normalize(body)
        )
    )
    return chapter


def test_codes_figures_and_words_are_never_cut():
    assert words_of("R404A 充注2.5kW，见E-07。") == ["R404A", " ", "充", "注", "2.5kW", "，", "见", "E-07", "。"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("每月清洗", "每月清洗", [Span(SAME, "每月清洗")]),
        (
            "每月清洗冷凝器",
            "每季清洗冷凝器",
            [Span(SAME, "每"), Span(OUT, "月"), Span(IN, "季"), Span(SAME, "清洗冷凝器")],
        ),
        ("更换压缩机", "检修压力表", [Span(OUT, "更换压缩机"), Span(IN, "检修压力表")]),
        ("压力1.2MPa", "压力1.5MPa", [Span(SAME, "压力"), Span(OUT, "1.2MPa"), Span(IN, "1.5MPa")]),
        ("", "新增", [Span(IN, "新增")]),
    ],
)
def test_words_are_marked_sensibly(old, new, expected):
    assert spans(old, new) == expected


def test_both_texts_can_be_read_from_the_spans():
    old, new = "停机后断电，等10分钟，再打开罩板。", "停机、断电并挂牌，等15分钟后打开前罩板。"
    found = spans(old, new)
    assert "".join(span.text for span in found if span.kind != IN) == old
    assert "".join(span.text for span in found if span.kind != OUT) == new


def test_units_are_paragraphs_items_rows_and_pictures():
    raw = [
        {"type": "text", "value": "<h3>步骤</h3><ol><li>断电</li><li>验&amp;电</li></ol><p></p>"},
        {"type": "safety", "value": {"level": "danger", "text": "<p>高压</p>"}},
        {"type": "table", "value": {"data": [["周期", None]]}},
        {"type": "figure", "value": {"image": {"image": 7, "alt_text": "接线"}, "caption": "图1"}},
        {"type": "attachment", "value": {"document": 3}},
        {"type": "callouts", "value": {"rows": [{"n": 1, "text": "电容"}]}},
    ]
    assert units_of(raw) == [
        Unit("heading", ("步骤",)),
        Unit("item", ("断电",)),
        Unit("item", ("验&电",)),
        Unit("warning", ("高压",)),
        Unit(ROW, ("周期", "")),
        Unit("picture", ("图1 · 接线",), "7"),
        Unit("other", ("",), "3"),
        Unit("other", ("1 电容",)),
    ]


def test_chapters_are_added_removed_moved_changed_or_the_same():
    old = [
        chapter(1, "1", "结构", "<p>压缩机</p>"),
        chapter(2, "2", "保养", "<p>每月清洗冷凝器</p>"),
        chapter(3, "3", "附录", "<p>表</p>"),
        chapter(4, "4", "接线", "<p>图</p>"),
    ]
    new = [
        chapter(11, "1", "结构", "<p>压缩机</p>"),
        chapter(12, "2", "选型", "<p>新</p>"),
        chapter(13, "3", "保养", "<p>每季清洗冷凝器</p>"),
        chapter(14, "4", "接线", "<p>图</p>"),
    ]
    found = [(change.shown.title, change.changes) for change in compare(old, new)]
    assert found == [
        ("结构", [Change.SAME]),
        ("选型", [Change.ADDED]),
        ("保养", [Change.MOVED, Change.CHANGED]),
        ("附录", [Change.REMOVED]),
        ("接线", [Change.SAME]),
    ]


def test_rows_of_tables_are_paired_by_their_first_cell():
    old = [chapter(1, "1", "数据", [["项目", "值"], ["电压", "220V"], ["功率", "1.2kW"]])]
    new = [chapter(2, "1", "数据", [["项目", "值"], ["电压", "380V"], ["频率", "50Hz"], ["功率", "1.2kW"]])]
    (change,) = compare(old, new)
    rows = [(line.state, "".join(span.text for cell in line.cells for span in cell)) for line in change.lines]
    assert rows == [("same", "项目值"), ("edited", "电压220V380V"), ("in", "频率50Hz"), ("same", "功率1.2kW")]
    assert change.lines[1].cells[0] == [Span(SAME, "电压")]
    assert {line.kind for line in change.lines} == {ROW}


def test_paragraph_that_was_rewritten_went_and_came():
    (change,) = compare(
        [chapter(1, "1", "说明", "<p>断电后等十分钟</p>", "<p>不变</p>")],
        [chapter(2, "1", "说明", "<p>请联系供应商办理</p>", "<p>不变</p>")],
    )
    assert [line.state for line in change.lines] == ["in", "out", "same"]
    assert change.lines[0].kind == TEXT


def test_long_editions_are_compared_in_time():
    """Two hundred chapters of ten paragraphs each: seconds would be too long for a page."""
    text = "".join(f"<p>第{n}步：断电、验电、挂牌，打开罩板检查电容与接线。</p>" for n in range(10))
    old = [chapter(n, str(n), f"章{n}", text) for n in range(1, 201)]
    new = [chapter(1000 + n, str(n), f"章{n}", text.replace("挂牌", "上锁挂牌")) for n in range(1, 201)]
    assert all(len(change.lines) == 10 for change in compare(old, new))
