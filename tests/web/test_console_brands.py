"""A campaign's own look: typed, uploaded, cleaned, checked, worn by its pages alone."""

import zlib
from dataclasses import replace
from html import unescape

import pytest
from colleague import Colleague
from house import Answer, House

from chalicelib.domain.branding import Branding
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Scope
from chalicelib.domain.svg import sanitised
from chalicelib.store import campaigns, trails
from chalicelib.store import desk as store
from chalicelib.web import wear

HOME = "/console/c/festival-now"
SCOPE = Scope(area="festival-now", member_id="x", email="x")
RAW = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)">'
    b"<script>alert(1)</script><path d='M0 0h9v9z'/></svg>"
)
LOGO = sanitised(RAW)
WORN = Branding(accent="#B3261E", night="#FF8A75", logo=LOGO)


def draft() -> Campaign:
    found = store.draft(SCOPE)
    assert found
    return found.campaign


def version() -> str:
    found = store.draft(SCOPE)
    assert found
    return str(found.version)


def upload(one: Colleague, data: bytes, **fields: str) -> Answer:
    """Send a logo as a browser does."""
    mark = "----mark"
    parts = {"csrf": one.proof(), "version": version(), **fields}
    body = b"".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in parts.items()
    )
    head = 'Content-Disposition: form-data; name="logo"; filename="a.svg"'
    body += f"--{mark}\r\n{head}\r\nContent-Type: image/svg+xml\r\n\r\n".encode()
    body += data + f"\r\n--{mark}--\r\n".encode()
    kind = {"content-type": f"multipart/form-data; boundary={mark}"}
    return one.ask("POST", f"{HOME}/logo", headers=kind, body=body)


def worn(house: House, branding: Branding | None = WORN) -> None:
    """Publish the festival with this look."""
    house.publish(replace(house.campaign(), branding=branding))


def test_a_logo_is_kept_clean_and_taken_away_again(anna: Colleague) -> None:
    before = draft()
    assert upload(anna, RAW).status == 303
    assert draft() == replace(before, branding=Branding(logo=LOGO))
    assert "script" not in LOGO
    page = anna.page(f"{HOME}/edit/campaign")
    look = wear.wear_of(draft(), f"{HOME}/brand")
    assert look.logo in page
    shown = anna.get(look.logo)
    assert shown.text == LOGO
    assert shown.headers["content-type"] == "image/svg+xml"
    assert shown.headers["cache-control"] == "private, no-store"
    assert upload(anna, b"", do="remove").status == 303
    assert draft() == before
    assert [entry.action for entry in trails.entries(SCOPE)] == ["edited logo", "edited logo"]
    assert "SVG " in anna.page(f"{HOME}/trail")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "choose an SVG file"),
        (b"GIF89a", "is no SVG that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>", "draws nothing"),
        (RAW + b" " * 9_000, "8192 is the most"),
    ],
)
def test_what_is_no_logo_is_refused_with_a_reason(anna: Colleague, data: bytes, told: str) -> None:
    answer = upload(anna, data)
    assert answer.status == 422
    assert told in unescape(answer.text)
    assert 'id="field-logo" name="logo" type="file"' in answer.text
    assert 'id="error-logo"' in answer.text
    assert draft().branding is None


def test_a_stale_upload_changes_nothing(house: House, anna: Colleague) -> None:
    stale = version()
    assert campaigns.save_draft(draft(), over=int(stale), now=house.at)
    assert upload(anna, RAW, version=stale).status == 412


def test_an_accent_is_typed_and_one_that_is_not_readable_blocks_with_its_measure(
    anna: Colleague,
) -> None:
    wish = {"version": version(), "digest": "", "cell:campaign:accent": "#FFB81C"}
    assert anna.act(f"{HOME}/edit/campaign", **wish).status == 303
    page = anna.page(HOME)
    assert f'href="{HOME}/edit/campaign#cell:campaign:accent"' in page
    assert "#FFB81C has a contrast of 1.64 on #FFF8EC" in page
    assert anna.act(f"{HOME}/publish", version=version()).status == 422
    again = {"version": version(), "digest": "", "cell:campaign:accent": ""}
    assert anna.act(f"{HOME}/edit/campaign", **again).status == 303
    assert draft().branding is None
    assert 'id="cell:campaign:accent"' in anna.page(f"{HOME}/edit/campaign")


