"""A campaign goes out as a zip of CSV files and comes back the same; nothing else comes in."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from full import FULL
from hypothesis import given
from hypothesis import strategies as st
from made import ISTANBUL, MADRID, campaign

from chalicelib.domain import archive, exchange, sheet, sheet_cells
from chalicelib.domain.archive import BadArchiveError
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.exchange import Report
from chalicelib.domain.offer import Scope
from chalicelib.domain.popup import Session
from chalicelib.domain.sheet_files import LAYOUTS
from local import sample_loader

SAMPLE = sample_loader.festival_now(date(2026, 11, 23))


def changed(edit: Callable[[dict[str, bytes]], Any], whole: Campaign = FULL) -> Report:
    """Return what an import says of the campaign's files after an edit."""
    files = sheet_cells.files(whole)
    edit(files)
    return exchange.read(archive.pack(files))


def with_text(name: str, old: str, new: str, whole: Campaign = FULL) -> Report:
    """Return what an import says where a text in a file is another."""

    def edit(files: dict[str, bytes]) -> None:
        text = files[name].decode("utf-8-sig")
        assert old in text, text
        files[name] = text.replace(old, new, 1).encode()

    return changed(edit, whole)


def told(report: Report) -> list[str]:
    return [str(fault) for fault in (*report.stops, *report.cures)]


@pytest.mark.parametrize("whole", [FULL, SAMPLE, campaign()], ids=["full", "sample", "small"])
def test_the_same_campaign_comes_back(whole: Campaign) -> None:
    report = exchange.read(exchange.export(whole))
    assert report.stops == ()
    assert report.campaign == whole
    assert exchange.export(report.campaign) == exchange.export(whole)


def test_the_sample_has_nothing_to_cure_and_its_lines_are_counted() -> None:
    report = exchange.read(exchange.export(SAMPLE))
    assert report.cures == ()
    assert report.rows["popups.csv"] == 35
    assert report.rows["campaign.csv"] == 1


_LETTERS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1)
_WORDS = _LETTERS.filter(lambda text: bool(text.strip()))


@given(name=_WORDS, city=_WORDS, terms=_WORDS, latitude=st.floats(-90, 90))
def test_any_text_comes_back_letter_for_letter(
    name: str, city: str, terms: str, latitude: float
) -> None:
    whole = replace(
        FULL,
        name={"en": name},
        popups=(replace(ISTANBUL, city=city, latitude=latitude), MADRID),
        offers=(replace(FULL.offers[1], terms={"en": terms, "tr": name}),),
    )
    assert exchange.read(exchange.export(whole)).campaign == whole


@given(st.text())
def test_no_cell_begins_like_a_formula_and_each_comes_back(text: str) -> None:
    shown = sheet.guarded(text)
    assert not shown.startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))
    assert sheet.unguarded(shown) == text


@pytest.mark.parametrize("first", "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
def test_whatever_a_formula_begins_with_is_guarded(first: str) -> None:
    assert sheet.guarded(f"{first}1+1") == f"'{first}1+1"
    assert sheet.unguarded(f"'{first}1+1") == f"{first}1+1"


def test_no_cell_of_an_export_begins_like_a_formula() -> None:
    for data in sheet_cells.files(FULL).values():
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            assert not [cell for cell in row if cell[:1] in {"=", "+", "-", "@"}]


@given(st.binary(max_size=300))
def test_bytes_that_are_no_zip_are_told(data: bytes) -> None:
    assert exchange.read(data).campaign is None


@given(st.sampled_from(sorted(LAYOUTS)), st.binary(max_size=200), st.integers(0, 3000))
def test_a_file_of_any_bytes_is_a_report_and_never_a_crash(
    name: str, data: bytes, place: int
) -> None:
    def edit(files: dict[str, bytes]) -> None:
        files[name] = files[name][:place] + data + files[name][place + len(data) :]

    report = changed(edit)
    assert (report.campaign is None) == bool(report.stops)


@given(st.data())
def test_cells_of_any_text_are_a_report_and_never_a_crash(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(LAYOUTS)))
    rows = sheet_cells.rows(FULL)[name]
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from(sorted(row)))
    cell = data.draw(
        st.one_of(_LETTERS, st.sampled_from(["", "0", "-1", "nan", "1e99", "*", "yes"]))
    )
    lines = [{**each, column: cell} if each is row else each for each in rows]
    columns = sorted({key for each in rows for key in each} | set(LAYOUTS[name].columns))

    def edit(files: dict[str, bytes]) -> None:
        files[name] = sheet.write(columns, lines)

    report = changed(edit)
    assert (report.campaign is None) == bool(report.stops)


