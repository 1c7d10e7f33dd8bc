"""A draft is edited cell by cell; what was not touched stays as it was."""

from datetime import date

import pytest
from full import FULL
from made import campaign

from chalicelib.domain import editing
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.editing import Conflict, Edit
from chalicelib.domain.popup import Session
from chalicelib.domain.sheet_files import LAYOUTS
from local import sample_loader

SAMPLE = sample_loader.festival_now(date(2026, 11, 23))
SHEETS = [name.removesuffix(".csv") for name in LAYOUTS]


def edited(whole: Campaign, sheet: str, key: str, **cells: str) -> Campaign:
    report = editing.applied(whole, Edit(sheet, {key: cells}))
    assert report.campaign is not None, report.stops
    return report.campaign


@pytest.mark.parametrize("whole", [FULL, SAMPLE, campaign()], ids=["full", "sample", "small"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_a_form_that_is_saved_unchanged_changes_nothing(whole: Campaign, sheet: str) -> None:
    form = Edit(sheet, editing.lines(whole, sheet))
    assert editing.applied(whole, form).campaign == whole
    assert editing.applied(whole, Edit(sheet, {})).campaign == whole


def test_a_browsers_line_ends_change_nothing() -> None:
    form = editing.lines(FULL, "texts")
    sent = {
        key: {c: cell.replace("\r\n", "\n") for c, cell in row.items()} for key, row in form.items()
    }
    assert sent != form
    assert editing.applied(FULL, Edit("texts", sent)).campaign == FULL
    assert editing.conflicts(FULL, FULL, Edit("texts", sent)) == ()


def test_one_cell_changes_one_value() -> None:
    after = edited(FULL, "offers", "plain", visitor_limit="4")
    assert after.offer["plain"].visitor_limit == 4
    assert after.offer["everything"] == FULL.offer["everything"]
    assert after.popups == FULL.popups


def test_every_file_has_its_lines() -> None:
    assert edited(FULL, "campaign", "campaign", number="9").number == 9
    assert edited(FULL, "popups", "madrid", city="Madrid!").popup["madrid"].city == "Madrid!"
    hours = edited(FULL, "hours", "madrid.2", closes="13:00").popup["madrid"].hours
    assert hours[1] == Session("10:00", "13:00", (7, 6))
    assert edited(FULL, "texts", "plain.title", tr="Sade").offer["plain"].title["tr"] == "Sade"
    assert edited(FULL, "merchants", "tea", name="Tea 2").merchant["tea"].name == "Tea 2"
    plan = edited(FULL, "delivery", "locker", EUR="").delivery
    assert plan is not None
    assert plan.options[1].price_minor == {}
    local = edited(FULL, "delivery", "locker.2", carrier="Another").delivery
    assert local is not None
    assert [one.carrier for one in local.options] == ["", "", "Another"]
    record = edited(FULL, "baselines", "ES-locker.2026-10", since="2026-06-01").delivery
    assert record is not None
    assert record.baselines[0].since == "2026-06-01"


def test_who_is_renamed_is_renamed_everywhere() -> None:
    offers = edited(FULL, "offers", "plain", id="simple")
    assert offers.offer["simple"].title == FULL.offer["plain"].title
    stands = edited(FULL, "popups", "madrid", id="sevilla")
    assert stands.popup["sevilla"].hours == FULL.popup["madrid"].hours
    assert stands.offer["everything"].popup_ids == ("sevilla",)
    assert stands.delivery is not None
    assert stands.delivery.options[2].popup_ids == ("sevilla",)
    seller = edited(FULL, "merchants", "tea", id="tea-house")
    assert seller.offer["everything"].merchant_id == "tea-house"
    assert seller.merchant["tea-house"].story == FULL.merchant["tea"].story


def test_a_new_line_is_added_and_an_empty_one_is_not() -> None:
    cells = editing.lines(FULL, "popups")["madrid"] | {"id": "sevilla", "number": "13"}
    report = editing.applied(FULL, Edit("popups", {"new": cells, "new2": {"id": " "}}))
    assert report.campaign is not None
    assert [popup.popup_id for popup in report.campaign.popups] == ["istanbul", "madrid", "sevilla"]


def test_a_line_that_goes_takes_its_texts_along() -> None:
    report = editing.applied(FULL, Edit("offers", {}, frozenset({"plain"})))
    assert report.campaign is not None
    assert [offer.offer_id for offer in report.campaign.offers] == ["everything"]


def test_a_stand_that_goes_takes_its_hours_along() -> None:
    report = editing.applied(FULL, Edit("popups", {}, frozenset({"madrid"})))
    assert report.campaign is not None
    assert [popup.popup_id for popup in report.campaign.popups] == ["istanbul"]
    assert report.campaign.offer["everything"].popup_ids == ()


def test_unknown_lines_and_columns_are_left_out() -> None:
    edit = Edit("offers", {"nothing": {"id": "x"}, "plain": {"left": "0", "epoch": "9"}})
    assert editing.applied(FULL, edit).campaign == FULL


def test_what_cannot_be_read_is_told_at_its_cell() -> None:
    edit = Edit("offers", {"plain": {"visitor_limit": "many", "number": "x"}})
    report = editing.applied(FULL, edit)
    assert report.campaign is None
    keys = list(editing.lines_after(FULL, edit))
    found = editing.faults_by_cell(report.stops, keys, "offers")
    assert set(found) == {("plain", "visitor_limit"), ("plain", "number")}
    assert editing.faults_by_cell(report.stops, keys, "popups") == {}


def test_a_stale_form_shows_both_versions() -> None:
    base = FULL
    theirs = edited(base, "offers", "plain", visitor_limit="2", number="10")
    form = editing.lines(base, "offers")
    form["plain"] |= {"visitor_limit": "3", "hold_minutes": "5"}
    found = editing.conflicts(base, theirs, Edit("offers", form))
    assert found == (
        Conflict("plain", "visitor_limit", "1", "2", "3"),
        Conflict("plain", "hold_minutes", "", "", "5"),
    )
    assert [conflict.both for conflict in found] == [True, False]