def test_pages_of_the_campaign_wear_it_and_others_do_not(house: House) -> None:
    browser = house.browser()
    assert "/brand/" not in browser.get("/p/istanbul").text
    worn(house)
    look = wear.wear_of(house.campaign())
    for path in ("/c/festival-now", "/p/istanbul"):
        page = browser.get(path).text
        assert f'<link rel="stylesheet" href="{look.sheet}">' in page
        assert f'src="{look.logo}"' in page
        assert LOGO not in page
    assert "/brand/" not in browser.get("/c/festival-2019").text


def test_a_look_is_served_by_its_content_under_a_policy_of_its_own(house: House) -> None:
    worn(house)
    browser, look = house.browser(), wear.wear_of(house.campaign())
    sheet, logo = browser.get(look.sheet), browser.get(look.logo)
    assert sheet.text == (
        "@layer tokens{@media screen and (forced-colors:none){"
        ":root{--pole:#B3261E;--on-pole:#FFFFFF}"
        '@media (prefers-color-scheme:dark){:root:not([data-theme="light"])'
        "{--pole:#FF8A75;--on-pole:#17121F}}"
        ':root[data-theme="dark"]{--pole:#FF8A75;--on-pole:#17121F}}}'
    )
    assert logo.text == LOGO
    for answer, kind in ((sheet, "text/css; charset=utf-8"), (logo, "image/svg+xml")):
        assert answer.headers["content-type"] == kind
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        policy = "default-src 'none'; frame-ancestors 'none'; sandbox"
        assert answer.headers["content-security-policy"] == policy
        assert answer.headers["x-content-type-options"] == "nosniff"
    old = browser.get("/brand/festival-now/0123456789abcdef.css")
    assert (old.text, old.headers["cache-control"]) == (sheet.text, "no-store")
    for nothing in ("a.js", "css.", ".svg.gz"):
        assert browser.get(f"/brand/festival-now/{nothing}").status == 404
    assert browser.get("/brand/festival-2019/a.css").status == 404
    assert browser.get("/brand/nothing/a.css").status == 404


def test_a_logo_alone_has_no_sheet(house: House) -> None:
    worn(house, Branding(logo=LOGO))
    look = wear.wear_of(house.campaign())
    assert look.sheet == ""
    page = house.browser().get("/p/istanbul").text
    assert look.logo in page
    assert "/brand/festival-now" in page
    name = look.logo.replace(".svg", ".css")
    assert house.browser().get(name).status == 404


def test_a_preview_wears_the_drafts_look(house: House, anna: Colleague) -> None:
    whole = replace(draft(), branding=WORN)
    assert campaigns.save_draft(whole, over=int(version()), now=house.at)
    page = anna.page(f"{HOME}/preview?popup=istanbul")
    look = wear.wear_of(whole, f"{HOME}/brand")
    assert look.sheet in page
    assert look.logo in page
    assert anna.get(look.sheet).status == 200
    assert anna.get(f"{HOME}/brand/a.js").status == 404


def test_a_campaign_without_a_look_keeps_its_documents_digest(house: House) -> None:
    """Revisions of before there were looks are found again by what they say."""
    found = campaigns.put_document(house.campaign())
    stored = campaigns._body("festival-now", found)
    assert b"branding" not in zlib.decompress(stored)
    assert campaigns.document("festival-now", found) == house.campaign()
    other = campaigns.put_document(replace(house.campaign(), branding=WORN))
    assert campaigns.document("festival-now", other) == replace(house.campaign(), branding=WORN)
    assert other != found
