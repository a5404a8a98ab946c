"""Put a stamp on every page of a PDF: read from standard input, written to standard output.

Run by `stamping` in the sandbox, since the file is a foreign one. The argument names the file of the stamp.
"""

import io
import sys

from pypdf import PdfReader, PdfWriter, Transformation

from portal.content.sandbox import confine

CPU_SECONDS = 30
MEMORY = 1536 * 1024 * 1024


def stamped(content: bytes, stamp: bytes) -> bytes:
    """Return the PDF with the stamp over each page, scaled to its width."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    mark = PdfReader(io.BytesIO(stamp)).pages[0]
    for page in writer.pages:
        box = page.mediabox
        scale = float(box.width) / float(mark.mediabox.width)
        place = Transformation().scale(scale).translate(float(box.left), float(box.bottom))
        page.merge_transformed_page(mark, place)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def main() -> None:
    """Stamp what comes in."""
    confine(cpu_seconds=CPU_SECONDS, memory=MEMORY)
    with open(sys.argv[1], "rb") as file:
        stamp = file.read()
    sys.stdout.buffer.write(stamped(sys.stdin.buffer.read(), stamp))


if __name__ == "__main__":
    main()
