"""Make the table of Chinese characters that look alike, from the Unihan database (Unicode License v3).

    python deploy/look_alikes.py /usr/share/unicode > portal/search/analysis/look_alikes.txt

The directory is that of Debian's package `unicode-data`. Two characters look alike by three measures of their shape:
the keys of the Cangjie input method (what they are made of, part by part), the four-corner code (what their corners
look like) and the number of strokes; a common phonetic part or radical counts on top. For each of the 3,755
characters of the first level of GB 2312 the nearest are written down.
"""

import bz2
import sys
from collections import defaultdict
from pathlib import Path

PARTS, CORNERS, STROKES, PHONETIC, RADICAL = 0.45, 0.35, 0.2, 0.12, 0.08
#: How many are kept of each character, and how alike they must be.
KEPT, LEAST = 16, 0.6
HEADER = "# Characters that look alike, nearest first; made by deploy/look_alikes.py from Unihan (Unicode License v3)."


def level_one() -> list[str]:
    """Return the 3,755 most common characters."""
    codes = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return [character for code in codes if (character := code.decode("gb2312", "ignore"))]


def unihan(path: Path, *names: str) -> dict[str, dict[str, str]]:
    """Return property → character → value."""
    found: dict[str, dict[str, str]] = {name: {} for name in names}
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            code, name, value = [*line.rstrip("\n").split("\t"), "", ""][:3]
            if code.startswith("U+") and name in found:
                found[name][chr(int(code[2:], 16))] = value
    return found


def common(one: str, other: str) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for left in one:
        before = 0
        for place, right in enumerate(other, 1):
            above = row[place]
            row[place] = before + 1 if left == right else max(above, row[place - 1])
            before = above
    return row[-1]


class Shapes:
    """What is known of the shape of characters."""

    def __init__(self, directory: Path) -> None:
        facts = unihan(
            directory / "Unihan_DictionaryLikeData.txt.bz2", "kCangjie", "kFourCornerCode", "kPhonetic"
        ) | unihan(directory / "Unihan_IRGSources.txt.bz2", "kTotalStrokes", "kRSUnicode")
        self.parts = facts["kCangjie"]
        self.corners = {key: [code[:4] for code in value.split()] for key, value in facts["kFourCornerCode"].items()}
        self.phonetic = {key: set(value.rstrip("*").split()) for key, value in facts["kPhonetic"].items()}
        self.radical = {key: value.partition(".")[0].rstrip("'") for key, value in facts["kRSUnicode"].items()}
        self.strokes = {key: int(value.split()[0]) for key, value in facts["kTotalStrokes"].items()}

    def likeness(self, one: str, other: str) -> float:
        """Return how alike two characters look, about 0 to 1."""
        left, right = self.parts.get(one, ""), self.parts.get(other, "")
        if not left or not right:
            return 0.0
        parts = 2 * common(left, right) / (len(left) + len(right))
        pairs = [(a, b) for a in self.corners.get(one, ()) for b in self.corners.get(other, ())]
        corners = max((sum(x == y for x, y in zip(a, b, strict=True)) / 4 for a, b in pairs), default=parts)
        counts = sorted((self.strokes.get(one, 1), self.strokes.get(other, 1)))
        same_sound = bool(self.phonetic.get(one, set()) & self.phonetic.get(other, set()))
        in_common = PHONETIC * same_sound + RADICAL * (self.radical.get(one) == self.radical.get(other))
        return PARTS * parts + CORNERS * corners + STROKES * counts[0] / counts[1] + in_common


def main() -> None:
    """Print the table."""
    shapes, characters = Shapes(Path(sys.argv[1])), level_one()
    near: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for place, one in enumerate(characters):
        for other in characters[place + 1 :]:
            likeness = shapes.likeness(one, other)
            if likeness >= LEAST:
                near[one].append((likeness, other))
                near[other].append((likeness, one))
    print(HEADER)
    for character in characters:
        nearest = sorted(near[character], key=lambda item: (-item[0], item[1]))[:KEPT]
        if nearest:
            print(character + "".join(other for _, other in nearest))


if __name__ == "__main__":
    main()
