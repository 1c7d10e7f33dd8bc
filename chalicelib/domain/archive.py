"""A zip of a campaign's files, packed and unpacked; what unpacks to too much is refused."""

import io
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Final

from chalicelib.domain.sentence import Sentence, said

MOST_BYTES: Final = 24_000_000  # of all files together, unpacked
_MOST_ENTRIES: Final = 40
_HOW: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError),
    *(NotImplementedError, RuntimeError, IndexError),
)


class BadArchiveError(ValueError):
    """The bytes are no zip that is taken; the sentence says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def unpack(data: bytes, names: Collection[str]) -> dict[str, bytes]:
    """Return the files of these names, from any folder of the zip. Raises BadArchiveError.

    What a zip says of its sizes is not believed: reading stops where it is too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _files(archive, names)
    except BadArchiveError:
        raise
    except _UNREADABLE as error:
        raise BadArchiveError(
            said("this is no zip that can be read; save the files as one zip again")
        ) from error


def _files(archive: zipfile.ZipFile, names: Collection[str]) -> dict[str, bytes]:
    if len(archive.infolist()) > _MOST_ENTRIES:
        told = said(
            "the zip has more than {most} files; save the files as one zip again",
            most=_MOST_ENTRIES,
        )
        raise BadArchiveError(told)
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for info in archive.infolist():
        name = _name_of(info)
        if name is None:
            continue
        if name not in names:
            raise BadArchiveError(said("{name} is no file of a campaign; remove it", name=name))
        if name in found:
            raise BadArchiveError(said("{name} is in the zip twice; remove one", name=name))
        found[name] = _read(archive, info, left)
        left -= len(found[name])
    return found


def _name_of(info: zipfile.ZipInfo) -> str | None:
    """Return the bare name of a file; what systems add beside it is left out."""
    path = PurePosixPath(info.filename)
    hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return None if info.is_dir() or hidden else path.name


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _HOW:
        told = said(
            "{name} is locked or packed in a rare way; save the files as one zip again",
            name=info.filename,
        )
        raise BadArchiveError(told)
    with archive.open(info) as file:
        data = file.read(most + 1)
    if len(data) > most:
        told = said("the files are larger than {most} MB together", most=MOST_BYTES // 1_000_000)
        raise BadArchiveError(told)
    return data
