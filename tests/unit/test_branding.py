"""An accent is readable or keeps the campaign back; a look goes out and comes in again."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from made import campaign

from chalicelib.domain import branding, difference, editing, exchange, validation
from chalicelib.domain.branding import Branding, contrast
from chalicelib.domain.editing import Edit
from chalicelib.domain.svg import sanitised

CSS = (Path(__file__).parents[2] / "static" / "marquee.css").read_text()
LOGO = sanitised(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
)
WORN = Branding(accent="#B3261E", night="#FF8A75", logo=LOGO)


def told(**facts: str) -> list[tuple[str, str]]:
    return [(f.pointer, f.message) for f in branding.faults(Branding(**facts))]


def test_contrast_is_measured_as_wcag_has_it() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert contrast("#FFB81C", "#FFB81C") == 1


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    themes = re.findall(r"--paper: (#\w{6}); --card: (#\w{6})", CSS)
    assert themes[0] == tuple(branding.GROUNDS["accent"].values())
    assert set(themes[1:]) == {tuple(branding.GROUNDS["night"].values())}
    texts = re.findall(r"--on-pole: (#\w{6})", CSS)
    assert texts[:3] == [branding.ON_ACCENT[name] for name in ("accent", "night", "night")]


def test_what_is_readable_may_be_worn() -> None:
    assert told() == []
    assert told(accent=WORN.accent, night=WORN.night, logo=LOGO) == []
    for name, ours in (("accent", "#C8321F"), ("night", "#FF7A5C")):
        assert told(**{name: ours}) == []


@pytest.mark.parametrize("colour", ["#003366", "#2B3A8F", "#000000", "#767069", "#7A2E8E"])
def test_what_passes_has_a_readable_text_on_it_too(colour: str) -> None:
    if not told(accent=colour):
        assert contrast(colour, branding.ON_ACCENT["accent"]) >= branding.LEAST


@pytest.mark.parametrize(
    ("facts", "pointer", "words"),
    [
        ({"accent": "#FFB81C"}, "/branding/accent", "has a contrast of 1.6"),
        ({"accent": "#808080"}, "/branding/accent", "on #FFF8EC; 4.5 is needed"),
        ({"night": "#2B3A8F"}, "/branding/night", "on #241C30; 4.5 is needed"),
        ({"accent": "red"}, "/branding/accent", "'red' is no colour"),
        ({"night": "#FFF"}, "/branding/night", "'#FFF' is no colour"),
        ({"logo": "<svg onload='x'/>"}, "/branding/logo", "upload it again"),
    ],
)
def test_what_is_not_is_told_at_its_field_with_the_measure(
    facts: dict[str, str], pointer: str, words: str
) -> None:
    [(where, message)] = told(**facts)
    assert where == pointer
    assert words in message
    whole = replace(campaign(), branding=Branding(**facts))
    assert pointer in {fault.pointer for fault in validation.faults(whole)}


def test_a_colour_is_six_digits_and_nothing_behind_them() -> None:
    assert branding.is_colour("#B3261E")
    for other in ("", "red", "#B3261E;", "#B3261E}*{}", "#B3261E\n", "#FFF"):
        assert not branding.is_colour(other)


def test_a_look_goes_out_as_files_and_comes_in_again() -> None:
    for worn in (WORN, replace(WORN, logo=""), replace(WORN, accent="", night=""), None):
        whole = replace(campaign(), branding=worn)
        assert exchange.read(exchange.export(whole)).campaign == whole
    assert branding.made("", "", "") is None


def test_a_logo_of_a_zip_is_cleaned_or_told() -> None:
    active = replace(WORN, logo=LOGO.replace("<path", "<script>1</script><path"))
    found = exchange.read(exchange.export(replace(campaign(), branding=active))).campaign
    assert found is not None
    assert found.branding == WORN
    broken = replace(WORN, logo="<svg")
    report = exchange.read(exchange.export(replace(campaign(), branding=broken)))
    assert report.campaign is None
    assert [fault.place.file for fault in report.stops] == ["logo.svg"]
    pale = replace(campaign(), branding=replace(WORN, accent="#FFFF00"))
    [cure] = exchange.read(exchange.export(pale)).cures
    assert (cure.place.file, cure.place.column) == ("campaign.csv", "accent")


def test_another_logo_is_a_difference() -> None:
    bare, worn = campaign(), replace(campaign(), branding=WORN)
    changes = {change.field: change.after for change in difference.between(bare, worn)}
    assert changes["accent"] == "#B3261E"
    assert (changes["logo"] or "").startswith("SVG ")


def test_a_form_that_is_saved_unchanged_keeps_the_look() -> None:
    for worn in (WORN, None):
        whole = replace(campaign(), branding=worn)
        for sheet in ("campaign", "offers"):
            form = Edit(sheet, editing.lines(whole, sheet))
            assert editing.applied(whole, form).campaign == whole
