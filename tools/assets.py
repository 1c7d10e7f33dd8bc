"""Make static/built/ from static/ and node_modules: content hashes in names, and a manifest.

It subsets the display face to the characters the style sheet asks for, draws the land of
the world map and the scanner's icons, cuts the small sheets out of the large one, and replaces
every reference between assets by the hashed name. Modules from npm lie beside the scanner's own,
and the service worker is told what the scanner needs without network. Running it again changes
nothing.
"""

import json
import posixpath
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # it runs as a file, before anything is installed

from tools import icons, share_picture  # noqa: E402 - found by the line above

FACE = "@fontsource/sofia-sans-extra-condensed/files/sofia-sans-extra-condensed-{}-800-normal.woff2"
FONTS = {
    "sofia-latin.woff2": "latin",
    "sofia-latin-ext.woff2": "latin-ext",
    "sofia-cyrillic.woff2": "cyrillic",
}
LAYERS = ("tokens", "base", "parts", "pages")  # the later decides
LAND = "world-atlas/land-110m.json"
# Modules from npm by the name that scripts import them under: where they lie, whence they come.
VENDORED = {
    "idb": ("staff/vendor/idb.js", "idb/build/index.js"),
    "@noble/ed25519": ("staff/vendor/ed25519.js", "@noble/ed25519/index.js"),
}
WORKER = "sw.js"
# The reader of QR codes, which lies beside the worker that runs it.
DECODER = {
    "staff/decoder/reader/index.js": "zxing-wasm/dist/es/reader/index.js",
    "staff/decoder/share.js": "zxing-wasm/dist/es/share.js",
    "staff/decoder/zxing.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
}
APP_ICON = "staff/icon.svg"
HTMX = "htmx.org/dist/htmx.min.js"

# The map's projection, which the template's dots share: plate carrée, 2000 units around
# the world, cut off at NORTH and SOUTH. x = (lon + 180) * UNIT, y = (NORTH - lat) * UNIT.
UNIT = 2000 / 360
NORTH, SOUTH = 75.0, -58.0
# What of it is looked at, a little more on either side, and the grid of its coast: it is drawn in
# dots of 11 units, so nobody sees a finer one.
WEST_UNIT, EAST_UNIT, GRID = 240, 1440, 4

Assets = dict[str, bytes]
Point = tuple[float, float]


def main() -> None:
    """Build everything and say in one line what came out."""
    manifest = build(static=ROOT / "static", modules=ROOT / "node_modules")
    print(f"assets: {len(manifest)} files in static/built")


def build(*, static: Path, modules: Path) -> dict[str, str]:
    """Write static/built and return its manifest: name as written in templates -> hashed name."""
    built = static / "built"
    sources = read_sources(static)
    sheet = sources["marquee.css"].decode()
    made: Assets = {
        "land.svg": land_svg(json.loads((modules / LAND).read_text())).encode(),
        "htmx.js": (modules / HTMX).read_bytes(),
        "voucher.css": marked(sheet, "voucher").encode(),
        **fonts(sheet, modules=modules, cache=built / ".fonts"),
        **print_faces(ROOT / "chalicelib" / "data" / "faces", cache=built / ".fonts"),
        **{name: (modules / source).read_bytes() for name, source in VENDORED.values()},
        **{name: (modules / source).read_bytes() for name, source in DECODER.items()},
        "share.png": share_picture.png(),
    }
    if APP_ICON in sources:
        made |= icons.pictures(sources[APP_ICON].decode(), built / ".icons")
    if "staff.css" in sources:
        staff = marked(sheet, "staff").encode()
        made["staff.css"] = made["voucher.css"] + staff + sources["staff.css"]
    assets = {
        name: smaller(name, data) if name in sources or name.endswith(".css") else data
        for name, data in (sources | made).items()
    }
    if WORKER in assets:
        assets[WORKER] = worker(assets[WORKER].decode(), assets).encode()
    hashed = addressed(assets)
    manifest = {name: address for name, (address, _) in sorted(hashed.items())}
    write(built, dict(hashed.values()), manifest)
    return manifest


