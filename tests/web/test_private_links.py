"""A browser's vouchers found again by a private link, sent once and kept nowhere."""

from datetime import timedelta

import pytest
from house import Browser, House, path_of
from markupsafe import escape

from chalicelib.domain.errors import TryAgain
from chalicelib.post import Mail
from chalicelib.web.context import context

ADDRESS = "ayse@example.org"


@pytest.fixture
def browser(house: House) -> Browser:
    browser = house.browser()
    browser.claim("istanbul", "coffee-pot-20")
    browser.claim("milan", "moka-15")
    return browser


@pytest.fixture
def path(house: House, browser: Browser) -> str:
    """Send the link, and return its path."""
    sent = browser.submit("/me/mail", {"address": ADDRESS})
    assert (sent.status, sent.headers["location"]) == (303, "/me?mail=sent")
    (mail,) = house.mails
    return path_of(next(word for word in mail.text.split() if "/r/" in word))


def test_the_link_lists_the_vouchers_anywhere_and_changes_nothing(house: House, path: str) -> None:
    before = house.items()
    other = house.browser()
    answer = other.get(path)
    assert "20% off copper coffee pots" in answer.text
    assert "15% off moka pots" in answer.text
    assert other.cookies == {}
    assert "noindex" in answer.headers["x-robots-tag"]
    assert house.items() == before


def test_a_new_browser_takes_them_over(house: House, browser: Browser, path: str) -> None:
    other = house.browser()
    answer = other.submit(path)
    assert (answer.status, answer.headers["location"]) == (303, "/me?cookie=new")
    assert "2 vouchers in this browser" in other.follow(answer).text
    assert other.cookies["__Host-visitor"] == browser.cookies["__Host-visitor"]
    assert 'href="/me"' in other.get(path).text


def test_a_browser_that_keeps_no_cookies_is_told_so(house: House, path: str) -> None:
    taken = house.browser().submit(path)
    page = house.browser().follow(taken).text
    assert "Your browser keeps no cookies." in page
    assert "No voucher yet" not in page


def test_a_browser_with_vouchers_of_its_own_keeps_them(house: House, path: str) -> None:
    other = house.browser()
    other.claim("kazan", "spoon-10")
    mine = dict(other.cookies)
    assert "so these are only shown here" in other.get(path).text.lower()
    assert other.submit(path).headers["location"] == path
    assert other.cookies == mine


def test_another_site_takes_nothing_over(house: House, path: str) -> None:
    other = house.browser()
    assert other.submit(path, sec_fetch_site="cross-site").headers["location"] == path
    assert other.cookies == {}


def test_neither_address_nor_link_is_kept(house: House, path: str) -> None:
    for table in ("ledger", "access", "catalog", "insights"):
        kept = str(house.items(table))
        assert "example.org" not in kept
        assert path.removeprefix("/r/") not in kept


def test_the_mail_speaks_the_readers_language(house: House) -> None:
    browser = house.browser("tr")
    browser.claim("istanbul", "coffee-pot-20")
    browser.submit("/me/mail", {"address": ADDRESS})
    assert house.mails[0].subject == "Kuponlarınız"
    assert house.mails[0].to == ADDRESS


def test_a_link_ends_with_its_festival(house: House, path: str) -> None:
    house.wait(timedelta(days=33))
    assert house.browser().get(path).status == 404
    assert house.browser().submit(path).status == 404


def test_a_guessed_link_is_nothing(house: House, path: str) -> None:
    for spoilt in (path[:-2], path + "A", "/r/AAAA", "/r/%C3%A9"):
        assert house.browser().get(spoilt).status == 404


def test_after_erasing_the_link_leads_to_nothing(house: House, browser: Browser, path: str) -> None:
    browser.submit("/me/erase")
    other = house.browser()
    assert "No voucher here any more" in other.get(path).text
    assert other.submit(path).status == 404
    assert other.cookies == {}


