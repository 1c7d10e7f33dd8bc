"""The asset step: what it cuts, draws and renames, and that it does so only once."""

import json
import struct
from pathlib import Path

import pytest

from tools import assets, share_picture

SHEET = """@layer base;
/* [voucher */
a { color: red; } /* said aside */
/* voucher] */
@font-face { src: url("sofia-latin.woff2"); unicode-range: U+20-22, U+41; }
/* [voucher */
b { color: blue; }
/* voucher] */
"""
# Two arcs: an island on the map, and one far south of it. Deltas of whole degrees.
TOPOLOGY = {
    "transform": {"scale": [1, 1], "translate": [-180, -90]},
    "arcs": [
        [[180, 90], [9, 0], [0, 9], [-9, -9]],
        [[180, 5], [9, 0], [0, 9], [-9, -9]],
    ],
    "objects": {"land": {"geometries": [{"arcs": [[[0]], [[1]]]}]}},
}


def test_a_subset_sheet_is_what_stands_between_its_marks() -> None:
    cut = assets.squeeze(assets.marked(SHEET, "voucher"))
    assert cut == "a{color: red}b{color: blue}"


def test_layers_follow_one_another_in_their_order_for_phones_that_know_none() -> None:
    sheet = """@layer tokens, base, parts, pages;
@layer pages {
  a { color: red; }
}
b { color: blue; }
@layer base {
  @media print {
    a { color: black; }
  }
}
@layer pages {
  i { color: green; }
}
"""
    assert assets.squeeze(assets.flat(sheet)) == (
        "@media print{a{color: black}}a{color: red}i{color: green}b{color: blue}"
    )


def test_every_layer_of_every_sheet_is_undone() -> None:
    for sheet in (assets.ROOT / "static").glob("*.css"):
        assert "@layer" not in assets.flat(sheet.read_text(encoding="utf-8")), sheet.name


def test_the_picture_of_a_shared_link_is_a_small_png_of_its_size() -> None:
    picture = share_picture.png()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)
    assert len(picture) < 10_000


def test_a_script_loses_its_comments_and_nothing_else() -> None:
    script = """// @ts-check
// A noun.

/** @typedef {string} Name */
/**
 * Say it.
 * @param {Name} name
 */
export const say = (name) => `//${name}`; // kept

const place = /** @type {any} */ (document);
  /** One line. */
  place.href = "https://example.com/**/";
"""
    assert (
        assets.bare(script)
        == """export const say = (name) => `//${name}`; // kept

const place = (document);
  place.href = "https://example.com/**/";
"""
    )


def test_a_font_carries_the_characters_that_the_sheet_asks_for() -> None:
    assert assets.characters(SHEET, "sofia-latin.woff2") == {0x20, 0x21, 0x22, 0x41}
    with pytest.raises(ValueError, match=r"no @font-face with a range for other\.woff2"):
        assets.characters(SHEET, "other.woff2")


def test_the_projection_is_the_one_the_dots_use() -> None:
    assert assets.project(-180, 75) == (0, 0)
    assert assets.project(180, -58) == (2000, 739)
    assert assets.project(28.9497, 41.0138) == (1161, 189)


def test_the_land_is_one_path_without_what_lies_south_of_the_map() -> None:
    svg = assets.land_svg(TOPOLOGY)
    assert 'viewBox="0 0 2000 739"' in svg
    assert svg.count("M") == 1
    assert 'd="M1000 416l48 0 0-48z"' in svg


def test_what_lies_beyond_the_map_is_drawn_together_on_its_edge() -> None:
    ring = [(60.0, 10.0), (100.0, 10.0), (120.0, 0.0), (100.0, -10.0), (60.0, -10.0)]
    assert assets.seen(ring) == [(1332, 360), (1440, 360), (1440, 472), (1332, 472)]


def test_a_coast_that_crosses_the_date_line_does_not_jump_across_the_map() -> None:
    ring = [(170.0, 60.0), (179.0, 61.0), (-179.0, 62.0), (-170.0, 60.0)]
    longitudes = [lon for lon, _ in assets.unwrapped(ring)]
    assert max(longitudes) - min(longitudes) == 20


def test_references_follow_the_hash_of_what_they_refer_to() -> None:
    first = assets.addressed(_scripts(leaf=b"1"))
    second = assets.addressed(_scripts(leaf=b"2"))
    leaf, page = first["staff/lib/leaf.js"][0], first["staff/page.js"]
    assert leaf.startswith("staff/lib/leaf.")
    assert page[1].decode() == f'import "./{leaf.removeprefix("staff/")}"; import "./gone.js";'
    assert page[0] != second["staff/page.js"][0]
    assert first["logo.svg"] == second["logo.svg"]


def test_a_module_from_npm_is_referred_to_by_its_name() -> None:
    scripts = {
        "staff/vendor/idb.js": b"export const openDB = 1;",
        "staff/deep/page.js": b'import { openDB } from "idb"; import("idb"); say("an idb");',
    }
    done = assets.addressed(scripts)
    address = "../vendor/" + done["staff/vendor/idb.js"][0].rpartition("/")[2]
    expected = f'import {{ openDB }} from "{address}"; import("{address}"); say("an idb");'
    assert done["staff/deep/page.js"][1].decode() == expected


def test_the_service_worker_names_what_the_scanner_needs_and_changes_with_it() -> None:
    names = ["staff/main.js", "staff.css", "voucher.js", "icons.svg"]
    script = assets.worker("const ASSETS = [/* assets */];", names)
    assert script == 'const ASSETS = ["./icons.svg", "./staff.css", "./staff/main.js"];'
    first, second = (
        assets.addressed({"sw.js": b'["./staff/main.js"]', "staff/main.js": content})
        for content in (b"1", b"2")
    )
    assert first["sw.js"][0] != second["sw.js"][0]


def test_a_circle_of_references_is_refused() -> None:
    circle = {"a.js": b'import "./b.js"', "b.js": b'import "./a.js"'}
    with pytest.raises(ValueError, match="circle"):
        assets.addressed(circle)


def test_writing_removes_what_nobody_refers_to(tmp_path: Path) -> None:
    assets.write(tmp_path, {"a.1.css": b"a", "staff/b.1.js": b"b"}, {"a.css": "a.1.css"})
    assets.write(tmp_path, {"a.2.css": b"c"}, {"a.css": "a.2.css"})
    assert {path.name for path in tmp_path.rglob("*")} == {"a.2.css", "manifest.json"}
    assert json.loads((tmp_path / "manifest.json").read_text()) == {"a.css": "a.2.css"}


def test_sources_leave_out_what_was_built_and_what_only_editors_read(tmp_path: Path) -> None:
    for name in ("marquee.css", "staff/app.js", "types.d.ts", "built/old.css"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert set(assets.read_sources(tmp_path)) == {"marquee.css", "staff/app.js"}


def _scripts(leaf: bytes) -> assets.Assets:
    return {
        "staff/page.js": b'import "./lib/leaf.js"; import "./gone.js";',
        "staff/lib/leaf.js": leaf,
        "logo.svg": b"<svg/>",
    }