def sound(report: Report) -> None:
    """All or nothing, and each fault names a file, a line and a column."""
    assert (report.campaign is None) == bool(report.stops)
    for fault in (*report.stops, *report.cures):
        assert fault.place.file in {*LAYOUTS, "the zip"}
        assert fault.place.line >= 1
        assert fault.place.column
        assert fault.message


PACKED = exchange.export(FULL)


@given(st.integers(0, len(PACKED)), st.integers(0, 40), st.binary(max_size=40))
def test_a_zip_with_other_bytes_in_it_is_a_report_and_never_a_crash(
    start: int, length: int, data: bytes
) -> None:
    sound(exchange.read(PACKED[:start] + data + PACKED[start + length :]))


@given(st.sampled_from(sorted(LAYOUTS)), st.lists(st.lists(_LETTERS | st.just("")), max_size=6))
def test_a_file_of_any_cells_is_a_report_and_never_a_crash(
    name: str, lines: list[list[str]]
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    sound(changed(lambda files: files.update({name: out.getvalue().encode()})))


_ENDS = st.sampled_from(["\r\n", "\n", "\r", "\n\n", "\x00\n", "\u2028"])
_ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"])


@given(st.sampled_from(sorted(LAYOUTS)), _ENDS, _ENCODINGS)
def test_other_ends_of_lines_and_encodings_are_read_or_told(
    name: str, end: str, encoding: str
) -> None:
    def edit(files: dict[str, bytes]) -> None:
        text = files[name].decode("utf-8-sig").replace("\r\n", end)
        files[name] = text.encode(encoding, errors="replace")

    report = changed(edit)
    sound(report)
    if end == "\r\n" and encoding in {"utf-8", "utf-8-sig"}:
        assert report.campaign == FULL


_NAMES = st.sampled_from(
    [*LAYOUTS, *(f"a/b/{name}" for name in LAYOUTS), "../hours.csv", "/etc/hours.csv", "x.csv", ""]
)


@given(st.lists(st.tuples(_NAMES, st.binary(max_size=60)), max_size=12))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_any_entries_of_a_zip_are_a_report_and_never_a_crash(
    entries: list[tuple[str, bytes]],
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries:
            made.writestr(name or "-", data)
    sound(exchange.read(out.getvalue()))


@pytest.mark.parametrize(
    ("name", "data", "told_of"),
    [
        ("hours.csv", b"popup,opens,closes,days\n" + b"a\n" * 200_000, "more than 25000 lines"),
        ("hours.csv", b"popup,opens,closes,days\n" + b"\n" * 250_000, "more than 250000 lines"),
        ("hours.csv", b"popup,opens,closes,days\n" + b"\r" * 250_000, "more than 250000 lines"),
        ("hours.csv", b"popup," * 200_000, "200001 columns; 200 is the most"),
        ("texts.csv", b"of,field," + b"en," * 200_000, "200 is the most"),
        ("texts.csv", b"of,field,en\n" + b"x" * 200_000, "field larger than field limit"),
        ("hours.csv", b'popup,opens,closes,days\n"' + b"\n" * 200_000, "check the quotes"),
    ],
    ids=["lines", "blank", "blank of old", "columns", "languages", "cell", "quote"],
)
def test_what_unpacks_to_too_much_is_read_no_further(name: str, data: bytes, told_of: str) -> None:
    report = changed(lambda files: files.update({name: data}))
    sound(report)
    assert any(told_of in line for line in told(report))
    assert sum(report.rows.values()) <= sheet.MOST_ROWS + len(LAYOUTS)


def test_the_nearest_name_is_sought_for_so_many_words_alone() -> None:
    line = sheet_cells.offer_cells(FULL.offers[0])
    lines = [{**line, "id": f"tea-{n}", "stands": f"istanbull-{n}"} for n in range(200)]

    def edit(files: dict[str, bytes]) -> None:
        files["offers.csv"] = sheet.write(list(line), lines)

    said = [line for line in told(changed(edit)) if "no id and no country" in line]
    assert len(said) == 200
    assert sum("write for example istanbul, or *" in line for line in said) == 100
    assert sum("write for example istanbul or TR, or *" in line for line in said) == 100


def test_countries_named_twice_count_once_and_stands_named_twice_are_told() -> None:
    countries = with_text("offers.csv", ",tea,madrid", ",tea,TR TR madrid")
    assert countries.campaign is not None
    assert countries.campaign.offers[0].popup_ids == ("istanbul", "madrid")
    stands = with_text("offers.csv", ",tea,madrid", ",tea,madrid madrid")
    assert stands.campaign is not None
    assert stands.campaign.offers[0].popup_ids == ("madrid", "madrid")


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("campaign.csv", "festival", "x,y", "campaign.csv, line 2, column night: the line has"),
        (
            "campaign.csv",
            "7,",
            "seven,",
            "campaign.csv, line 2, column number: 'seven' is no whole",
        ),
        ("popups.csv", "41.01", "nan", "popups.csv, line 2, column latitude: 'nan' is no number"),
        ("hours.csv", "madrid", "nowhere", "hours.csv, line 3, column popup: 'nowhere' is not in"),
        ("hours.csv", "6", "8", "hours.csv, line 4, column days: '8' is no weekday"),
        ("offers.csv", "percentage,tea", "gratis,tea", "offers.csv, line 2, column kind: 'gratis'"),
        ("offers.csv", "online stand", "shop", "offers.csv, line 2, column channels: 'shop' is"),
        ("offers.csv", ",tea,madrid", ",tea,madird", "offers.csv, line 2, column stands: 'madird'"),
        ("offers.csv", "yes,no,tea", "perhaps,no,tea", "offers.csv, line 2, column presence: "),
        ("texts.csv", "plain,title", "plane,title", "texts.csv, line 7, column of: nothing has"),
        ("texts.csv", "plain,terms", "plain,title", "texts.csv, line 8, column of: plain,title st"),
        ("delivery.csv", ",290,", ",cheap,", "delivery.csv, line 3, column EUR: 'cheap' is no"),
        ("delivery.csv", "code,", "cod,", "delivery.csv, line 1, column code: this column is mis"),
        ("popups.csv", "city,", "town,", "popups.csv, line 1, column town: this column is not kn"),
        ("merchants.csv", "name,", "id,", "merchants.csv, line 1, column id: this column stands "),
        ("merchants.csv", '"Tea', '"Te"a', "merchants.csv, line 2, column id: "),
    ],
)
def test_a_cell_that_cannot_be_read_keeps_all_of_it_out(
    name: str, old: str, new: str, fault: str
) -> None:
    report = with_text(name, old, new)
    assert report.campaign is None
    assert any(line.startswith(fault) for line in map(str, report.stops)), told(report)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("campaign.csv", "2026-05-10T", "2026-05-40T", "campaign.csv, line 2, column usable_from"),
        ("campaign.csv", "board_box", "barrel", "campaign.csv, line 2, column packaging: "),
        ("popups.csv", "TRY", "TRL", "popups.csv, line 2, column currency: 'TRL' is no currency"),
        ("offers.csv", "40,campaign", "0,campaign", "offers.csv, line 2, column stock_units: 0 is"),
        ("delivery.csv", "3.0,9", "3.0,", "delivery.csv, line 2, column bulk_parcels: "),
    ],
)
def test_what_only_keeps_it_from_being_published_comes_in_and_is_told(
    name: str, old: str, new: str, fault: str
) -> None:
    report = with_text(name, old, new)
    assert report.campaign is not None
    assert any(line.startswith(fault) for line in map(str, report.cures)), told(report)