def test_the_link_of_whoever_was_at_every_stand_lists_all_of_them(house: House) -> None:
    browser, stands = house.browser(), house.campaign().popup
    for popup_id in stands:
        browser.claim(popup_id, "lantern-gift")
    assert len(browser.cookies["__Host-stands"].split(".")) == len(stands) == 35
    assert "35 vouchers in this browser" in browser.get("/me").text
    browser.submit("/me/mail", {"address": ADDRESS})
    path = path_of(next(word for word in house.mails[0].text.split() if "/r/" in word))
    other = house.browser()
    assert other.get(path).text.count('class="city"') == 35
    assert "35 vouchers in this browser" in other.follow(other.submit(path)).text


@pytest.mark.parametrize("pasted", ["\u200e{}", "\u2068{}\u2069", "{}\u200b", "\ufeff {}\u00a0"])
def test_an_address_is_pasted_with_what_nobody_sees(
    house: House, browser: Browser, pasted: str
) -> None:
    assert browser.submit("/me/mail", {"address": pasted.format(ADDRESS)}).status == 303
    assert [mail.to for mail in house.mails] == [ADDRESS]


@pytest.mark.parametrize(
    "address",
    ["", "ayse", "ayse@", "@example.org", "a b@example.org", "a@example", "ayşe@example.org",
     "a@example.org\r\nBcc: b@example.org", "a@b.org, c@d.org", "x" * 65 + "@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_a_page(house: House, browser: Browser, address: str) -> None:
    answer = browser.submit("/me/mail", {"address": address})
    assert answer.status == 422
    assert "This is no mail address." in answer.text
    assert f'value="{escape(address.strip())}"' in answer.text, "it stands there as it was typed"
    assert "20% off copper coffee pots" in answer.text
    assert 'hreflang="tr"' in answer.text
    assert "to=/me&#34;" in answer.text or 'to=/me"' in answer.text, "a language leads to the list"
    assert house.mails == []


def test_a_browser_without_vouchers_sends_nothing(house: House) -> None:
    browser = house.browser()
    assert browser.submit("/me/mail", {"address": ADDRESS}).status == 404
    browser.sign_in()
    assert browser.submit("/me/mail", {"address": ADDRESS}).status == 404
    assert house.mails == []


def test_nobodys_mailbox_is_filled(house: House, browser: Browser) -> None:
    told = [browser.submit("/me/mail", {"address": ADDRESS}).status for _ in range(4)]
    assert told == [303, 303, 303, 429]
    second = house.browser()
    second.claim("istanbul", "coffee-pot-20")
    assert second.submit("/me/mail", {"address": ADDRESS.upper()}).status == 429
    assert second.submit("/me/mail", {"address": "ayse+1@example.org"}).status == 429
    assert len(house.mails) == 3


def test_a_mail_that_was_not_taken_may_be_tried_again(house: House, browser: Browser) -> None:
    def broken(mail: Mail) -> None:
        assert mail.to == ADDRESS
        raise TryAgain("no service")

    context.post = broken
    assert browser.submit("/me/mail", {"address": ADDRESS}).status == 503
    context.post = house.mails.append
    assert browser.submit("/me/mail", {"address": ADDRESS}).status == 303


def test_without_a_sender_there_is_no_mail(browser: Browser) -> None:
    assert 'action="/me/mail"' in browser.get("/me").text
    context.post = None
    assert 'action="/me/mail"' not in browser.get("/me").text
    assert browser.submit("/me/mail", {"address": ADDRESS}).status == 404


def test_a_gift_is_found_again_too(house: House, browser: Browser) -> None:
    made = browser.claim("istanbul", "lantern-gift")
    link = browser.post(f"/api/v1/vouchers/{made['code']}/gift").json["url"]
    friend = house.browser()
    friend.sign_in()
    friend.post("/api/v1/gifts", {"gift": link.rpartition("/")[2]})
    friend.submit("/me/mail", {"address": "friend@example.org"})
    path = path_of(next(word for word in house.mails[0].text.split() if "/r/" in word))
    assert "A paper lantern, free" in house.browser().get(path).text
