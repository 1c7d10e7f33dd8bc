"""A merchant's photo: its sizes, its name, and how it goes out with the files and comes in."""

from dataclasses import replace

import pytest
from full import FULL

from chalicelib.domain import archive, difference, editing, exchange, photo, sheet_cells, validation
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.editing import Edit
from chalicelib.domain.photo import Photo

LAMPS = Photo(digest="0123456789abcdef" * 2, width=640, height=480)
OTHER = replace(LAMPS, digest="f" * 32)


def shown(found: Photo | None = LAMPS) -> Campaign:
    [tea] = FULL.merchants
    return replace(FULL, merchants=(replace(tea, photo=found),))


def test_a_photo_has_the_sizes_up_to_its_width() -> None:
    assert LAMPS.widths == (320, 640)
    assert replace(LAMPS, width=1280).widths == (320, 640, 1280)


def test_a_photo_is_named_by_all_that_is_kept_of_it() -> None:
    sizes = {"320.avif": b"a", "320.webp": b"b"}
    one = photo.made(sizes, width=320, height=200)
    assert (one.width, one.height) == (320, 200)
    assert photo.is_sound(one)
    assert photo.made(dict(reversed(sizes.items())), width=320, height=200) == one
    for others in (
        {"320.avif": b"b", "320.webp": b"a"},
        {"320.avif": b"ab", "320.webp": b""},
        {"320.avif": b"a"},
    ):
        assert photo.made(others, width=320, height=200).digest != one.digest


@pytest.mark.parametrize(
    ("digest", "name", "may"),
    [
        (LAMPS.digest, "320.avif", True),
        (LAMPS.digest, "1280.webp", True),
        (LAMPS.digest, "321.avif", False),
        (LAMPS.digest, "320.png", False),
        (LAMPS.digest, "", False),
        (LAMPS.digest.upper(), "320.avif", False),
        (f"{LAMPS.digest}\n", "320.avif", False),
        (LAMPS.digest[1:], "320.avif", False),
        ("#", "320.avif", False),
    ],
)
def test_no_other_address_is_looked_up(digest: str, name: str, *, may: bool) -> None:
    assert photo.may_be(digest, name) is may


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": '"><script>'},
        {"width": 641},
        {"height": 0},
        {"height": 1281},
    ],
)
def test_a_photo_that_is_none_keeps_a_document_from_being_published(
    wrong: dict[str, object],
) -> None:
    assert "/merchants/0/photo" not in _pointers(shown())
    assert "/merchants/0/photo" in _pointers(shown(replace(LAMPS, **wrong)))  # type: ignore[arg-type]


def _pointers(campaign: Campaign) -> set[str]:
    return {fault.pointer for fault in validation.faults(campaign)}


@pytest.mark.parametrize("found", [LAMPS, None])
def test_files_name_a_photo_and_the_same_campaign_comes_back(found: Photo | None) -> None:
    zipped = exchange.export(shown(found))
    kept = {LAMPS.digest: LAMPS, OTHER.digest: OTHER}
    assert exchange.read(zipped, kept).campaign == shown(found)


def test_files_from_before_there_were_photos_are_read() -> None:
    files = sheet_cells.files(FULL)
    now = files["merchants.csv"]
    before = now.replace(b",sample,photo", b",sample").replace(b",no,\r\n", b",no\r\n")
    assert len(before) == len(now) - len(",photo") - len(",")
    assert exchange.read(archive.pack(files | {"merchants.csv": before})).campaign == FULL


def test_a_photo_that_is_not_kept_here_is_told_with_its_place() -> None:
    report = exchange.read(exchange.export(shown()), {OTHER.digest: OTHER})
    assert report.campaign is None
    [fault] = report.stops
    assert (fault.place.file, fault.place.column) == ("merchants.csv", "photo")
    assert fault.message.startswith(f"'{LAMPS.digest}' is no photo that is kept here")


def test_a_form_keeps_a_photo_moves_it_takes_it_away_and_takes_no_other() -> None:
    for sheet in ("merchants", "offers"):
        form = Edit(sheet, editing.lines(shown(), sheet))
        assert editing.applied(shown(), form).campaign == shown()
    away = Edit("merchants", {"tea": {"photo": " "}})
    assert editing.applied(shown(), away).campaign == shown(None)
    report = editing.applied(shown(), Edit("merchants", {"tea": {"photo": OTHER.digest}}))
    assert report.campaign is None
    assert [fault.place.column for fault in report.stops] == ["photo"]


def test_another_photo_is_a_difference() -> None:
    [change] = difference.between(shown(None), shown())
    assert (change.field, change.before, change.after) == ("photo", None, LAMPS.digest)