def test_a_text_without_english_is_told_at_its_cell() -> None:
    report = with_text("texts.csv", "plain,title,A text,", "plain,title,,Bir metin")
    assert any(
        line.startswith("texts.csv, line 7, column en: needs a text in English")
        for line in told(report)
    ), told(report)


def test_missing_texts_and_hours_say_what_to_add() -> None:
    texts = with_text("texts.csv", "plain,title,A text,\r\n", "")
    assert any("add a line plain,title,… to texts.csv" in line for line in told(texts))
    hours = with_text("hours.csv", "istanbul,00:00,24:00,1-7\r\n", "")
    assert any("add a line istanbul,10:00,20:00,1-7 to hours.csv" in line for line in told(hours))


def test_stands_may_be_named_by_country_and_hours_for_all() -> None:
    by_country = with_text("offers.csv", ",tea,madrid", ",tea,TR madrid")
    assert by_country.campaign is not None
    assert by_country.campaign.offers[0].popup_ids == ("istanbul", "madrid")
    every = with_text("hours.csv", "istanbul,", "*,")
    assert every.campaign is not None
    assert every.campaign.popup["istanbul"].hours == (Session("00:00", "24:00"),)


def test_stock_units_alone_are_one_heap_at_each_stand() -> None:
    report = with_text("offers.csv", ",40,campaign,3,", ",40,,,")
    assert report.campaign is not None
    stock = report.campaign.offers[0].stock
    assert stock is not None
    assert (stock.units, stock.per, stock.shards) == (40, Scope.POPUP, 1)
    assert b",40,popup,1," in sheet_cells.files(report.campaign)["offers.csv"]
    stops = with_text("offers.csv", ",40,campaign,3,", ",,campaign,3,").stops
    assert [fault.place.column for fault in stops] == ["stock_units"]


