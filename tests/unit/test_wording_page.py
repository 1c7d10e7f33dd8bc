"""A page with estimates shows all that the rules D01 to D08 ask for, and says which it lacks."""

import pytest

from chalicelib.claim_rules import shipped_rules
from chalicelib.domain.wording_page import method_findings, page_findings

FIGURE = (
    '<div data-co2e data-value="600" data-low="480" data-high="690" data-unit="g" '
    'data-method="m/1" data-baseline="it/1" data-quality="C"><svg class="bar"></svg></div>'
)
POINTS = '<span data-points="4">4 points, which cancel no emissions</span>'


def way(kind: str, verdict: str, inside: str, *, checked: str = "") -> str:
    return (
        f'<div class="choice"><input type="radio" value="{kind}"{checked}><label>'
        f'<span data-kind="{kind}" data-verdict="{verdict}">{inside}</span></label></div>'
    )


HOME = way("home", "lower", FIGURE + POINTS)
LOCKER = way(
    "locker",
    "no_clear_difference",
    FIGURE + "<i data-condition>If you walk</i><i data-verdict-words>No clear difference</i>",
)
LINK = '<p>Estimated. <a href="/method">How we calculate</a><br></p>'
PAGE = (
    f'<html><script>saves 5 g</script>{LINK}<fieldset data-sort="price">{HOME}{LOCKER}</fieldset>'
)


def found(html: str) -> list[str]:
    told = page_findings(
        html, "en", shipped_rules(), method="m/1", points_words=["cancel no emissions"]
    )
    return [finding.rule for finding in told]


def test_a_page_that_shows_all_is_let_through() -> None:
    assert found(PAGE) == []


def test_a_page_without_estimates_is_judged_by_its_words_and_its_points() -> None:
    assert found("<div><p>Hello</div></p><hr/>") == []
    assert found("<p>Choose <b>green</b> delivery</p>") == ["C03"]
    assert found('<p data-points="4">4 delivery points</p>') == ["D06"]
    assert found(POINTS) == []


def test_a_vouchers_code_says_nothing() -> None:
    assert found('<p class="code large">ABCD-147G-JKMN-PQRS</p>') == []
    assert found("<p>147 g</p>") == ["C09"]


@pytest.mark.parametrize("name", ["alt", "aria-label", "content", "placeholder", "title"])
def test_what_is_read_out_is_judged_too(name: str) -> None:
    assert found(f'<img {name}="Choose green delivery">') == ["C03"]


def test_a_shop_links_to_the_method_where_it_stands() -> None:
    far = PAGE.replace('href="/method"', 'href="https://marquee.example/method/1.0.0"')
    assert found(far) == []


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('data-quality="C"', "", "D01"),
        ('href="/method"', 'href="/else"', "D02"),
        ('data-sort="price"', 'data-sort=""', "D03"),
        (HOME, way("home", "lower", "no number"), "D03"),
        ("If you walk", "", "D04"),
        ("<i data-verdict-words>No clear difference</i>", "", "D05"),
        ("No clear difference", "No clear difference" + POINTS, "D05"),
        ("cancel no emissions", "save the day", "D06"),
        ('data-method="m/1"', 'data-method="m/0"', "D07"),
        ('value="home"', 'value="home" checked', "D08"),
        ('class="bar"', 'class="leaf"', "C04"),
        ("How we calculate", "♻ How we calculate", "C04"),
    ],
)
def test_what_is_missing_is_named_by_its_rule(before: str, after: str, rule: str) -> None:
    assert before in PAGE
    assert set(found(PAGE.replace(before, after))) == {rule}


def test_what_is_sorted_by_price_rises_in_price_and_ends_with_what_has_none() -> None:
    def prices(*tags: str) -> list[str]:
        ways = "".join(HOME.replace("data-kind", f"{tag} data-kind") for tag in tags)
        return found(f'{LINK}<fieldset data-sort="price">{ways}</fieldset>')

    free, some, more = (f'data-price="{minor}"' for minor in (0, 450, 1_000))
    assert prices(free, some, some, more, "") == []
    assert prices(some, free) == prices(more, some) == prices("", free) == ["D03"]


def test_the_holders_own_choice_may_be_ticked() -> None:
    mine = PAGE.replace('value="home"', 'value="home" checked')
    assert found(mine.replace("data-sort=", 'data-chosen="home" data-sort=')) == []


def test_a_kept_estimate_of_an_earlier_method_is_shown_as_one() -> None:
    kept = FIGURE.replace("m/1", "m/0")
    assert found(f"{LINK}<div>{kept}</div>") == ["D07"]
    assert found(f"{LINK}<div data-earlier>{kept}</div>") == []


def test_the_method_page_shows_each_part() -> None:
    parts = ("boundary", "left-out", "range", "baseline", "points", "factors", "version", "update")
    whole = "".join(f'<div id="{part}"><h2>Heading</h2><p>{part}</p></div>' for part in parts)
    assert list(method_findings(whole)) == []
    for part in parts:
        for lacking in (whole.replace(f' id="{part}"', ""), whole.replace(f"<p>{part}</p>", " ")):
            (finding,) = method_findings(lacking)
            assert (finding.rule, finding.words) == ("D02", part)
