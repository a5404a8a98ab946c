"""Things that occur on several drawings: hands, warnings, fans, flames, gauges, switches, terminals."""

import math

from portal.demo.drawings.canvas import (
    BLUE,
    BLUE_PALE,
    GREEN,
    GREEN_PALE,
    HEAT,
    HEAT_PALE,
    INK,
    LINE,
    PALE,
    RED,
    RED_PALE,
    SOFT,
    THIN,
    WHITE,
    Sheet,
    zigzag,
)


def spot(sheet: Sheet, x: float, y: float, r: float = 24) -> None:
    """The place to put the hand or the eye: a green ring."""
    sheet.disc(x, y, r, stroke=GREEN, fill="none", width=4, dash="9 6")


def hand(sheet: Sheet, x: float, y: float, *, turn: int = 0, mirror: bool = False) -> None:
    """A hand whose finger ends at a point; it comes from the lower right, or the lower left when mirrored."""
    scale = "-1 1" if mirror else "1 1"
    sheet.shapes.append(f'<g transform="translate({x} {y}) rotate({turn}) scale({scale})">')
    outline = (
        "M0 0C3 -3 8 -1 10 3L20 18C24 15 29 17 31 21C35 19 40 21 41 25C45 24 49 27 50 31L56 46"
        "L34 60L18 50C12 46 8 42 4 40C0 37 4 31 9 33L15 35L-1 8C-3 5 -3 2 0 0Z"
    )
    sheet.path(outline, stroke=GREEN, fill=GREEN_PALE, width=2.5)
    sheet.shape((36, 64), (59, 49), (66, 60), (43, 75), stroke=GREEN, fill=GREEN, width=2)
    sheet.shapes.append("</g>")


def tick(sheet: Sheet, x: float, y: float, size: float = 1) -> None:
    """Right: a green tick."""
    sheet.disc(x, y, 15 * size, fill=GREEN, stroke=GREEN)
    sheet.line((x - 7 * size, y), (x - 2 * size, y + 6 * size), (x + 7 * size, y - 6 * size), stroke=WHITE, width=4)


def cross(sheet: Sheet, x: float, y: float, size: float = 1) -> None:
    """Wrong: a red cross."""
    sheet.disc(x, y, 15 * size, fill=RED, stroke=RED)
    r = 6 * size
    sheet.line((x - r, y - r), (x + r, y + r), stroke=WHITE, width=4)
    sheet.line((x - r, y + r), (x + r, y - r), stroke=WHITE, width=4)


