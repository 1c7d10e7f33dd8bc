"""The assets as they are built from the sources and what npm brings."""

from pathlib import Path

from tools import assets


def test_the_real_build_is_complete_and_repeats_itself(tmp_path: Path) -> None:
    modules = assets.ROOT / "node_modules"
    static = tmp_path / "static"
    for name, data in assets.read_sources(assets.ROOT / "static").items():
        path = static / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    manifest = assets.build(static=static, modules=modules)
    before = {path: path.stat().st_mtime_ns for path in (static / "built").rglob("*.*.*")}
    assert assets.build(static=static, modules=modules) == manifest
    assert {path: path.stat().st_mtime_ns for path in (static / "built").rglob("*.*.*")} == before
    assert {"marquee.css", "voucher.css", "staff.css", "land.svg", "faces/bold.woff2"} <= set(
        manifest
    )
    sheet = (static / "built" / manifest["marquee.css"]).read_text()
    assert f'url("{manifest["sofia-latin.woff2"]}")' in sheet
