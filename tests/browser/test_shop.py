"""A customer claims, shops and sends back: the sample shop from the strip to the live board."""

import re

import pytest
from playwright.sync_api import Page, expect
from street import Street, violations


def claimed(page: Page) -> str:
    """Claim the online discount of Milan and return its code."""
    page.goto("/p/milan")
    page.locator('form:has(input[value="parcel-10"]) button').click()
    expect(page).to_have_url(re.compile("/V/"))
    return page.locator(".code").first.inner_text().strip()


def chosen(page: Page, way: str) -> int:
    board = page.request.get("/api/v1/insights/live?campaign_id=festival-now").json()
    return next(int(one["chosen"]) for one in board["delivery"] if one["option"] == way)


def assert_side_by_side(page: Page) -> None:
    """Every way in the same letters, on one scale: the baseline's line is where it always is."""
    words = page.locator("#delivery .way .range-words")
    sizes = words.evaluate_all("all => all.map(one => getComputedStyle(one).fontSize)")
    assert (len(sizes), len(set(sizes))) == (6, 1)
    lines = page.locator("#delivery .way .range-base")
    places = lines.evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().x))")
    assert (len(places), len(set(places))) == (6, 1)


@pytest.fixture
def customer(street: Street) -> Page:
    page = street.page(width=1280)
    page.set_default_timeout(15_000)
    return page


def test_a_voucher_goes_through_the_sample_shop_and_back(street: Street, customer: Page) -> None:
    page = customer
    code, ticket = claimed(page), page.url
    assert_side_by_side(page)
    before = chosen(page, "home_cargo_bike")
    page.locator("#local-strip button[value=shop]").click()
    page.fill("#voucher", code)
    page.get_by_role("button", name="Use it for this order").click()
    expect(page.locator("[data-state=held]")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Yes, or on foot").click()
    expect(page.get_by_text("This counts no trip").first).to_be_visible()
    page.locator("input[value=home_cargo_bike]").check()
    page.get_by_role("button", name="Keep this delivery").click()
    page.get_by_role("button", name="Order and pay").click()
    expect(page.locator("[data-state=ordered]")).to_be_visible()
    order = page.url
    page.goto(ticket)
    expect(page.locator("#voucher[data-status=used]")).to_be_visible()
    expect(page.get_by_text("The shop has confirmed the order")).to_be_visible()
    street.house.projector.drain(20)
    assert chosen(page, "home_cargo_bike") == before + 1
    page.goto(order)
    page.get_by_role("button", name="Send it back").click()
    expect(page.locator("[data-state='given back']")).to_be_visible()
    page.goto(ticket)
    expect(page.get_by_role("button", name="Keep this delivery")).to_be_visible()
    page.context.close()


def test_how_far_one_would_drive_changes_the_figures_in_their_place(customer: Page) -> None:
    page = customer
    claimed(page)
    page.locator("#trip-km").evaluate(
        "far => { far.value = 8; for (const name of ['input', 'change']) "
        "far.dispatchEvent(new Event(name, { bubbles: true })); }"
    )
    expect(page.get_by_text("This counts a special trip by car, 8 km each way.")).to_have_count(2)
    expect(page.locator("output[for=trip-km]")).to_have_text("8 km")
    assert "km=8" in page.url
    page.context.close()


def test_without_script_a_number_and_a_button_do_the_same(street: Street) -> None:
    page = street.page(script=False)
    claimed(page)
    page.locator("[name=coming_anyway][value=no]").check()
    page.fill("#trip-km", "8")
    page.get_by_role("button", name="Show the figures for this").click()
    expect(page.get_by_text("This counts a special trip by car, 8 km each way.")).to_have_count(2)
    page.context.close()
