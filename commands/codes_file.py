"""A batch's codes as a CSV file that can be cut off at any byte and goes on where it ends."""

import errno
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from chalicelib.domain import mint
from chalicelib.domain import voucher as codes
from chalicelib.domain.batch import Batch
from chalicelib.web import mints
from commands.progress import Progress

_AT_ONCE = 1_000  # lines
_BLOCK = 1 << 20
_LONGEST_LINE = 1_000


def write(path: Path, batch: Batch, progress: Progress) -> None:
    """Write the codes that the file has not yet, by serial.

    Raises FileExistsError where the file holds something else.
    """
    with path.open("a+b") as file:
        done = _kept(file, batch)
        serials = range(done + 1, batch.count + 1)
        rows = progress.of(mints.rows_of(batch, serials), "codes", batch.count, done)
        for chunk in _chunks(mints.lines_of(rows)):
            file.write(chunk.encode())
            file.flush()
        os.fsync(file.fileno())


def _kept(file: BinaryIO, batch: Batch) -> int:
    """Cut a torn last line off and return how many codes are there; a new file gets its header."""
    end, lines = _whole_lines(file)
    file.truncate(end)
    if not lines:
        file.write(mints.HEADER.encode())
        return 0
    if _first_line(file) != mints.HEADER or (lines > 1 and not _ends_at(file, batch, lines - 1)):
        told = "holds other codes. Move it away, or choose another name"
        raise FileExistsError(errno.EEXIST, told, file.name)
    return lines - 1


def _whole_lines(file: BinaryIO) -> tuple[int, int]:
    """Return where the last whole line ends, and how many there are."""
    file.seek(0)
    end, lines, position = 0, 0, 0
    while block := file.read(_BLOCK):
        lines += block.count(b"\n")
        if b"\n" in block:
            end = position + block.rindex(b"\n") + 1
        position += len(block)
    return end, lines


def _first_line(file: BinaryIO) -> str:
    file.seek(0)
    return file.readline(_LONGEST_LINE).decode(errors="replace")


def _ends_at(file: BinaryIO, batch: Batch, serial: int) -> bool:
    """Tell whether the last line is the code of that serial of this batch."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - _LONGEST_LINE))
    last = file.read().decode(errors="replace").splitlines()[-1]
    voucher_id = codes.read_code(last.partition(",")[0])
    return voucher_id is not None and mint.place_of(voucher_id) == (batch.number, serial)


def _chunks(lines: Iterator[str]) -> Iterator[str]:
    while chunk := "".join(islice(lines, _AT_ONCE)):
        yield chunk
