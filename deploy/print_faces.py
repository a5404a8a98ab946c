"""Cut the supplementary print faces down to the characters that the faces before them lack.

    python deploy/print_faces.py DIRECTORY

DIRECTORY holds the unpacked npm packages @expo-google-fonts/noto-sans-kr, noto-sans-hk and noto-sans-jp (0.4.3, SIL
Open Font License 1.1, no reserved font name). Noto Sans SC, Source Sans 3 and DejaVu Sans stand in
portal/exchange/faces/ unchanged.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FACES = Path(__file__).resolve().parent.parent / "portal" / "exchange" / "faces"
WHOLE = ("NotoSansSC_400Regular.ttf", "SourceSans3_400Regular.ttf")
#: A line set in a face takes its spaces from it.
SPACES = {0x20, 0xA0, 0x3000}
#: In this order: each keeps what none before it has.
CUT = ("NotoSansKR_400Regular.ttf", "NotoSansHK_400Regular.ttf", "NotoSansJP_400Regular.ttf")


def characters(path: Path) -> set[int]:
    """Return the code points a face can draw."""
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


def cut(source: Path, wanted: set[int], target: Path) -> None:
    """Write the face with these code points only, without hints (paper needs none)."""
    options = subset.Options()
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.layout_features = ["ccmp", "kern", "ljmo", "vjmo", "tjmo", "mark", "mkmk"]
    with TTFont(source) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=wanted)
        cutter.subset(font)
        font.save(target)


def main() -> None:
    """Write the cut faces."""
    known: set[int] = set()
    for name in WHOLE:
        known |= characters(FACES / name)
    for name in CUT:
        source = next(Path(sys.argv[1]).rglob(name))
        wanted = characters(source) - known
        cut(source, wanted | SPACES, FACES / name)
        known |= wanted
        print(f"{name}: {len(wanted)} characters, {(FACES / name).stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
