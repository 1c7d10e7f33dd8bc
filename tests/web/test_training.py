"""Practice codes: shown to whoever practises, refused wherever something counts."""

from handing import OfflinePhone
from house import House

from chalicelib.domain.training import Lesson
from chalicelib.web.context import context
from chalicelib.web.training import codes


def practice(house: House, popup_id: str = "istanbul") -> list[str]:
    campaign = house.campaign()
    return [code.url for code in codes(campaign, campaign.popup[popup_id])]


def test_a_practice_code_is_refused_live_and_moves_nothing(house: House) -> None:
    phone, before = house.phone(), house.items()
    for url in practice(house):
        assert phone.redeem(url).reason == "training_code"
        assert phone.redeem(url, simulate=True).reason == "training_code"
    told = phone.order(*practice(house)[:2]).json["results"]
    assert [line["reason"] for line in told] == ["training_code"] * 2
    assert house.items() == before


def test_a_practice_code_that_is_handed_in_is_rejected(house: House) -> None:
    away = OfflinePhone(house)
    away.accept(practice(house)[0])
    assert away.hand_in().outcomes == ["rejected training_code"]


def test_a_visitor_who_opens_a_practice_code_finds_no_voucher(house: House) -> None:
    path = practice(house)[0].partition("/V/")[2]
    assert house.browser().get(f"/V/{path}").status == 404


def test_the_manifest_has_the_key_of_the_practice_codes(house: House) -> None:
    told = house.phone().manifest().json["keys"]
    assert [(key["key_id"], key["training"]) for key in told] == [(1, False), (0, True)]


def test_each_campaign_has_a_training_key_of_its_own() -> None:
    keys = {bytes(context.secrets.training_key(number).public) for number in (1, 2)}
    counting = {bytes(key.public) for key in context.secrets.signing}
    assert len(keys | counting) == 4


def test_the_page_shows_the_codes_of_the_stand_that_is_named(house: House) -> None:
    page = house.browser().get("/staff/training?stand=istanbul")
    assert page.status == 200
    assert page.text.count("<svg xmlns=") == len(practice(house)) == len(Lesson)
    assert "Istanbul" in page.text
    scanner = house.browser("tr")
    scanner.cookies["staff_stand"] = "istanbul"
    assert "Kullanıldı" in scanner.get("/staff/training").text


def test_the_page_of_no_stand_says_where_to_open_it(house: House) -> None:
    for query in ("", "?stand=nowhere", "?stand=%3Cscript%3E"):
        assert (
            "Open this page from a scanner" in house.browser().get(f"/staff/training{query}").text
        )


def test_the_self_test_and_the_help_card_lead_to_the_codes(house: House) -> None:
    for page in ("/staff/self-test", "/staff/help"):
        assert 'href="/staff/training"' in house.browser().get(page).text


def test_no_title_is_told_before_its_reveal(house: House) -> None:
    page = house.browser().get("/staff/training?stand=istanbul").text
    assert not any(offer.title["en"] in page for offer in house.campaign().offers)
