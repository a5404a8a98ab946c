"""Walk through HTML and write it anew as chapters and blocks; what is not known here is not carried over.

Nothing of the markup is copied: tags are written by this module, text is escaped, addresses are checked.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

#: Parts, chapters, sections; deeper headings become headings in the text.
DEEPEST = 3
MAX_TITLE = 160
MAX_CHAPTERS = 2000
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol"})
_BOLD = frozenset({"b", "strong", "th"})
_ACTIVE = frozenset({"script", "iframe", "object", "embed", "applet", "form", "input", "button", "select", "textarea"})
_SILENT = frozenset({"style", "head", "title", "meta", "link", "template", "noscript"})
_MEDIA = frozenset({"svg", "video", "audio", "canvas", "math"})
_LOST_LOOK = frozenset({"i", "em", "u", "s", "del", "sup", "sub", "code", "pre", "blockquote", "mark"})
_BLOCKS = frozenset({"p", "div", "section", "article", "main", "body", "html", "header", "footer", "nav", "aside"})
_BLOCKS |= frozenset({"blockquote", "pre", "figure", "figcaption", "dl", "dt", "dd", "center", "address", "table"})
#: How the line below a picture begins: 图 3-2, 图一, Figure 4, Fig. 4.
_CAPTION = re.compile(r"(图|圖|figure|fig\.?|picture)\s*[\d一二三四五六七八九十]", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]+>")
_SCHEMES = ("http://", "https://", "mailto:", "tel:")


@dataclass(frozen=True)
class Picture:
    """A picture read from an address, or the code of the problem with it."""

    content: str = ""
    ending: str = ""
    problem: str = ""
    detail: str = ""


class Walk:
    """Chapters, pictures and notes of one document.

    Attributes:
        chapters: ``{"depth", "title", "blocks"}``; a block is ``[kind, value]``, a figure's value
            ``[picture, what it shows, caption]``.
        pictures: ``[ending, base64]``.
        notes: ``[code, place, detail]``; the place is a chapter and, where the file has lines, a line.
    """

    def __init__(self, picture_of: Callable[[str], Picture], *, has_lines: bool) -> None:
        self.picture_of, self.has_lines = picture_of, has_lines
        self.chapters: list[dict[str, Any]] = []
        self.pictures: list[list[str]] = []
        self.notes: list[list[str]] = []
        self.top = 1
        self._unnamed: list[tuple[list[Any], dict[str, Any], Any]] = []

    def run(self, root: Any) -> None:
        """Walk through a document; its highest heading is a part."""
        levels = [_HEADINGS[element.tag] for element in root.iter(*_HEADINGS)]
        self.top = min(levels, default=1)
        self._block(root)
        self._name_pictures()

    def note(self, code: str, element: Any, detail: str = "", title: str | None = None) -> None:
        """Say that something was left out; the same thing once a place: that of the last chapter, or of ``title``."""
        if title is None:
            title = self.chapters[-1]["title"] if self.chapters else ""
        line = f" · {element.sourceline}" if self.has_lines and element.sourceline else ""
        found = [code, f"{title}{line}", detail]
        if found not in self.notes:
            self.notes.append(found)

    def _block(self, element: Any) -> None:
        """Walk through what a container holds; text and inline elements between blocks are a paragraph."""
        line = escape(element.text or "")
        for child in element:
            if not isinstance(child.tag, str):
                line += escape(child.tail or "")
                continue
            if self._is_block(child):
                self._paragraph(line)
                self._handle(child)
                line = escape(child.tail or "")
            else:
                line += self._inline(child) + escape(child.tail or "")
        self._paragraph(line)

    def _is_block(self, element: Any) -> bool:
        known = element.tag in _BLOCKS or element.tag in _HEADINGS or element.tag in _LISTS or element.tag == "img"
        # A link or bold text around paragraphs or pictures is walked through like a container.
        return known or any(isinstance(one.tag, str) and self._is_block(one) for one in element)

    def _handle(self, element: Any) -> None:
        if not self._check(element):
            return
        tag = element.tag
        if tag in _HEADINGS and _text(element):
            self._heading(element)
            for image in element.iter("img"):
                self._picture(image)
        elif tag in _LISTS:
            self._add_text(self._list(element))
            for image in element.iter("img"):
                self._picture(image)
        elif tag == "table":
            self._table(element)
        elif tag == "img":
            self._picture(element)
        elif tag == "figcaption" and any(True for one in element.iterancestors("figure") for _img in one.iter("img")):
            # Its words stand below the picture.
            return
        else:
            self._block(element)

    def _check(self, element: Any) -> bool:
        """Note what an element brings that is not carried over; return whether its content is."""
        for name, value in element.attrib.items():
            if name.lower().startswith("on"):
                self.note("handler", element, f"{name}={value[:40]}")
        if element.tag in _ACTIVE:
            self.note("active", element, f"<{element.tag}>")
        if element.tag in _MEDIA:
            self.note("media", element, f"<{element.tag}>")
        if element.tag in _LOST_LOOK:
            self.note("look", element, f"<{element.tag}>")
        return element.tag not in _ACTIVE | _MEDIA | _SILENT

    def _heading(self, element: Any) -> None:
        depth = _HEADINGS[element.tag] - self.top + 1
        title = _text(element)
        if depth > DEEPEST:
            tag = "h3" if depth == DEEPEST + 1 else "h4"
            self._add_text(f"<{tag}>{escape(title)}</{tag}>")
            return
        if len(title) > MAX_TITLE:
            self.note("title_cut", element, title[MAX_TITLE:][:60])
        if len(self.chapters) < MAX_CHAPTERS:
            self.chapters.append({"depth": depth, "title": title[:MAX_TITLE], "blocks": []})
        else:
            self.note("too_many_chapters", element, title[:60])

    def _paragraph(self, markup: str) -> None:
        if " ".join(markup.replace("<br/>", " ").split()) and not self._is_caption(markup):
            self._add_text(f"<p>{markup.strip()}</p>")

    def _is_caption(self, markup: str) -> bool:
        """Give a line that begins like a caption to the picture it stands below; return whether it was one."""
        blocks = self._blocks()
        words = " ".join(unescape(_MARKUP.sub(" ", markup)).split())
        if not blocks or blocks[-1][0] != "figure" or blocks[-1][1][2] or len(words) > MAX_TITLE:
            return False
        if not _CAPTION.match(words):
            return False
        blocks[-1][1][2] = words
        return True

    def _add_text(self, markup: str) -> None:
        blocks = self._blocks()
        if blocks and blocks[-1][0] == "text":
            blocks[-1][1] += markup
        elif markup:
            blocks.append(["text", markup])

    def _blocks(self) -> list[Any]:
        if not self.chapters:
            # Before the first heading; whoever accepts it gives it a title.
            self.chapters.append({"depth": 1, "title": "", "blocks": []})
        return self.chapters[-1]["blocks"]

    def _inline(self, element: Any) -> str:
        if not isinstance(element.tag, str) or not self._check(element):
            return ""
        if element.tag == "br":
            return "<br/>"
        inside = escape(element.text or "") + "".join(self._inline(one) + escape(one.tail or "") for one in element)
        if element.tag == "a":
            return self._link(element, inside)
        return f"<b>{inside}</b>" if element.tag in _BOLD and inside.strip() else inside

    def _link(self, element: Any, inside: str) -> str:
        address = "".join((element.get("href") or "").split())
        if not address or address.startswith("#"):
            return inside
        if address.lower().startswith(_SCHEMES):
            return f'<a href="{escape(address)}">{inside}</a>'
        self.note("link", element, address[:120])
        return inside

    def _list(self, element: Any) -> str:
        items = ""
        for item in element.iterchildren("li"):
            if not self._check(item):
                continue
            inside = escape(item.text or "")
            for child in item:
                if not isinstance(child.tag, str):
                    continue
                if child.tag in _LISTS:
                    inside += self._list(child)
                elif child.tag == "table":
                    self.note("table_in_list", child)
                    inside += escape(_text(child))
                elif child.tag != "img":
                    # Paragraphs of one item are lines of it.
                    inside += ("<br/>" if inside.strip() and child.tag in _BLOCKS else "") + self._inline(child)
                inside += escape(child.tail or "")
            words = " ".join(inside.split())
            items += f"<li>{words.replace(' <ul>', '<ul>').replace(' <ol>', '<ol>')}</li>"
        return f"<{element.tag}>{items}</{element.tag}>" if items else ""

    def _table(self, element: Any) -> None:
        rows = [list(self._cells(row)) for row in element.iter("tr")]
        rows = [row for row in rows if row]
        if not rows:
            return
        width = max(map(len, rows))
        data = [row + [""] * (width - len(row)) for row in rows]
        first = next(element.iter("tr"))
        has_head = first.getparent().tag == "thead" or all(cell.tag == "th" for cell in first)
        caption = next((_text(one) for one in element.iterchildren("caption")), "")
        self._blocks().append(
            ["table", {"data": data, "first_row_is_table_header": has_head, "table_caption": caption}]
        )
        for image in element.iter("img"):
            self._picture(image)

    def _cells(self, row: Any) -> Iterator[str]:
        for cell in row.iterchildren("td", "th"):
            for inner in cell.iter():
                if isinstance(inner.tag, str):
                    self._check(inner)
                    if inner.tag == "table":
                        self.note("table_in_table", inner)
            wide = int(cell.get("colspan") or 1) if (cell.get("colspan") or "1").isdecimal() else 1
            if wide > 1 or (cell.get("rowspan") or "1") != "1":
                self.note("merged_cells", cell, _text(cell)[:40])
            yield _text(cell)
            yield from [""] * min(wide - 1, 50)

    def _picture(self, element: Any) -> None:
        self._check(element)
        found = self.picture_of("".join((element.get("src") or "").split()))
        alt = (element.get("alt") or element.get("title") or "").strip()
        if found.problem:
            self.note(found.problem, element, " ".join(filter(None, (alt[:60], found.detail))))
            return
        self.pictures.append([found.ending, found.content])
        around = next(element.iterancestors("figure"), None)
        words = next((_text(one) for one in around.iter("figcaption")), "") if around is not None else ""
        figure = [len(self.pictures) - 1, alt[:MAX_TITLE], words[:MAX_TITLE]]
        self._blocks().append(["figure", figure])
        self._unnamed.append((figure, self.chapters[-1], element))

    def _name_pictures(self) -> None:
        """Say what each picture shows: its own words, its caption, else its heading, which is noted to be looked at."""
        counts: dict[int, int] = {}
        for figure, chapter, element in self._unnamed:
            counts[id(chapter)] = number = counts.get(id(chapter), 0) + 1
            if figure[1] or figure[2]:
                figure[1], figure[2] = figure[1] or figure[2], figure[2] or figure[1]
                continue
            if chapter["title"]:
                figure[1] = f"{chapter['title'][: MAX_TITLE - 8]} ({number})"
            code = "picture_named_by_heading" if chapter["title"] else "picture_without_words"
            self.note(code, element, figure[1] or str(figure[0] + 1), chapter["title"])


def _text(element: Any) -> str:
    """Return the words of an element, without those of scripts."""
    parts = []
    for one in element.iter():
        hidden = isinstance(one.tag, str) and one.tag in _ACTIVE | _SILENT | _MEDIA
        parts += [] if hidden or not isinstance(one.tag, str) else [one.text or ""]
        parts += [one.tail or ""] if one is not element else []
    return " ".join("".join(parts).split())