def read_sources(static: Path) -> Assets:
    """Return every file under static/ by its posix path; types are for the editor alone."""
    return {
        path.relative_to(static).as_posix(): path.read_bytes()
        for path in sorted(static.rglob("*"))
        if path.is_file()
        and "built" not in path.relative_to(static).parts
        and not path.name.endswith(".d.ts")
    }


def worker(script: str, assets: Iterable[str]) -> str:
    """Return the service worker with the list of what the scanner needs without network.

    The names are references like any other, so that its own hash changes with each of them.
    """
    page = {"staff.css", "icons.svg", "favicon.svg"}
    needed = sorted(name for name in assets if name.startswith("staff/") or name in page)
    return script.replace("[/* assets */]", json.dumps([f"./{name}" for name in needed]))


# --- Style sheets -----------------------------------------------------------------------


def marked(sheet: str, name: str) -> str:
    """Return what stands between the marks `[name` and `name]`, each a comment of its own."""
    return "".join(re.findall(rf"/\* \[{name} \*/(.*?)/\* {name}\] \*/", sheet, flags=re.DOTALL))


def flat(sheet: str) -> str:
    """Put the layers one after another: phones from before 2022 pass over what stands in one.

    What is in no layer goes last, as it decides over all of them.
    """
    layers = re.findall(r"^@layer (\w+) \{$(.*?)^\}$", sheet, flags=re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^@layer [^{;]+(?:;|\{$.*?^\})$", "", sheet, flags=re.MULTILINE | re.DOTALL)
    ordered = sorted(layers, key=lambda layer: LAYERS.index(layer[0]))
    return "".join(rules for _, rules in ordered) + rest


def squeeze(sheet: str) -> str:
    """Leave out comments, and spaces where no meaning hangs on them: our sheets quote no braces."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.sub(r"\s*([{};])\s*", r"\1", bare).replace(";}", "}").strip()


def bare(script: str) -> str:
    """Leave out the comments of a script of ours: those that begin a line, and casts of types.

    Half of a script is its types, which phones do not read. No text of ours looks like that.
    """
    lines = re.sub(r"^[ \t]*//[^\n]*\n", "", script, flags=re.MULTILINE)
    blocks = re.sub(r"^[ \t]*/\*\*.*?\*/[ \t]*\n?", "", lines, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"/\*\* @\w+ [^\n]*?\*/ ?", "", blocks).strip() + "\n"


def smaller(name: str, data: bytes) -> bytes:
    """Return a sheet or a script without what is for its readers; all else as it is."""
    if name.endswith(".css"):
        return squeeze(flat(data.decode())).encode()
    return bare(data.decode()).encode() if name.endswith(".js") else data


# --- Fonts ------------------------------------------------------------------------------


def fonts(sheet: str, *, modules: Path, cache: Path) -> Assets:
    """Return each font file that the sheet names, cut to the range that the sheet gives it."""
    return {
        name: _cached_subset(modules / FACE.format(part), characters(sheet, name), cache)
        for name, part in FONTS.items()
    }


def characters(sheet: str, font: str) -> frozenset[int]:
    """Return the code points of the unicode-range of the @font-face that loads `font`."""
    face = re.search(rf'url\("{re.escape(font)}"\)[^}}]*unicode-range:([^;}}]+)', sheet)
    if face is None:
        raise ValueError(f"the style sheet has no @font-face with a range for {font}")
    found: set[int] = set()
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face[1]):
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def _cached_subset(source: Path, wanted: frozenset[int], cache: Path) -> bytes:
    """Subset once per source and range: brotli takes its time."""
    key = sha256(source.read_bytes() + repr(sorted(wanted)).encode()).hexdigest()[:16]
    kept = cache / f"{key}.woff2"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(subset(source, wanted))
    return kept.read_bytes()


def subset(source: Path, wanted: frozenset[int]) -> bytes:
    """Return a woff2 with the wanted characters, kerning and tabular figures, without hints."""
    cutter: Any = import_module("fontTools.subset")  # untyped, and 0.3 s that a warm run saves
    options = cutter.Options(
        flavor="woff2",
        hinting=False,
        layout_features=["kern", "mark", "mkmk", "locl", "ccmp", "tnum", "lnum"],
        notdef_outline=True,
    )
    worker = cutter.Subsetter(options)
    worker.populate(unicodes=sorted(wanted))
    out = BytesIO()
    with cutter.load_font(str(source), options) as font:
        worker.subset(font)
        cutter.save_font(font, out, options)
    return out.getvalue()


def print_faces(faces: Path, cache: Path) -> Assets:
    """Return the faces of PDFs for pages that show the same sheets."""
    return {f"faces/{face.stem}.woff2": _cached_pack(face, cache) for face in faces.glob("*.ttf")}


def _cached_pack(source: Path, cache: Path) -> bytes:
    """Pack once per source."""
    kept = cache / f"{sha256(source.read_bytes()).hexdigest()[:16]}.woff2"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        import_module("fontTools.ttLib.woff2").compress(str(source), str(kept))
    return kept.read_bytes()


# --- The map ----------------------------------------------------------------------------


def land_svg(topology: Mapping[str, Any]) -> str:
    """Return the land as one SVG path with the id `land`, in the map's projection."""
    arcs = decoded(topology)
    rings = [
        [point for index in ring for point in _arc(arcs, index)]
        for geometry in topology["objects"]["land"]["geometries"]
        for polygon in geometry["arcs"]
        for ring in polygon
    ]
    shown = [unwrapped(ring) for ring in rings if max(lat for _, lat in ring) > SOUTH]
    height = round((NORTH - SOUTH) * UNIT)
    path = "".join(outline(places) for ring in shown if (places := seen(ring)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2000 {height}">'
        f'<path id="land" d="{path}"/></svg>'
    )


def decoded(topology: Mapping[str, Any]) -> list[list[Point]]:
    """Return TopoJSON's arcs as longitudes and latitudes: deltas summed, then scaled."""
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)
    return arcs


def _arc(arcs: list[list[Point]], index: int) -> list[Point]:
    """Return an arc without its last point, which the next one begins with; ~i is i reversed."""
    return arcs[index][:-1] if index >= 0 else arcs[~index][:0:-1]


def unwrapped(ring: list[Point]) -> list[Point]:
    """Return a ring that runs on past 180 degrees instead of jumping across the whole map."""
    whole: list[Point] = [ring[0]]
    for lon, lat in ring[1:]:
        turns = round((lon - whole[-1][0]) / 360)
        whole.append((lon - 360 * turns, lat))
    longitudes = [lon for lon, _ in whole]
    shift = 360 * round((min(longitudes) + max(longitudes)) / 720)
    return [(lon - shift, lat) for lon, lat in whole]


def project(lon: float, lat: float) -> tuple[int, int]:
    """Return the map's whole units for a place."""
    return round((lon + 180) * UNIT), round((NORTH - lat) * UNIT)


def seen(ring: Iterable[Point]) -> list[tuple[int, int]]:
    """Return a ring on the grid; what lies beyond the map is drawn together on its edge."""
    places = [_on_grid(*project(lon, lat)) for lon, lat in ring]
    around = zip(places[-1:] + places[:-1], places, places[1:] + places[:1], strict=True)
    edges = {WEST_UNIT, EAST_UNIT}
    return [
        at
        for before, at, after in around
        if at[0] not in edges or not before[0] == at[0] == after[0]
    ]


def _on_grid(x: int, y: int) -> tuple[int, int]:
    return round(min(max(x, WEST_UNIT), EAST_UNIT) / GRID) * GRID, round(y / GRID) * GRID


def outline(places: Sequence[tuple[int, int]]) -> str:
    """Return a ring as an SVG path of whole relative steps; steps of nothing are left out."""
    (x, y), *rest = places
    path = f"M{x} {y}l"
    for next_x, next_y in rest:
        dx, dy = next_x - x, next_y - y
        if dx or dy:
            path += f"{'' if path[-1] == 'l' or dx < 0 else ' '}{dx}{'' if dy < 0 else ' '}{dy}"
        x, y = next_x, next_y
    return path + "z"


# --- Names ------------------------------------------------------------------------------

REFERENCE = {
    ".css": re.compile(r'(?<=url\(")([^":]+)(?="\))'),
    ".js": re.compile(
        rf'(?<=")(\.{{1,2}}/[^"]+)(?=")|(?<=[( ]")({"|".join(VENDORED)})(?=")',
    ),
    ".webmanifest": re.compile(r'(?<=")(\.{1,2}/[^"]+)(?=")'),
}


def addressed(assets: Assets) -> dict[str, tuple[str, bytes]]:
    """Return for each name its hashed name and its bytes, references inside replaced.

    A file's hash covers what it refers to, so references are followed first; a circle of
    references has no hash and is refused.
    """
    done: dict[str, tuple[str, bytes]] = {}
    open_names: list[str] = []

    def address(name: str) -> str:
        if name in done:
            return done[name][0]
        if name in open_names:
            raise ValueError(f"assets refer to each other in a circle: {[*open_names, name]}")
        open_names.append(name)
        data = _with_references(name, assets, address)
        open_names.pop()
        path = PurePosixPath(name)
        digest = sha256(data).hexdigest()[:8]
        done[name] = (path.with_name(f"{path.stem}.{digest}{path.suffix}").as_posix(), data)
        return done[name][0]

    for name in assets:
        address(name)
    return done


def _with_references(name: str, assets: Assets, address: Callable[[str], str]) -> bytes:
    pattern = REFERENCE.get(PurePosixPath(name).suffix)
    if pattern is None:
        return assets[name]
    folder = PurePosixPath(name).parent

    def replaced(match: re.Match[str]) -> str:
        target = _target(folder, match[0])
        if target not in assets:
            return match[0]
        return _relative(folder, address(target), script=name.endswith(".js"))

    return pattern.sub(replaced, assets[name].decode()).encode()


def _target(folder: PurePosixPath, reference: str) -> str:
    """Return the asset's name that a module's name or a relative reference means."""
    return VENDORED[reference][0] if reference in VENDORED else _resolved(folder, reference)


def _relative(folder: PurePosixPath, address: str, *, script: bool) -> str:
    """Return an address as seen from a folder; a script's must begin with a dot."""
    path = posixpath.relpath(address, folder)
    return f"./{path}" if script and not path.startswith(".") else path


def _resolved(folder: PurePosixPath, reference: str) -> str:
    """Return the asset's name that a relative reference means."""
    parts: list[str] = []
    for part in (folder / reference).parts:
        if part == "..":
            del parts[-1:]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def write(built: Path, files: Mapping[str, bytes], manifest: Mapping[str, str]) -> None:
    """Write what is new, then the manifest, then remove what nobody refers to any more."""
    for address, data in files.items():
        path = built / address
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (built / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    for path in [*built.iterdir()]:
        if path.is_dir() and not path.name.startswith("."):
            _sweep(path, built, files)
        elif path.is_file() and path.name not in files and path.name != "manifest.json":
            path.unlink()


def _sweep(folder: Path, built: Path, files: Mapping[str, bytes]) -> None:
    for path in [*folder.rglob("*")]:
        if path.is_file() and path.relative_to(built).as_posix() not in files:
            path.unlink()
    if not any(path.is_file() for path in folder.rglob("*")):
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
