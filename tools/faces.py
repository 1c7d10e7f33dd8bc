"""Make chalicelib/data/faces/ from npm: the faces of what is printed, `python -m tools.faces`.

A PDF carries its own letters. The files are kept in the repository, since the deployed package
has them and they change with the releases of the faces alone. Running it again changes nothing.
"""

import sys
from collections.abc import Iterable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from tools.assets import ROOT

FACES = ROOT / "chalicelib" / "data" / "faces"
_SOFIA = "@fontsource/sofia-sans-extra-condensed/files/sofia-sans-extra-condensed-{}-{}-normal.woff"
_ARABIC = "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-{}-normal.woff"
_PARTS = ("latin", "latin-ext", "cyrillic")
SOURCES = {
    "bold.ttf": [_SOFIA.format(part, 800) for part in _PARTS],
    "text.ttf": [_SOFIA.format(part, 500) for part in _PARTS],
    "bold-arabic.ttf": [_ARABIC.format(700)],
    "text-arabic.ttf": [_ARABIC.format(400)],
}
_NO_DATE = 3_600_000_000  # seconds from 1904: some day, the same at each run
_LAST = 0x0700  # the letters after these are of languages that the product does not speak
_ALSO = range(0x2000, 0x2300)  # dashes, quotes, signs of currencies, minus


def main(modules: Path) -> None:
    """Write every face."""
    FACES.mkdir(parents=True, exist_ok=True)
    for name, parts in SOURCES.items():
        (FACES / name).write_bytes(face(modules / part for part in parts))


def face(parts: Iterable[Path]) -> bytes:
    """Return the parts of a face as one, without hints and without what nobody prints."""
    cut = [_cut(part) for part in parts]
    if len(cut) == 1:
        return cut[0].getvalue()
    merged: Any = import_module("fontTools.merge").Merger().merge(cut)
    out = BytesIO()
    merged.recalcTimestamp = False
    merged["head"].created = merged["head"].modified = _NO_DATE
    merged.save(out)
    return out.getvalue()


def _cut(part: Path) -> BytesIO:
    cutter: Any = import_module("fontTools.subset")
    options = cutter.Options(hinting=False, notdef_outline=True, layout_features=["*"])
    options.drop_tables += ["GDEF"] if "sofia" in part.name else []
    out = BytesIO()
    with cutter.load_font(str(part), options) as font:
        font.flavor = None
        font.recalcTimestamp = False
        known = font.getBestCmap()
        worker = cutter.Subsetter(options)
        worker.populate(unicodes=[one for one in known if one < _LAST or one in _ALSO])
        worker.subset(font)
        cutter.save_font(font, out, options)
    out.seek(0)
    return out


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "node_modules")
