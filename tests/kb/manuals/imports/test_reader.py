"""What the reader makes of Markdown, Word and HTML; hostile files end in a sentence that names the place."""

import base64
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.oxml.shared import OxmlElement
from PIL import Image

from kb.manuals.imports import reader
from kb.manuals.imports.reader import Refused, read


def picture(size=(40, 30), kind="PNG"):
    """Return a picture as bytes."""
    written = io.BytesIO()
    Image.new("1", size).save(written, kind)
    return written.getvalue()


def uri(content, kind="image/png"):
    """Return a data: address."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def html(text):
    """Read HTML."""
    return read(".html", io.BytesIO(text.encode()))


def tree(result):
    """Return depth and title of the chapters."""
    return [(chapter["depth"], chapter["title"]) for chapter in result["chapters"]]


def codes(result):
    """Return the codes of what was left out."""
    return [code for code, _place, _detail in result["notes"]]


def word(document):
    """Read a Word document."""
    written = io.BytesIO()
    document.save(written)
    written.seek(0)
    return read(".docx", written)


def test_markdown_becomes_a_tree_with_lists_and_tables():
    text = "# 一\n\n1. 甲\n   - 乙\n\n## 二\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n### 三\n\n"
    text += "#### 四\n\n**粗** [网](https://a.cn)"
    found = read(".md", io.BytesIO(text.encode()))
    assert tree(found) == [(1, "一"), (2, "二"), (3, "三")]
    assert found["chapters"][0]["blocks"] == [["text", "<ol><li>甲<ul><li>乙</li></ul></li></ol>"]]
    table = {"data": [["x", "y"], ["1", "2"]], "first_row_is_table_header": True, "table_caption": ""}
    assert found["chapters"][1]["blocks"] == [["table", table]]
    text = '<h3>四</h3><p><b>粗</b> <a href="https://a.cn">网</a></p>'
    assert found["chapters"][2]["blocks"] == [["text", text]]
    assert found["notes"] == []


def test_raw_html_in_markdown_is_judged_like_html():
    text = "# 一\n\n<script>alert(1)</script>\n\n好 <b onclick='x()'>字</b> [坏](javascript:alert(1)) ![图](http://a/b.png)"
    found = read(".md", io.BytesIO(text.encode()))
    assert codes(found) == ["active", "handler", "link", "picture_outside"]
    assert {place for _code, place, _detail in found["notes"]} == {"一"}
    assert "alert" not in str(found["chapters"])


def test_word_becomes_a_tree_with_lists_tables_and_pictures():
    document = docx.Document()
    document.add_heading("部分", 1)
    document.add_paragraph("正文").add_run("粗").bold = True
    document.add_heading("章", 2)
    document.add_paragraph("一项", style="List Bullet")
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "甲"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "并"
    document.add_picture(io.BytesIO(picture()))
    found = word(document)
    assert tree(found) == [(1, "部分"), (2, "章")]
    assert found["chapters"][0]["blocks"] == [["text", "<p>正文<b>粗</b></p>"]]
    kinds = [kind for kind, _value in found["chapters"][1]["blocks"]]
    assert kinds == ["text", "table", "figure"]
    assert found["chapters"][1]["blocks"][0][1] == "<ul><li>一项</li></ul>"
    assert [ending for ending, _content in found["pictures"]] == ["png"]
    assert codes(found) == ["merged_cells", "picture_named_by_heading"]
    assert {place for _code, place, _detail in found["notes"]} == {"章"}


def test_linked_picture_of_a_word_file_is_not_fetched():
    document = docx.Document()
    document.add_heading("一", 1)
    document.add_picture(io.BytesIO(picture()))
    blip = next(document.element.body.iter(qn("a:blip")))
    relation = document.part.relate_to(
        "file:///etc/passwd", docx.opc.constants.RELATIONSHIP_TYPE.IMAGE, is_external=True
    )
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), relation)
    found = word(document)
    assert found["pictures"] == []
    assert codes(found) == ["picture_outside"]


def test_script_handlers_links_and_pictures_outside_are_left_out_with_their_place():
    found = html(
        f"""<h1 onmouseover="x()">一</h1>
