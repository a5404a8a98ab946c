"""Draw the icons of the installed app from the portal's mark (static/img/logo.svg).

    python deploy/app_icons.py

A phone cuts maskable icons to its own shape: there the mark stands within the middle four fifths, on full ground.
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "static" / "img"
SIZES = (192, 512)
GROUND, MARK, LAMP = "#0b5a6e", "#ffffff", "#4fd08c"
#: As in the drawing, which is 48 units wide.
UNITS, CORNER, STROKE = 48, 10, 5.5
TICK = [(11, 25.5), (20.2, 34.7), (32.5, 19)]
CENTRE, RADIUS = (36.3, 12.7), 5
#: Drawn larger and scaled down, for smooth edges.
FINER = 4


def drawn(size: int, *, is_maskable: bool) -> Image.Image:
    """Return the icon in one size."""
    side = size * FINER
    image = Image.new("RGBA", (side, side), GROUND if is_maskable else (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    scale = side / UNITS * (0.72 if is_maskable else 1)
    shift = side * 0.14 if is_maskable else 0

    def at(x: float, y: float) -> tuple[float, float]:
        return x * scale + shift, y * scale + shift

    def dot(x: float, y: float, radius: float, colour: str) -> None:
        pen.ellipse([at(x - radius, y - radius), at(x + radius, y + radius)], fill=colour)

    if not is_maskable:
        pen.rounded_rectangle([0, 0, side - 1, side - 1], radius=CORNER * scale, fill=GROUND)
    pen.line([at(*point) for point in TICK], fill=MARK, width=round(STROKE * scale), joint="curve")
    for end in TICK:
        dot(*end, STROKE / 2, MARK)
    dot(*CENTRE, RADIUS, LAMP)
    return image.resize((size, size), Image.Resampling.LANCZOS)


for size in SIZES:
    drawn(size, is_maskable=False).save(FOLDER / f"icon-{size}.png", optimize=True)
    drawn(size, is_maskable=True).convert("RGB").save(FOLDER / f"icon-maskable-{size}.png", optimize=True)
