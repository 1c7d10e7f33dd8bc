"""Photos of merchants: where they are shown, how they are sent, how they are edited and moved."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from colleague import Colleague, colleague, inputs
from house import Answer, House

from chalicelib.domain import exchange, photo
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Role, Scope
from chalicelib.domain.photo import Photo
from chalicelib.store import campaigns, photos
from chalicelib.store import desk as store
from chalicelib.web.operations import ZIP

SCOPE = Scope(area="festival-now", member_id="x", email="x")
EDIT = "/console/c/festival-now/edit/merchants"
PAGE = "/c/festival-now/m/cam-fener"
SIZES = {
    "320.avif": b"\0\0\0\x1cftypavif" + bytes(range(256)),
    "320.webp": b"RIFF\xff\xfe\0\0WEBP",
    "640.avif": b"\0\0\0\x1cftypavif2",
    "640.webp": b"RIFF\0\0\0\0WEBP2",
}
LAMPS = photo.made(SIZES, width=640, height=480)
HOME = f"/photo/{LAMPS.digest}"
NOTHING = "f" * 32


def shown(whole: Campaign, found: Photo | None = LAMPS) -> Campaign:
    """Return the campaign with this photo at one merchant."""
    merchants = (
        replace(one, photo=found) if one.merchant_id == "cam-fener" else one
        for one in whole.merchants
    )
    return replace(whole, merchants=tuple(merchants))


@pytest.fixture
def hung(house: House) -> House:
    """Return the house in which a merchant has a photo, live."""
    photos.keep(LAMPS, SIZES)
    house.publish(shown(house.campaign()))
    return house


def draft() -> Campaign:
    found = store.draft(SCOPE)
    assert found
    return found.campaign


class TestPage:
    """What visitors see."""

    def test_a_browser_chooses_the_kind_and_the_size_and_keeps_the_place(self, hung: House) -> None:
        page = hung.browser().get(PAGE).text
        [picture] = re.findall("<picture.*</picture>", page)
        assert f'type="image/avif" srcset="{HOME}/320.avif 320w, {HOME}/640.avif 640w"' in picture
        assert f'src="{HOME}/320.webp" srcset="{HOME}/320.webp 320w, ' in picture
        assert picture.count('sizes="(min-width: 42rem) 40rem, calc(100vw - 2.5rem)"') == 2
        assert 'width="640" height="480" alt=""' in picture
        for path in re.findall(r"/photo/[^ \"]+", picture):
            assert hung.browser().get(path, accept="image/avif,image/webp,*/*").status == 200

    @pytest.mark.parametrize("path", ["/p/istanbul", "/c/festival-now/offers", "/"])
    def test_an_offers_card_shows_the_photo_of_its_merchant_once_it_is_scrolled_to(
        self, hung: House, path: str
    ) -> None:
        cards = hung.browser().get(path).text.split("<article ")[1:]
        for card in cards:
            assert ("<picture" in card) == ("m/cam-fener" in card)
        [picture, *_] = [card for card in cards if "<picture" in card]
        assert 'width="640" height="480" alt="" decoding="async" loading="lazy"' in picture
        assert picture.count('sizes="(min-width: 26rem) 18rem, 40vw"') == 2

    def test_the_merchants_own_page_shows_it_once(self, hung: House) -> None:
        assert hung.browser().get(PAGE).text.count("<picture") == 1

    def test_a_card_that_is_sealed_shows_no_photo(self, hung: House) -> None:
        photo_of_2019 = shown(hung.campaign("festival-2019"))
        hung.publish(photo_of_2019)
        hung.at = datetime(2019, 10, 20, tzinfo=UTC)
        for path in ("/p/istanbul-2019", "/c/festival-2019/offers", "/c/festival-2019"):
            assert LAMPS.digest not in hung.browser().get(path).text
        hung.at = datetime(2019, 10, 28, 12, tzinfo=UTC)
        assert LAMPS.digest in hung.browser().get("/p/istanbul-2019").text

    def test_a_page_without_a_photo_says_nothing_of_any(self, house: House) -> None:
        page = house.browser().get(PAGE).text
        assert "<picture" not in page
        assert "there are no photos" in page

    def test_a_made_up_merchant_with_a_photo_is_not_said_to_have_none(self, hung: House) -> None:
        page = hung.browser().get(PAGE).text
        assert "there are no photos" not in page
        assert "sample" in page


class TestAnswer:
    """How a photo is sent."""

    @pytest.mark.parametrize("name", SIZES)
    def test_a_size_comes_byte_for_byte_to_be_kept_for_a_year(self, hung: House, name: str) -> None:
        answer = hung.browser().get(f"{HOME}/{name}", accept="image/avif,image/webp,*/*;q=0.8")
        assert (answer.status, answer.body) == (200, SIZES[name])
        assert answer.headers["content-type"] == f"image/{name.partition('.')[2]}"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = "default-src 'none'; frame-ancestors 'none'; sandbox"
        assert answer.headers["content-security-policy"] == policy
        assert not answer.set_cookies

    @pytest.mark.parametrize(
        "path",
        [
            f"/photo/{NOTHING}/320.avif",
            f"{HOME}/1280.avif",
            f"{HOME}/321.avif",
            f"{HOME}/320.png",
            f"{HOME}/HEADER",
            f"{HOME.upper()}/320.avif",
            f"/photo/{LAMPS.digest}%23/320.avif",
            "/photo/PHOTOS/320.avif",
            "/photo/..%2F..%2Fapp.py/320.avif",
        ],
    )
    def test_anything_else_is_not_found_and_not_kept(self, hung: House, path: str) -> None:
        answer = hung.browser().get(path)
        assert answer.status == 404
        assert "<h1" in answer.text
        assert answer.headers["cache-control"] == "no-store"


class TestConsole:
    """The column of the files: kept, moved and taken away, never broken by typing."""

    @pytest.fixture
    def anna(self, hung: House) -> Colleague:
        return colleague(hung, Role.MARKETER)

    def save(self, anna: Colleague, cell: str) -> Answer:
        """Save the merchant's line with this photo."""
        form = inputs(anna.get(f"{EDIT}/cam-fener").text)
        typed = {name: form[name] for name in ("csrf", "version", "digest")}
        return anna.submit(EDIT, typed | {"cell:cam-fener:photo": cell})

    def test_a_photo_is_taken_away_and_only_one_of_the_campaign_is_put_in(
        self, anna: Colleague
    ) -> None:
        refused = self.save(anna, NOTHING)
        assert refused.status == 422
        assert f"&#39;{NOTHING}&#39; is no photo that is kept here" in refused.text
        assert draft().merchant["cam-fener"].photo == LAMPS
        assert self.save(anna, LAMPS.digest).status == 303
        assert draft() == shown(draft())
        assert self.save(anna, "").status == 303
        assert draft().merchant["cam-fener"].photo is None

    def test_an_export_comes_back_as_the_same_revision(self, hung: House, anna: Colleague) -> None:
        zipped = anna.get("/console/c/festival-now/export", accept=ZIP).body
        assert exchange.read(zipped, photos.known()).campaign == hung.campaign()
        assert exchange.read(zipped).campaign is None
        dry_run = upload(anna, zipped)
        assert dry_run.status == 200
        assert "The draft already says all of this." in dry_run.text
        answer = put(hung, zipped)
        assert answer.status == 200
        assert answer.json["changes"] == []
        assert campaigns.freeze(draft(), now=hung.at) == 2

    def test_a_file_that_names_an_unknown_photo_is_kept_out(
        self, hung: House, anna: Colleague
    ) -> None:
        strange = shown(hung.campaign(), replace(LAMPS, digest=NOTHING))
        dry_run = upload(anna, exchange.export(strange))
        assert dry_run.status == 422
        assert "is no photo that is kept here" in dry_run.text
        answer = put(hung, exchange.export(strange))
        assert answer.status == 422
        [error] = answer.json["errors"]
        assert error["pointer"].startswith("/merchants.csv/")
        assert error["pointer"].endswith("/photo")
        assert draft() == hung.campaign()


def upload(anna: Colleague, zipped: bytes) -> Answer:
    """Send a zip as the page of imports does."""
    head = "--x\r\nContent-Disposition: form-data; name="
    body = f'{head}"csrf"\r\n\r\n{anna.proof()}\r\n{head}"zip"; filename="a.zip"\r\n\r\n'.encode()
    kind = {"content-type": "multipart/form-data; boundary=x"}
    body += zipped + b"\r\n--x--\r\n"
    return anna.ask("POST", "/console/import", headers=kind, body=body)


def put(house: House, zipped: bytes) -> Answer:
    """Send a zip as a program does."""
    found = store.draft(SCOPE)
    assert found
    headers = {
        "authorization": f"Bearer {house.marketing().key}",
        "content-type": ZIP,
        "if-match": f'"{found.version}"',
    }
    return house.ask("PUT", "/api/v1/campaigns/festival-now/draft", headers=headers, body=zipped)