def _triangle(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.shape(
        (x, y - size), (x + size, y + size * 0.75), (x - size, y + size * 0.75), stroke=RED, fill=RED_PALE, width=4
    )


def bolt_danger(sheet: Sheet, x: float, y: float, size: float = 24) -> None:
    """Danger: voltage."""
    _triangle(sheet, x, y, size)
    k = size / 24
    bolt = [(2, -12), (-7, 5), (-1, 5), (-3, 15), (7, -1), (1, -1)]
    sheet.shape(*((x + dx * k, y + dy * k) for dx, dy in bolt), stroke=RED, fill=RED, width=1)


def heat_danger(sheet: Sheet, x: float, y: float, size: float = 24) -> None:
    """Danger: hot surface."""
    _triangle(sheet, x, y, size)
    for shift in (-8, 0, 8):
        sheet.path(f"M{x + shift} {y + 8}q-5 -5 0 -9t0 -8", stroke=RED, width=3)
    sheet.line((x - 12, y + 13), (x + 12, y + 13), stroke=RED, width=3)


def gas_danger(sheet: Sheet, x: float, y: float, size: float = 24) -> None:
    """Danger: fire or explosion."""
    _triangle(sheet, x, y, size)
    sheet.path(f"M{x} {y - 12}q9 11 7 17q-2 9 -7 9q-7 0 -8 -8q0 -6 4 -9q1 5 3 4q3 -5 1 -13z", RED, RED, 1)


def turning_danger(sheet: Sheet, x: float, y: float, size: float = 24) -> None:
    """Danger: turning parts."""
    _triangle(sheet, x, y, size)
    sheet.disc(x, y + 5, 8, stroke=RED, fill="none", width=3)
    for step in range(8):
        angle = math.pi * step / 4
        sheet.line(
            (x + 8 * math.cos(angle), y + 5 + 8 * math.sin(angle)),
            (x + 11 * math.cos(angle), y + 5 + 11 * math.sin(angle)),
            stroke=RED,
            width=3,
        )


def fan(sheet: Sheet, x: float, y: float, r: float, *, fill: str = SOFT, blades: int = 4, frame: bool = True) -> None:
    """A fan seen from the front."""
    if frame:
        sheet.disc(x, y, r + 6, fill=PALE)
    for step in range(blades):
        sheet.shapes.append(f'<g transform="translate({x} {y}) rotate({360 / blades * step:.0f})">')
        sheet.path(
            f"M0 0C{r * 0.2:.1f} {-r * 0.75:.1f} {r * 0.75:.1f} {-r * 0.95:.1f} {r * 0.8:.1f} {-r * 0.5:.1f}C{r * 0.6:.1f} {-r * 0.2:.1f} {r * 0.3:.1f} 0 0 0Z",
            INK,
            fill,
            2,
        )
        sheet.shapes.append("</g>")
    sheet.disc(x, y, r * 0.18, fill=INK)


def flame(sheet: Sheet, x: float, y: float, h: float, *, stroke: str = BLUE, fill: str = BLUE_PALE) -> None:
    """A flame that stands on a point."""
    w = h * 0.28
    d = f"M{x} {y}C{x - w:.1f} {y - h * 0.2:.1f} {x - w:.1f} {y - h * 0.5:.1f} {x} {y - h:.1f}C{x + w:.1f} {y - h * 0.5:.1f} {x + w:.1f} {y - h * 0.2:.1f} {x} {y}Z"
    sheet.path(d, stroke, fill, 2)


def drop(sheet: Sheet, x: float, y: float, r: float = 6) -> None:
    """A drop of water."""
    sheet.path(
        f"M{x} {y - 2 * r}C{x + r * 1.5} {y} {x + r} {y + r} {x} {y + r}C{x - r} {y + r} {x - r * 1.5} {y} {x} {y - 2 * r}Z",
        BLUE,
        BLUE_PALE,
        2,
    )


def gauge(
    sheet: Sheet, x: float, y: float, r: float, share: float, *, rim: str = INK, good: tuple[float, float] = (0.3, 0.6)
) -> None:
    """A gauge whose hand stands at a share of its scale; the good part is green."""
    sheet.disc(x, y, r, stroke=rim, width=5)

    def at(part: float, reach: float) -> tuple[float, float]:
        angle = math.radians(135 + 270 * part)
        return x + reach * math.cos(angle), y + reach * math.sin(angle)

    for step in range(11):
        sheet.line(at(step / 10, r * 0.72), at(step / 10, r * 0.86), width=2)
    first, last = at(good[0], r * 0.6), at(good[1], r * 0.6)
    sheet.path(
        f"M{first[0]:.1f} {first[1]:.1f}A{r * 0.6:.1f} {r * 0.6:.1f} 0 0 1 {last[0]:.1f} {last[1]:.1f}", GREEN, width=6
    )
    sheet.line((x, y), at(share, r * 0.68), stroke=RED, width=3.5)
    sheet.disc(x, y, 4, fill=INK)


def screw(sheet: Sheet, x: float, y: float, r: float = 5) -> None:
    """The head of a screw."""
    sheet.disc(x, y, r, fill=SOFT, width=THIN)
    sheet.line((x - r * 0.6, y - r * 0.6), (x + r * 0.6, y + r * 0.6), width=THIN)


def fins(sheet: Sheet, x: float, y: float, w: float, h: float, *, fill: str = WHITE, gap: float = 9) -> None:
    """A finned coil seen from the front."""
    sheet.box(x, y, w, h, fill=fill)
    for step in range(1, round(w / gap)):
        sheet.line(
            (x + step * gap, y + 3), (x + step * gap, y + h - 3), stroke=SOFT if fill == WHITE else INK, width=THIN
        )


def coil(sheet: Sheet, x: float, y: float, w: float, h: float, turns: int, *, stroke: str) -> None:
    """A pipe that goes to and fro."""
    sheet.line(*zigzag(x, y, w, h, turns), stroke=stroke, width=5)


def heater(sheet: Sheet, x: float, y: float, w: float, *, stroke: str = HEAT) -> None:
    """A hairpin heating element with its two terminals at the left."""
    sheet.path(f"M{x} {y}H{x + w}a10 10 0 0 1 0 22H{x}", stroke, "none", 7)
    sheet.path(f"M{x} {y}H{x + w}a10 10 0 0 1 0 22H{x}", HEAT_PALE, "none", 3)
    for level in (0, 22):
        sheet.box(x - 16, y + level - 5, 16, 10, fill=SOFT, width=2)


def meter(sheet: Sheet, x: float, y: float, shown: str = "") -> None:
    """A multimeter."""
    sheet.box(x, y, 62, 92, fill=GAS_CASE, r=8)
    sheet.box(x + 8, y + 9, 46, 24, fill="#dcebd9")
    sheet.word(x + 31, y + 21, shown, size=13)
    sheet.disc(x + 31, y + 60, 18, fill=INK)
    sheet.line((x + 31, y + 60), (x + 42, y + 49), stroke=WHITE, width=4)


GAS_CASE = "#f4c542"


def cable(sheet: Sheet, d: str, stroke: str) -> None:
    """A lead or hose that hangs in a curve."""
    sheet.path(d, stroke, width=4)


def switch_lever(sheet: Sheet, x: float, y: float, *, is_on: bool) -> None:
    """A circuit breaker with its lever up (1) or down (0)."""
    sheet.box(x, y, 44, 78, fill=PALE)
    sheet.box(x + 12, y + 20, 20, 40, fill=WHITE, width=2)
    top = y + 14 if is_on else y + 40
    sheet.box(x + 8, top, 28, 24, fill=GREEN if is_on else INK)
    sheet.word(x + 22, y + 9 if is_on else y + 70, "1" if is_on else "0", size=11)


def padlock(sheet: Sheet, x: float, y: float) -> None:
    """A padlock with a tag: nobody switches on."""
    sheet.path(f"M{x + 7} {y}v-12a13 13 0 0 1 26 0v12", RED, width=5)
    sheet.box(x, y, 40, 32, fill=RED, stroke=RED)
    sheet.disc(x + 20, y + 14, 5, fill=WHITE, stroke=WHITE)
    sheet.line((x + 33, y - 6), (x + 56, y + 6), stroke=INK, width=THIN)
    sheet.box(x + 50, y + 4, 42, 54, fill=WHITE, stroke=RED, width=LINE)
    cross(sheet, x + 71, y + 31, 0.9)


def person(sheet: Sheet, x: float, y: float) -> None:
    """Somebody standing, feet at a point."""
    sheet.disc(x, y - 62, 10, fill=PALE)
    sheet.line((x, y - 52), (x, y - 24), width=4)
    sheet.line((x - 14, y), (x, y - 24), (x + 14, y), width=4)
    sheet.line((x - 16, y - 30), (x, y - 45), (x + 16, y - 30), width=4)


def phone(sheet: Sheet, x: float, y: float) -> None:
    """A telephone."""
    sheet.box(x, y, 26, 44, fill=PALE, r=5)
    sheet.box(x + 4, y + 6, 18, 26, fill=BLUE_PALE, stroke=BLUE, width=THIN)
    sheet.disc(x + 13, y + 38, 2.5, fill=INK)