<p>a<script>alert(1)</script><a href=" java\nscript:alert(1)">坏</a></p>
<iframe src="http://a/"></iframe><svg onload="x()"><text>y</text></svg>
<img src="https://example.com/a.png" alt="远"><img src="{uri(picture())}" alt="近" onerror="x()">
<form action="/x"><input value="v"></form><style>p{{}}</style>"""
    )
    left_out = ["handler", "active", "link", "active", "handler", "media", "picture_outside", "handler", "active"]
    assert codes(found) == left_out
    assert found["notes"][2][1].startswith("一 · ")
    blocks = found["chapters"][0]["blocks"]
    assert blocks == [["text", "<p>a坏</p>"], ["figure", [0, "近", "近"]]]


def test_text_is_escaped_anew():
    found = html("<h1>&lt;b&gt;</h1><p>&lt;script&gt;x&lt;/script&gt; &amp; 好</p>")
    assert found["chapters"][0]["title"] == "<b>"
    assert found["chapters"][0]["blocks"] == [["text", "<p>&lt;script&gt;x&lt;/script&gt; &amp; 好</p>"]]


def test_picture_of_too_many_pixels_is_named_and_not_decoded():
    found = html(f'<h1>一</h1><img alt="大图" src="{uri(picture((6000, 5000)))}"><img src="{uri(b"no picture")}">')
    assert codes(found) == ["picture_too_large", "picture_unreadable"]
    assert "大图" in found["notes"][0][2]
    assert "6000 x 5000" in found["notes"][0][2]


def test_long_title_is_cut_and_text_before_the_first_heading_is_kept():
    found = html(f"<p>前言</p><h2>{'长' * 200}</h2>")
    assert tree(found) == [(1, ""), (1, "长" * 160)]
    assert codes(found) == ["title_cut"]


@pytest.mark.parametrize("content", [b"", b"no archive", picture()])
def test_broken_word_file_is_refused(content):
    with pytest.raises(Refused):
        read(".docx", io.BytesIO(content))


def test_truncated_word_file_is_refused():
    written = io.BytesIO()
    docx.Document().save(written)
    with pytest.raises(Refused) as refusal:
        read(".docx", io.BytesIO(written.getvalue()[:-2000]))
    assert refusal.value.code == "broken"


def test_archive_that_unpacks_to_too_much_is_refused_unread(monkeypatch):
    monkeypatch.setattr(reader, "MAX_UNPACKED", 1024 * 1024)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (3 * 1024 * 1024))
    with pytest.raises(Refused) as refusal:
        read(".docx", io.BytesIO(written.getvalue()))
    assert (refusal.value.code, refusal.value.detail) == ("too_large", "3 MB > 1 MB")


def test_entities_of_a_word_file_are_not_expanded_to_files():
    written = io.BytesIO()
    docx.Document().save(written)
    changed = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "word/document.xml":
                data = (
                    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                    b"<w:body><w:p><w:r><w:t>a&x;</w:t></w:r></w:p></w:body></w:document>"
                )
            new.writestr(part, data)
    try:
        found = str(read(".docx", io.BytesIO(changed.getvalue())))
    except Refused as refusal:
        found = refusal.detail
    assert "root:" not in found


@pytest.mark.parametrize("text", ["", "   ", "<script>x</script>"])
def test_file_without_text_is_refused(text):
    with pytest.raises(Refused):
        html(text)


def test_fallback_of_old_word_pictures_does_not_break_it():
    document = docx.Document()
    document.add_heading("一", 1)
    document.add_paragraph().add_run()._r.append(OxmlElement("w:pict"))
    assert tree(word(document)) == [(1, "一")]


@pytest.mark.parametrize(
    ("markup", "shows", "caption", "noted"),
    [
        ("<img src='{0}' alt='排水泵'>", "排水泵", "排水泵", []),
        ("<img src='{0}'><p>图 3-2 <b>排水泵</b>位置</p>", "图 3-2 排水泵 位置", "图 3-2 排水泵 位置", []),
        ("<img src='{0}' alt='泵'><p>Figure 4: drain pump</p>", "泵", "Figure 4: drain pump", []),
        ("<figure><img src='{0}'><figcaption>泵的位置</figcaption></figure>", "泵的位置", "泵的位置", []),
        ("<img src='{0}'><p>图中的泵要先断电。</p>", "排水 (1)", "", ["picture_named_by_heading"]),
    ],
)
def test_picture_is_named_by_its_words_its_caption_or_its_heading(markup, shows, caption, noted):
    found = html("<h1>排水</h1>" + markup.format(uri(picture())))
    figures = [value for kind, value in found["chapters"][0]["blocks"] if kind == "figure"]
    assert figures == [[0, shows, caption]]
    assert codes(found) == noted


def test_picture_before_the_first_heading_without_any_words_is_on_the_list():
    found = html(f"<img src='{uri(picture())}'><h1>一</h1><p>文</p>")
    assert codes(found) == ["picture_without_words"]