def test_numbers_and_languages_may_be_left_out() -> None:
    numbers = with_text("popups.csv", ",12,", ",,")
    assert numbers.campaign is not None
    assert numbers.campaign.popup["madrid"].number == 2
    languages = with_text("campaign.csv", "en tr", "")
    assert languages.campaign is not None
    assert languages.campaign.languages == ("en", "tr")


def test_a_language_of_the_texts_that_is_none_is_told_at_its_column() -> None:
    def edit(files: dict[str, bytes]) -> None:
        files["campaign.csv"] = files["campaign.csv"].replace(b"en tr", b"")
        files["texts.csv"] = files["texts.csv"].replace(b"field,en,tr", b"field,en,TR")

    assert any(
        "texts.csv, line 1, column TR: 'TR' is no lang" in line for line in told(changed(edit))
    )


def test_empty_lines_are_passed_over() -> None:
    spaced = with_text("hours.csv", "istanbul,", "\r\n\r\nistanbul,")
    assert spaced.campaign == FULL


def test_of_a_torn_line_nothing_else_is_said() -> None:
    faults = sheet.Faults()
    row = sheet.Row("offers.csv", 2, {"id": ""}, faults)
    faults.torn.add(("offers.csv", 2))
    row.fail("id", "is empty")
    assert faults.sorted() == ()


class TestArchive:
    """What is no campaign's zip is refused with what to do."""

    def test_a_missing_file_is_told(self) -> None:
        report = changed(lambda files: files.pop("hours.csv"))
        [line] = told(report)
        assert line.startswith("hours.csv, line 1, column popup: there is no such file; add it")

    def test_a_file_that_is_not_utf8_is_told(self) -> None:
        report = changed(lambda files: files.update({"hours.csv": b"popup\n\xff"}))
        assert told(report) == [
            "hours.csv, line 2, column popup: is not UTF-8; store the file as UTF-8"
        ]

    @pytest.mark.parametrize("lines", [0, 2])
    def test_a_zip_holds_one_campaign(self, lines: int) -> None:
        def edit(files: dict[str, bytes]) -> None:
            head, line = files["campaign.csv"].splitlines(keepends=True)
            files["campaign.csv"] = head + line * lines

        assert told(changed(edit))[0].startswith(f"campaign.csv, line 2, column id: has {lines} l")

    def test_there_are_only_so_many_lines(self) -> None:
        row = b"istanbul,10:00,11:00,1\r\n"
        report = changed(
            lambda files: files.update({"hours.csv": files["hours.csv"] + row * 25_000})
        )
        assert "more than 25000 lines together" in told(report)[-1]

    def test_folders_and_what_systems_add_do_not_matter(self) -> None:
        files = {f"autumn/{name}": data for name, data in sheet_cells.files(FULL).items()}
        extras = {"__MACOSX/autumn/x": b"", "autumn/.DS_Store": b"", "autumn/": b""}
        assert exchange.read(archive.pack(files | extras)).campaign == FULL

    @pytest.mark.parametrize(
        ("name", "why"), [("notes.txt", "no file of a campaign"), ("a/hours.csv", "twice")]
    )
    def test_other_files_and_second_ones_are_refused(self, name: str, why: str) -> None:
        files = sheet_cells.files(FULL) | {name: b""}
        with pytest.raises(BadArchiveError, match=why):
            archive.unpack(archive.pack(files), LAYOUTS)

    def test_a_bomb_is_not_unpacked(self) -> None:
        zeros = b"0" * (archive.MOST_BYTES + 1)
        packed = archive.pack({"texts.csv": zeros})
        assert len(packed) < 100_000
        with pytest.raises(BadArchiveError, match="larger than 24 MB"):
            archive.unpack(packed, LAYOUTS)

    def test_a_lie_about_its_size_does_not_help_a_bomb(self) -> None:
        packed = bytearray(archive.pack({"texts.csv": b"0" * (archive.MOST_BYTES + 1)}))
        size = (archive.MOST_BYTES + 1).to_bytes(4, "little")
        while size in packed:
            at = packed.index(size)
            packed[at : at + 4] = (10).to_bytes(4, "little")
        with pytest.raises(BadArchiveError):
            archive.unpack(bytes(packed), LAYOUTS)

    def test_many_files_a_rare_packing_and_a_lock_are_refused(self) -> None:
        many = archive.pack({f"{n}/hours.csv": b"" for n in range(41)})
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as rare:
            rare.writestr("hours.csv", b"popup")
        locked = bytearray(archive.pack({"hours.csv": b"popup"}))
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            locked[locked.index(mark) + at] |= 1
        for packed in (many, out.getvalue(), bytes(locked)):
            with pytest.raises(BadArchiveError):
                archive.unpack(packed, LAYOUTS)
