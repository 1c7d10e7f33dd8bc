"""What a stand's visitors put into their calendars."""

import re
from datetime import UTC, datetime, timedelta

from house import House

REVEAL_IN_MADRID = datetime(2019, 10, 27, 23, tzinfo=UTC)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_before_the_reveal_it_rings_for_reveal_and_use(house: House) -> None:
    house.at = REVEAL_IN_MADRID - timedelta(days=3)
    answer = house.browser().get("/p/madrid-2019/remind.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    lines = _lines(answer.text)
    starts = [line for line in lines if line.startswith("DTSTART;TZID=Europe/Madrid:")]
    assert [line[-15:] for line in starts] == ["20191028T000000", "20191111T000000"]
    assert "DTEND;TZID=Europe/Madrid:20191112T000000" in lines
    assert "SUMMARY:Madrid: offers are revealed" in lines
    assert lines.count("TRIGGER:-PT10M") == 2
    assert any("00:00 on 28 Oct 2019\\, Madrid time" in line for line in lines)


def test_after_the_reveal_only_the_use_is_left_and_then_nothing(house: House) -> None:
    house.at = REVEAL_IN_MADRID
    text = house.browser().get("/p/madrid-2019/remind.ics").text
    assert text.count("BEGIN:VEVENT") == 1
    house.at = datetime(2019, 11, 12, tzinfo=UTC)
    assert house.browser().get("/p/madrid-2019/remind.ics").status == 409


def test_while_vouchers_are_used_it_rings_at_the_next_opening_or_before_the_end(
    house: House,
) -> None:
    rings = r"DTSTART;TZID=[A-Za-z/]+:(\w+)"
    house.at = datetime(2026, 5, 20, 8, tzinfo=UTC)  # Madrid opens at 18:00, Istanbul never closes
    for stand, at in (("madrid", "20260520T180000"), ("istanbul", "20260521T233000")):
        text = house.browser().get(f"/p/{stand}/remind.ics").text
        assert re.findall(rings, text) == [at]
        assert "00:00 on 19 May 2026 – 24:00 on 21 May 2026" in text.replace("\r\n ", "")


def test_it_names_no_offer_that_is_sealed(house: House) -> None:
    house.at = REVEAL_IN_MADRID - timedelta(days=3)
    text = house.browser().get("/p/madrid-2019/remind.ics").text
    assert "lantern" not in text.lower()


def test_it_speaks_the_readers_language_and_keeps_its_lines_short(house: House) -> None:
    answer = house.browser("ar").get("/p/istanbul/remind.ics")
    assert answer.headers["content-language"] == "ar"
    assert max(len(line) for line in answer.body.split(b"\r\n")) <= 75
    answer.body.decode()


def test_a_sealed_card_offers_to_remind(house: House) -> None:
    house.at = REVEAL_IN_MADRID - timedelta(days=3)
    page = house.browser().get("/p/madrid-2019").text
    assert 'href="/p/madrid-2019/remind.ics"' in page
