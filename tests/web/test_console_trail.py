"""The trail: filtered, page by page, as a file that no spreadsheet runs."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from colleague import Colleague, colleague, joined, member
from house import NOON, House

from chalicelib.domain import trail
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.member import Role, Scope
from chalicelib.domain.trail import Filter
from chalicelib.store import trails
from chalicelib.store.trails import Page
from chalicelib.web.console import trail as page

HOME = "/console/c/festival-now/trail"
SCOPE = Scope(area="festival-now", member_id="m", email="m@example.org")


def note(number: int, *, email: str = "anna@example.org", action: str = "paused") -> None:
    scope = Scope(area="festival-now", member_id="anna", email=email)
    entry = trail.entry(
        scope,
        action,
        f"thing {number}",
        at=NOON + timedelta(minutes=number),
        request_id=f"r-{number}",
        after={"name": f"=cmd|{number}"},
    )
    trails.note(scope, entry)


def subjects(text: str) -> list[str]:
    return re.findall(r": <bdi>(thing \d+)</bdi>", text)


def earlier(text: str) -> str:
    """Return the address of the next page."""
    found = re.search(r'href="([^"]+place=[^"]+)"', text)
    assert found
    return unescape(found[1])


def test_pages_go_back_to_the_first_entry_and_none_is_shown_twice(owner: Colleague) -> None:
    for number in range(250):
        note(number)
    first = owner.get(HOME).text
    second = owner.get(earlier(first)).text
    third = owner.get(earlier(second)).text
    seen = [*subjects(first), *subjects(second), *subjects(third)]
    assert seen == [f"thing {number}" for number in range(249, -1, -1)]
    assert "place=" not in third
    note(250)
    assert owner.get(earlier(first)).text.count("thing") == second.count("thing")


def test_it_is_filtered_by_who_what_and_when(owner: Colleague) -> None:
    note(1)
    note(2, email="berk@example.org")
    note(3, action="edited offers")
    note(24 * 60)
    assert subjects(owner.get(f"{HOME}?who=BERK").text) == ["thing 2"]
    assert subjects(owner.get(f"{HOME}?what=edited").text) == ["thing 3"]
    assert subjects(owner.get(f"{HOME}?since=2026-05-21").text) == ["thing 1440"]
    assert len(subjects(owner.get(f"{HOME}?until=2026-05-20").text)) == 3
    assert subjects(owner.get(f"{HOME}?since=2026-05-22&until=2026-05-20").text) == []
    assert "Nothing found" in owner.page(f"{HOME}?who=nobody")
    for odd in ("since=x", "since=9999-12-31&until=9999-12-31", "place=%23", "what=%00", "who=('"):
        assert owner.get(f"{HOME}?{odd}").status == 200, odd


@pytest.mark.usefixtures("house")
def test_a_rare_entry_is_found_however_many_others_lie_before_it() -> None:
    """A request reads so many and no more; the place where it stopped leads on."""
    note(0, email="berk@example.org")
    for number in range(1, 130):
        note(number)
    wanted, looks = Filter(who="berk"), 0
    found = trails.page(SCOPE, wanted, most=10, beyond=20)
    while found.place is not None:
        assert found.entries == []
        found, looks = trails.page(SCOPE, wanted, place=found.place, most=10, beyond=20), looks + 1
    assert ([entry.subject for entry in found.entries], looks) == (["thing 0"], 4)


def test_the_file_has_all_of_it_and_no_formula(owner: Colleague) -> None:
    for number in range(120):
        note(number)
    note(200, email="berk@example.org", action="=HYPERLINK(1)")
    answer = owner.get(f"{HOME}/csv")
    assert answer.status == 200
    assert 'filename="trail-festival-now.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert len(rows) == 121
    assert rows[0]["action"] == "'=HYPERLINK(1)"
    assert rows[-1] == {
        "at": "2026-05-20T12:00:00Z",
        "campaign": "festival-now",
        "who": "anna@example.org",
        "action": "paused",
        "subject": "thing 0",
        "before": "",
        "after": '{"name":"=cmd|0"}',
    }
    assert len(owner.get(f"{HOME}/csv?who=berk").text.splitlines()) == 2


def test_a_file_that_would_be_a_part_is_refused() -> None:
    with pytest.raises(InvalidPayload, match="more than 5000 entries"):
        page.whole(Page([], "00001779278400000#r-1.paused"))


def test_the_organisations_trail_leads_to_that_of_a_campaign(owner: Colleague) -> None:
    note(1)
    assert '<option value="festival-now">' in owner.get("/console/trail").text
    led = owner.get("/console/trail?campaign=festival-now&who=anna&what=&since=")
    assert led.headers["location"] == f"{HOME}?who=anna"
    assert subjects(owner.follow(led).text) == ["thing 1"]
    assert owner.get("/console/trail?campaign=../x").status == 200
    assert owner.get("/console/trail/csv").status == 200


def test_a_member_of_another_campaign_reads_none_of_it(house: House) -> None:
    note(1)
    other = colleague(house, Role.AUDITOR, campaign_ids=frozenset({"festival-2019"}))
    assert other.get(HOME).status == 404
    assert other.get(f"{HOME}/csv").status == 404
    assert "festival-now" not in other.get("/console/trail").text
    assert "thing 1" not in other.get("/console/trail?campaign=festival-now").text


def test_whoever_has_some_campaigns_does_not_read_who_works_on_others(
    house: House, owner: Colleague
) -> None:
    joined(house, member(Role.AUDITOR, "lale", campaign_ids=frozenset({"festival-now"})))
    for area in ("/console/trail", "/console/trail/csv"):
        assert "lale@example.org" in owner.get(area).text
        for role in (Role.MARKETER, Role.AUDITOR):
            some = colleague(house, role, campaign_ids=frozenset({"festival-2019"}))
            assert "lale@example.org" not in some.get(area).text
