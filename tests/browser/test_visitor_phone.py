"""A visitor's phone: without script, by keyboard, in the dark, without network, on paper."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from chalicelib.domain import photo
from chalicelib.store import photos
from chalicelib.web.context import context
from chalicelib.web.languages import LANGUAGES
from commands.renditions import renditions
from local import ground, seed
from local.house import House, Plan, opened

POINTS_AN_INCH, MM_AN_INCH, DOTS_AN_INCH = 72, 25.4, 300
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)  # lines to tear along look like bars
WIDTHS = (320, 360, 412, 1280)
LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgaben"
PAGES = [
    "/",
    "/p/istanbul",
    "/c/festival-now/offers?city=milan",
    "/c/festival-now/m/cam-fener",
    "/me",
    "/privacy",
    "/voucher",
    "/voucher#code",
]
WAKE_LOCK = """
const say = (word) => { document.documentElement.dataset.lock = word; };
Object.defineProperty(navigator, "wakeLock", {value: {request: async (kind) => {
  say(kind);
  return {release: async () => say("released")};
}}});
"""
# An old phone's list of zones ends before the city's.
NO_ZONES = """
const known = Intl.DateTimeFormat;
Intl.DateTimeFormat = function (language, wish) {
  if (wish?.timeZone) throw new RangeError("Invalid time zone specified");
  return new known(language, wish);
};
"""

# What reaches over the page's edge without making it wider: right to left, nobody can scroll there.
HANGING_OUT = """() => [...document.querySelectorAll("main dl > div, main p, main .button")]
  .filter((at) => at.checkVisibility() && !at.closest(".hidden, .table"))
  .filter((at) => {
    const { left, right } = at.getBoundingClientRect();
    return left < 0 || right > innerWidth;
  })
  .map((at) => at.outerHTML)"""
# Which words a used ticket breaks or lets hang out; "header" where the header takes two lines.
BROKEN_WORDS = """
() => {
  const used = document.querySelector(".sticks li:nth-child(3) .sticks-word").firstChild.data;
  document.querySelector("#voucher").dataset.status = "used";
  const title = document.querySelector(".state-title span");
  title.textContent = used;
  const lines = (text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    return [...range.getClientRects()];
  };
  const [edge] = document.querySelector(".ticket-main").getClientRects();
  const words = [title, ...document.querySelectorAll(".sticks-word")];
  const broken = words.map((word) => word.firstChild).filter((text) => {
    const found = lines(text);
    return found.length > text.data.trim().split(/ +/).length
      || found.some((box) => box.left < edge.left || box.right > edge.right);
  });
  const header = document.querySelector("header.top").offsetHeight > 70;
  return [...broken.map((text) => text.data), ...(header ? ["header"] : [])];
}
"""


@dataclass(frozen=True)
class Market:
    """A house without a past, and the phones that come to it."""

    house: House
    chrome: Browser

    def page(self, *, width: int = 360, script: bool = True, **more: Any) -> Page:
        """Open a phone of a new visitor."""
        context = self.chrome.new_context(
            viewport={"width": width, "height": 740},
            locale=more.pop("locale", "en-GB"),
            java_script_enabled=script,
            base_url=self.house.world.base_url,
            **more,
        )
        context.set_default_timeout(20_000)
        return context.new_page()

    def holder(self, **more: Any) -> Page:
        """Open a phone and claim a voucher on it; it shows the ticket."""
        page = self.page(**more)
        page.goto("/p/istanbul")
        page.locator('form:has(input[value="lantern-gift"]) button').click()
        page.wait_for_url("**/V/*")
        return page


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory, chrome: Browser) -> Iterator[Market]:
    ground.keep_home()
    with opened(Plan(log=tmp_path_factory.mktemp("market") / "log", strip=True)) as house:
        publish_what_is_hard_to_show(house)
        yield Market(house, chrome)


def publish_what_is_hard_to_show(house: House) -> None:
    """Give a merchant of Istanbul a photo, and the festival words that fit into no line."""
    whole = house.world.campaigns["festival-now"]
    hard = replace(
        whole,
        name=longer(whole.name),
        popups=tuple(replace(one, address=LONG_WORD) for one in whole.popups),
        merchants=tuple(
            replace(one, name=LONG_WORD, story=longer(one.story), photo=kept_photo())
            if one.merchant_id == "cam-fener"
            else one
            for one in whole.merchants
        ),
        offers=tuple(
            replace(one, title=longer(one.title), terms=longer(one.terms))
            if one.merchant_id == "cam-fener"
            else one
            for one in whole.offers
        ),
    )
    seed.publish(hard, house.world.clock.now())
    context.catalog.forget()


def longer(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: f"{LONG_WORD} {text}" for code, text in texts.items()}


def kept_photo() -> photo.Photo:
    """Make a photo of every size and keep it."""
    file = BytesIO()
    Image.radial_gradient("L").resize((1400, 1050)).convert("RGB").save(file, "jpeg")
    sizes, (width, height) = renditions(file.getvalue())
    lamps = photo.made(sizes, width=width, height=height)
    photos.keep(lamps, sizes)
    return lamps


def letters(page: Page) -> str:
    return page.locator(".qr .code").inner_text()


def scanned(page: Page) -> str:
    """Return what a camera reads off the screen."""
    with Image.open(BytesIO(page.screenshot())) as picture:
        found = zxingcpp.read_barcodes(picture.convert("L"))
    assert found, "no code is to be seen"
    return found[0].text


def address(page: Page) -> str:
    """Return the address that the ticket's code has to say, in upper case."""
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}".upper()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_nothing_is_cut_off_at_any_width_nor_with_twice_the_text(
    market: Market,
    script: bool,  # noqa: FBT001 - a case
) -> None:
    page = market.holder(script=script, locale="ar-EG" if script else "en-GB")
    ticket, whole = urlsplit(page.url).path, page.locator("html")
    for path in PAGES:
        page.goto(path.replace("/voucher", ticket))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            assert whole.evaluate("page => page.scrollWidth") <= width, (path, width)
            assert page.evaluate(HANGING_OUT) == [], (path, width)
        page.set_viewport_size({"width": 640, "height": 740})
        whole.evaluate("page => { page.style.fontSize = '200%'; }")
        assert whole.evaluate("page => page.scrollWidth") <= 640, path
        whole.evaluate("page => { page.style.fontSize = ''; }")  # the next may be the same page
    page.context.close()


