"""From the stand's screen to a voucher: a television, a visitor's phone, half a minute between."""

from datetime import timedelta
from io import BytesIO

import zxingcpp
from door import Door, opened
from house import House, path_of
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from street import violations

from chalicelib.domain.device import Profile

HALF_A_MINUTE = timedelta(seconds=30)


class Television:
    """A browser on the wall; its clock and the house's run together."""

    def __init__(self, door: Door, chrome: Browser) -> None:
        self.door = door
        self.context: BrowserContext = chrome.new_context(
            viewport={"width": 1920, "height": 1080}, locale="en-GB"
        )
        self.context.clock.install(time=door.house.real_at)
        self.context.add_cookies([{"name": "lang", "value": "en", "url": door.url}])
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()

    def enrol(self) -> None:
        code = self.door.enrolment_code("istanbul", Profile.SCREEN)
        self.page.goto(f"{self.door.url}/screen/istanbul#enrol={code}")
        expect(self.page.locator("#picture")).to_be_visible()

    def later(self, passed: timedelta) -> None:
        """Let time pass, here and at the server."""
        self.door.house.real_at += passed
        self.page.clock.fast_forward(int(passed.total_seconds() * 1000))

    def scanned(self) -> str:
        """Return what a camera across the square reads off the screen."""
        with Image.open(BytesIO(self.page.screenshot())) as picture:
            (found,) = zxingcpp.read_barcodes(picture.convert("L"))
        return str(found.text)


def test_a_visitor_scans_the_screen_and_claims_what_is_for_those_who_come(
    house: House, chrome: Browser
) -> None:
    with opened(house) as door:
        screen = Television(door, chrome)
        screen.enrol()
        page = screen.page
        assert "#" not in page.url
        assert violations(page) == []
        box = page.locator(".screen-foot").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 1080, "all of it is on the television"

        phone = chrome.new_page(viewport={"width": 360, "height": 740}, locale="en-GB")
        phone.goto(door.url + path_of(screen.scanned()))
        expect(phone.locator(".banner").first).to_contain_text("You are at the stand")
        assert violations(phone) == []
        phone.locator('form:has(input[value="tea-glass-gift"]) button').click()
        phone.wait_for_url("**/V/*")

        first = page.locator("#code").inner_text()
        with door.one_by_one:
            house.project()
        screen.later(HALF_A_MINUTE)
        expect(page.locator("#code")).not_to_have_text(first)
        expect(page.locator("#claimed")).to_have_text("1")

        screen.context.set_offline(True)
        screen.later(HALF_A_MINUTE)
        expect(page.locator("#notice")).to_contain_text("This code still works")
        screen.later(HALF_A_MINUTE)
        expect(page.locator("#notice")).to_contain_text("has no network")
        expect(page.locator("#picture")).to_be_hidden()
        assert violations(page) == []
        screen.context.set_offline(False)
        expect(page.locator("#picture")).to_be_visible()
        expect(page.locator("#notice")).to_be_hidden()

        page.reload()
        expect(page.locator("#picture")).to_be_visible()
        with door.one_by_one:
            house.live(revoked_devices=_devices(house))
        screen.later(HALF_A_MINUTE)
        expect(page.locator("#notice")).to_contain_text("removed this screen")
        expect(page.locator("#enrol")).to_be_visible()
        screen.context.close()
        phone.context.close()


def _devices(house: House) -> set[str]:
    rows = [row["pk"]["S"] for row in house.items("access")]
    return {name.removeprefix("DEV#") for name in rows if name.startswith("DEV#")}
