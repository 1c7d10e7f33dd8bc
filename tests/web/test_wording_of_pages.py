"""No page says of emissions what the rules forbid, in no language and under no answer."""

from house import House, path_of

from local import wording


def test_no_page_breaks_a_rule_of_wording(house: House) -> None:
    istanbul, milan = house.browser(), house.browser()
    tickets = {
        path_of(istanbul.claim("istanbul", "coffee-pot-20")["url"]): istanbul,
        path_of(milan.claim("milan", "moka-15")["url"]): milan,
    }
    chosen = house.browser()
    path = path_of(chosen.claim("milan", "moka-15")["url"])
    form = {"option": "home_cargo_bike", "coming_anyway": ""}
    assert chosen.submit(f"{path}/delivery", form).status == 303
    tickets[path] = chosen

    def opened(path: str, language: str) -> str:
        browser = tickets.get(path.partition("?")[0], istanbul)
        return browser.get(path, accept_language=language).text

    found = [
        (f.path[:40], f.language, f.finding.rule, f.finding.words)
        for f in wording.faults(opened, tickets)
    ]
    assert found == []


def test_the_sample_shows_each_verdict_and_points_once(house: House) -> None:
    seen: set[str] = set()
    for stand, offer_id in (("istanbul", "coffee-pot-20"), ("milan", "moka-15")):
        answer = house.browser().post("/api/v1/delivery/options", {"popup_id": stand})
        assert answer.status == 200, offer_id
        options = answer.json["options"]
        seen |= {one["against_baseline"]["verdict"] for one in options}
        assert max(one["points"] for one in options) > 0
        assert max(one["quality"]["primary_share"] for one in options) > 0
    assert seen == {"lower", "higher", "no_clear_difference"}