def test_a_ticket_keeps_its_header_on_a_line_and_its_words_whole_in_every_language(
    market: Market,
) -> None:
    page = market.holder(width=320)
    ticket = urlsplit(page.url).path
    for width, (language, _) in itertools.product((320, 360), LANGUAGES):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(f"/preferences?lang={language}&to={ticket}")
        assert page.locator(".qr-card").evaluate("card => card.offsetWidth") >= 240
        broken = page.evaluate(BROKEN_WORDS)
        assert broken == [], (width, language)
    page.context.close()


def test_the_whole_way_without_script(market: Market) -> None:
    page = market.page(script=False)
    page.goto("/c/festival-now/offers")
    page.locator("#city").select_option("istanbul")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Claim it in Istanbul").first.click()
    page.locator('form:has(input[value="lantern-gift"]) button').click()
    ticket = urlsplit(page.url).path
    page.locator("#large").click()
    expect(page.locator("#code")).to_be_visible()
    assert scanned(page) == address(page)
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#code")).to_be_hidden()
    page.locator("#words").fill("a lamp & tea")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("blockquote")).to_have_text("a lamp & tea")
    page.goto("/me")
    page.get_by_label("Your mail address").fill("ayse@example.org")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_text("The link is on its way.")).to_be_visible()
    other = market.page(script=False)
    other.goto("/_local/mail")
    other.get_by_role("link").first.click()
    other.get_by_role("button", name="Take them over").click()
    expect(other.locator(f'a[href="{ticket}"]')).to_be_visible()
    page.goto("/privacy")
    page.get_by_role("button", name="Erase my data").click()
    expect(page.get_by_role("heading", name="Your data is erased")).to_be_visible()
    other.goto("/me")
    expect(other.get_by_role("heading", name="No voucher yet")).to_be_visible()
    page.context.close()
    other.context.close()


