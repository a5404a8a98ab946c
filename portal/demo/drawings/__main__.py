"""Write the drawings and the list of them beside the demo's data."""

import json
from pathlib import Path

from portal.demo.drawings import cold, gas, machines
from portal.demo.drawings.canvas import Sheet

FOLDER = Path(__file__).parent.parent / "profiles" / "kitchen"


def drawn() -> list[Sheet]:
    """Return all drawings."""
    return [*cold.sheets(), *gas.sheets(), *machines.sheets()]


ABOUT = "示意图的名称、文字说明和编号标注，由 portal/demo/drawings 生成。"


def main() -> None:
    """Write one SVG a drawing, and ``drawings.json`` with titles, descriptions and callouts in thousandths."""
    sheets = drawn()
    folder = FOLDER / "drawings"
    folder.mkdir(exist_ok=True)
    for sheet in sheets:
        (folder / f"{sheet.name}.svg").write_text(sheet.svg(), encoding="utf-8")
    rows = [
        {
            "name": sheet.name,
            "title": sheet.title,
            "alt": sheet.alt,
            "callouts": [{"x": x, "y": y, "label": label} for x, y, label in sheet.marks],
        }
        for sheet in sheets
    ]
    text = json.dumps({"about": ABOUT, "drawings": rows}, ensure_ascii=False, indent=2)
    (FOLDER / "drawings.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(sheets)} drawings")


if __name__ == "__main__":
    main()
