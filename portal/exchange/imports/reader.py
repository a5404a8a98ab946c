"""Command that reads a file as tables and prints them as JSON, one sheet a line.

    python -m portal.exchange.imports.reader table < FILE

Run by ``reading`` within limits it sets itself: what a hostile file makes of a parser ends here.
"""

import json
import logging
import os
import resource
import sys
from dataclasses import asdict

from portal.exchange.imports.grid import MAX_BYTES, Refused, Sheet
from portal.exchange.imports.texts import decoded, read_text
from portal.exchange.imports.words import paragraphs_of, read_document
from portal.exchange.imports.workbooks import check_archive, read_workbook

MAX_CPU_SECONDS = 60
MAX_MEMORY = 1024 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0"


def read(content: bytes, name: str = "") -> list[Sheet]:
    """Return the tables of a file, by what it is and not by what its name says.

    Raises:
        Refused: with a code of ``reading.REFUSALS``.
    """
    if len(content) > MAX_BYTES:
        raise Refused("too_large", f"{len(content) // 1024 // 1024} MB")
    if content.startswith(_OLE):
        raise Refused("old_format")
    if content.startswith(b"%PDF"):
        raise Refused("unreadable")
    if content.startswith(b"PK"):
        return read_document(content) if _is_document(content) else read_workbook(content)
    return read_text(decoded(content), name)


def _is_document(content: bytes) -> bool:
    return any(entry.startswith("word/") for entry in check_archive(content).namelist())


def plain_text(content: bytes) -> str:
    """Return the text of a document outside its tables, or a text file as it is; nothing for a workbook.

    Raises:
        Refused: with a code of ``reading.REFUSALS``.
    """
    if content.startswith(b"PK"):
        return paragraphs_of(content) if _is_document(content) else ""
    return decoded(content)


def main(what: str) -> None:
    """Read standard input, write JSON to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    # Whoever searches meanwhile goes first.
    os.nice(5)
    logging.disable()
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        if what == "text":
            answer: list[object] = [plain_text(content)]
        else:
            answer = [asdict(sheet) for sheet in read(content)]
    except Refused as refused:
        answer = [{"refused": refused.code, "what": refused.what}]
    except MemoryError:
        answer = [{"refused": "too_large", "what": ""}]
    except Exception:
        answer = [{"refused": "unreadable", "what": ""}]
    for each in answer:
        sys.stdout.write(json.dumps(each, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
