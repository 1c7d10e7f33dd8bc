"""Zips whose bytes depend on their content alone."""

import zipfile
from collections.abc import Callable
from pathlib import Path

_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell
_MODE = 0o644


def pack(root: Path, to: Path) -> None:
    """Write every file below `root`, in order, without times or owners."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    with zipfile.ZipFile(to, "w") as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), _NO_DATE)
            entry.external_attr = _MODE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), compresslevel=9)


def unpack(archive: Path, to: Path, wanted: Callable[[str], bool] = lambda _: True) -> Path:
    """Unpack the wanted files of a zip and return where."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(to, [name for name in opened.namelist() if wanted(name)])
    return to