def test_the_way_by_keyboard_alone(market: Market) -> None:
    page = market.page()
    page.goto("/p/istanbul")
    claim = page.locator('form:has(input[value="lantern-gift"]) button')
    for _ in range(30):
        page.keyboard.press("Tab")
        if claim.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/V/*")
    page.locator("#large").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_hidden()
    page.context.close()


def test_a_phone_that_slept_through_the_turn_reads_its_page_again_once_there_is_a_network(
    market: Market,
) -> None:
    page, asked = market.page(), list[str]()
    page.clock.install()
    page.goto("/p/istanbul")
    turn = page.locator("[data-turn]").get_attribute("data-turn")
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(offline=True)
    page.clock.set_system_time(f"{turn}".replace("Z", ".500Z"))  # timers sleep, too
    page.clock.run_for(5_000)
    assert asked == []
    expect(page.get_by_role("heading", name="Istanbul")).to_be_visible()
    page.context.set_offline(offline=False)
    with page.expect_event("load"):
        page.clock.run_for(2_000)
    assert asked.count(page.url) == 1
    page.context.close()


def test_a_phone_that_does_not_know_the_citys_zone_still_does_all_the_rest(
    market: Market,
) -> None:
    page = market.page()
    page.add_init_script(NO_ZONES)
    page.goto("/p/istanbul")
    page.locator('form:has(input[value="lantern-gift"]) button').click()
    page.wait_for_url("**/V/*")
    expect(page.locator("#print")).to_be_visible()
    assert re.fullmatch(r"\d\d:\d\d:\d\d", page.locator(".live-clock").inner_text())
    page.context.close()


def test_the_screen_stays_on_while_the_code_fills_it(market: Market) -> None:
    page = market.holder()
    page.context.add_init_script(WAKE_LOCK)
    page.reload()
    page.evaluate("location.hash = '#code'")
    expect(page.locator("html[data-lock=screen]")).to_be_attached()
    page.evaluate("location.hash = '#voucher'")
    expect(page.locator("html[data-lock=released]")).to_be_attached()
    page.context.close()


@pytest.mark.parametrize(
    "look",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=["light", "dark", "forced colours"],
)
def test_a_camera_reads_the_code_off_every_screen(market: Market, look: dict[str, Any]) -> None:
    page = market.holder(**look)
    page.locator(".qr-card").scroll_into_view_if_needed()
    assert scanned(page) == address(page)
    page.goto(page.url + "#code")
    assert scanned(page) == address(page)
    page.context.close()


def test_the_sheet_of_paper_has_a_code_of_fifty_millimetres(market: Market) -> None:
    page = market.holder()
    with pypdfium2.PdfDocument(page.pdf(format="A4", print_background=False)) as document:
        assert len(document) == 1
        sheet = document[0].render(scale=DOTS_AN_INCH / POINTS_AN_INCH).to_pil()
    (found,) = zxingcpp.read_barcodes(sheet.convert("L"), formats=QR)
    assert found.text == address(page)
    corners = found.position
    dots = corners.top_right.x - corners.top_left.x
    assert 50 <= dots / DOTS_AN_INCH * MM_AN_INCH <= 52
    page.context.close()


def test_the_picture_for_the_album_can_be_scanned(market: Market, tmp_path: Path) -> None:
    page = market.holder()
    with page.expect_download() as got:
        page.locator("#picture").click()
    file = tmp_path / got.value.suggested_filename
    got.value.save_as(file)
    assert file.name == f"{letters(page)}.png"
    with Image.open(file) as picture:
        (found,) = zxingcpp.read_barcodes(picture.convert("L"), formats=QR)
    assert found.text == address(page)
    page.context.close()


def test_a_ticket_that_was_opened_once_opens_without_network(market: Market) -> None:
    page = market.holder()
    expect(page.locator("html[data-kept]")).to_be_attached()
    code = letters(page)
    page.context.set_offline(offline=True)
    again = page.context.new_page()
    again.goto(page.url)
    assert letters(again) == code
    expect(again.locator(".saved")).to_contain_text("Without network")
    expect(again.locator(".live")).to_be_hidden()
    assert scanned(again) == address(again)
    page.context.set_offline(offline=False)
    again.evaluate("dispatchEvent(new Event('online'))")
    expect(again.locator(".live")).to_be_visible()
    again.goto("/privacy")
    again.get_by_role("button", name="Erase my data").click()
    again.wait_for_url("**/me/erased")
    expect(again.locator("html[data-forgotten]")).to_be_attached()
    assert again.evaluate("caches.keys()") == []
    page.context.close()


def test_the_worker_of_tickets_leaves_every_other_page_alone(market: Market) -> None:
    page = market.holder()
    expect(page.locator("html[data-kept]")).to_be_attached()
    scopes = page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))"
    )
    assert [urlsplit(scope).path for scope in scopes] == ["/V/"]
    page.goto("/p/istanbul")
    assert page.evaluate("navigator.serviceWorker.controller === null")
    page.context.close()


@pytest.mark.parametrize(
    ("path", "width", "dots", "size"),
    [
        ("/c/festival-now/m/cam-fener", 360, 2, "640.avif"),
        ("/c/festival-now/m/cam-fener", 1280, 2, "1280.avif"),
        ("/c/festival-now/offers", 360, 2, "320.avif"),
        ("/p/istanbul", 360, 3, "640.avif"),
        ("/p/istanbul", 1280, 1, "320.avif"),
    ],
)
def test_a_photo_comes_in_the_size_that_is_shown_and_moves_nothing(
    market: Market, path: str, width: int, dots: int, size: str
) -> None:
    page, asked = market.page(width=width, device_scale_factor=dots), list[Route]()

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/photo/**", hold)
    page.goto(path, wait_until="domcontentloaded")
    shown = page.locator("picture img").first
    shown.scroll_into_view_if_needed()
    high = page.evaluate("document.body.scrollHeight")
    while not asked:
        page.wait_for_timeout(20)
    for each in asked:
        each.continue_()
    page.unroute("**/photo/**")
    expect(shown).not_to_have_js_property("naturalWidth", 0)
    assert shown.evaluate("one => one.currentSrc").endswith(f"/{size}")
    assert page.evaluate("document.body.scrollHeight") == high
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_a_page_asks_nobody_else(market: Market) -> None:
    page = market.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/p/istanbul")
    page.locator('form:has(input[value="lantern-gift"]) button').click()
    page.wait_for_load_state("networkidle")
    hosts = {urlsplit(url).netloc for url in asked}
    assert hosts == {urlsplit(market.house.world.base_url).netloc}
    assert not re.search(r"(token|code)=", json.dumps(asked))
    page.context.close()
