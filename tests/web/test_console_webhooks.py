"""Webhooks: set up in the console, told what happens, tried again, told again."""

import re
from datetime import timedelta

import pytest
from colleague import Colleague, colleague
from house import House

from chalicelib.domain import hook as rules
from chalicelib.domain.event import OFFERED
from chalicelib.domain.hook import Hook
from chalicelib.domain.member import Role, Scope
from chalicelib.domain.notice import TRIES, Answer, Trouble
from chalicelib.store import desk as drafts
from chalicelib.store import hooks, notices, trails

HOME = "/console/c/festival-now"
PAGE = f"{HOME}/webhooks"
URL = "https://shop.example.org/marquee"
SCOPE = Scope(area="festival-now", member_id="x", email="x")
ALL = {f"event:{kind}": "yes" for kind in OFFERED}


def added(anna: Colleague, url: str = URL, **asked: str) -> Hook:
    """Add a webhook through the form, and return it as it is kept."""
    hook_id = re.findall(r'name="hook_id" value="(\w{16})"', anna.page(PAGE))[-1]
    answer = anna.act(PAGE, hook_id=hook_id, url=url, **asked or ALL)
    assert answer.status == 200, answer.text
    found = hooks.get("festival-now", hook_id)
    assert found is not None
    assert found.secret in answer.text
    return found


def types(house: House) -> list[str]:
    """Return what the receiver was told, in the order of the numbers."""
    told = sorted((letter.json["sequence"], letter.json["type"]) for letter in house.outside.got)
    assert [number for number, _ in told] == list(range(1, len(told) + 1))
    return [kind for _, kind in told]


def journey(house: House) -> None:
    """Claim, choose a delivery, use, give back."""
    browser, phone = house.browser(), house.phone()
    free = browser.claim("istanbul", "delivery-on-us")
    choice = {"voucher": free["code"], "option": "home_van_electric"}
    assert browser.post("/api/v1/delivery/choices", choice).status == 201
    gift = browser.claim("istanbul", "lantern-gift")
    used = phone.redeem(gift["url"]).json
    assert phone.reverse(used["redemption_id"], house.nonce()).status == 201


JOURNEY = [
    "voucher.claimed",
    "delivery.chosen",
    "voucher.claimed",
    "voucher.redeemed",
    "voucher.reversed",
]


class TestTelling:
    """What happens reaches the receiver, once, signed."""

    def test_a_journey_is_told_in_order_and_signed(self, house: House, anna: Colleague) -> None:
        hook = added(anna)
        journey(house)
        assert house.announce() == 5
        assert house.carry() == 0
        assert types(house) == JOURNEY
        for letter in house.outside.got:
            sent = letter.headers[rules.SIGNATURE_HEADER]
            assert letter.url == URL
            seconds = int(sent.partition(",")[0].removeprefix("t="))
            at = house.real_at.fromtimestamp(seconds, house.real_at.tzinfo)
            assert sent == rules.signature([hook.secret], letter.body, at)

    def test_a_batch_that_comes_again_tells_nothing_twice(
        self, house: House, anna: Colleague
    ) -> None:
        added(anna)
        journey(house)
        for _ in range(3):
            assert house.announce() == 5
            assert house.carry() == 0
        assert types(house) == JOURNEY
        house.browser().claim("milan", "moka-15")
        assert house.announce() == 6
        house.carry()
        assert types(house) == [*JOURNEY, "voucher.claimed"]

    def test_each_webhook_has_numbers_of_its_own_and_what_it_asked_for(
        self, house: House, anna: Colleague
    ) -> None:
        added(anna)
        second = added(anna, "https://other.example.org/", **{"event:voucher.redeemed": "yes"})
        journey(house)
        house.announce()
        house.carry()
        told = [letter for letter in house.outside.got if letter.url == second.url]
        assert [(one.json["sequence"], one.json["type"]) for one in told] == [
            (1, "voucher.redeemed")
        ]

    def test_what_a_member_does_to_the_campaign_is_told_once(
        self, house: House, anna: Colleague
    ) -> None:
        added(anna)
        anna.act(f"{HOME}/pause", paused="yes")
        anna.act(f"{HOME}/pause", paused="no")
        draft = drafts.draft(SCOPE)
        assert draft is not None
        assert anna.act(f"{HOME}/publish", version=str(draft.version)).status == 303
        assert anna.act(f"{HOME}/rollback", revision="1").status == 303
        house.announce()
        house.announce()
        house.carry()
        assert types(house) == [
            "campaign.paused",
            "campaign.resumed",
            "campaign.published",
            "campaign.rolled_back",
        ]
        published = next(x.json for x in house.outside.got if x.json["type"].endswith("published"))
        assert published["data"].keys() == {"revision", "epoch"}

    def test_no_code_token_or_visitor_leaves(self, house: House, anna: Colleague) -> None:
        added(anna)
        browser, phone = house.browser(), house.phone()
        claimed = browser.claim("istanbul", "lantern-gift")
        minted = house.marketing().minted("lantern-gift", 1)[0]
        for url in (claimed["url"], minted["url"]):
            assert phone.redeem(url).status == 201
        house.announce()
        house.carry()
        said = b"".join(letter.body for letter in house.outside.got).decode()
        assert len(house.outside.got) == 3
        visitor = next(iter(browser.cookies.values())).partition(".")[0]
        for secret in (claimed["voucher_id"], claimed["code"], claimed["token"], visitor):
            assert secret not in said
        for code in (minted["code"], minted["code"].replace("-", ""), minted["token"]):
            assert code not in said
        assert '"voucher":"1-0"' in said or '"voucher":"1-1"' in said

    def test_what_happens_in_another_campaign_is_not_told(
        self, house: House, anna: Colleague
    ) -> None:
        elsewhere = PAGE.replace("festival-now", "festival-2019")
        assert anna.act(elsewhere, hook_id="a" * 16, url=URL, **ALL).status == 200
        assert hooks.of_campaign("festival-now") == []
        house.browser().claim("istanbul", "lantern-gift")
        assert house.announce() == 0


class TestTrying:
    """A receiver that fails is tried again; who gives up says so, and can be told again."""

    def test_it_fails_and_recovers(self, house: House, anna: Colleague) -> None:
        hook = added(anna)
        house.browser().claim("istanbul", "lantern-gift")
        house.announce()
        answers: list[Answer] = [500, Trouble.TIMED_OUT, 204]
        house.outside.answers = answers
        assert house.carry(1) == 1
        assert "answered 500" in anna.page(PAGE)
        assert house.carry(2) == 1
        assert "no answer within 3 seconds" in anna.page(PAGE)
        assert house.carry(3) == 0
        [notice] = notices.listed(SCOPE, hook.hook_id)
        assert (notice.state, notice.tries, notice.answer) == ("delivered", 3, "204")
        assert house.errands.put[0] in range(10, 12)
        assert house.errands.put[1] in range(60, 67)
        bodies = {letter.body for letter in house.outside.got}
        assert len(bodies) == 1

    def test_after_the_last_try_it_is_given_up_and_may_be_sent_again(
        self, house: House, anna: Colleague
    ) -> None:
        hook = added(anna)
        house.browser().claim("istanbul", "lantern-gift")
        house.announce()
        house.outside.answers = [302]
        assert house.carry(TRIES) == 1
        assert house.errands.put[0] in range(10, 12)
        page = anna.page(PAGE)
        assert "given up" in page
        assert "it redirects, which is not followed" in page
        house.errands.waiting.clear()  # the dead letters have it
        house.outside.answers = [200]
        assert anna.act(f"{PAGE}/again", hook_id=hook.hook_id).status == 303
        assert house.carry() == 0
        [notice] = notices.listed(SCOPE, hook.hook_id)
        assert notice.state == "delivered"
        [last] = [one for one in trails.entries(SCOPE) if one.action == "events sent again"]
        assert (last.subject, last.after) == ("shop.example.org", {"events": "1"})

    def test_one_that_was_delivered_is_sent_again_on_demand_alone(
        self, house: House, anna: Colleague
    ) -> None:
        hook = added(anna)
        house.browser().claim("istanbul", "lantern-gift")
        house.announce()
        house.carry()
        [notice] = notices.listed(SCOPE, hook.hook_id)
        anna.act(f"{PAGE}/again", hook_id=hook.hook_id)
        assert house.errands.waiting == []
        anna.act(f"{PAGE}/again", hook_id=hook.hook_id, place=notice.place)
        house.carry()
        first, second = house.outside.got
        assert first.body == second.body

    def test_a_failure_says_nothing_about_what_is_delivered(
        self, house: House, anna: Colleague
    ) -> None:
        hook = added(anna)
        house.browser().claim("istanbul", "lantern-gift")
        house.announce()
        house.carry()
        [notice] = notices.listed(SCOPE, hook.hook_id)
        anna.act(f"{PAGE}/again", hook_id=hook.hook_id, place=notice.place)
        house.outside.answers = [503]
        assert house.carry() == 1
        assert notices.listed(SCOPE, hook.hook_id)[0].state == "delivered"

    def test_while_it_is_paused_nothing_is_sent_and_nothing_is_lost(
        self, house: House, anna: Colleague
    ) -> None:
        hook = added(anna)
        anna.act(f"{PAGE}/pause", hook_id=hook.hook_id, paused="yes")
        house.browser().claim("istanbul", "lantern-gift")
        house.announce()
        assert house.carry() == 1
        assert house.outside.got == []
        assert "it is told when this webhook goes on" in anna.page(PAGE)
        anna.act(f"{PAGE}/pause", hook_id=hook.hook_id, paused="no")
        assert house.carry(2) == 0
        assert types(house) == ["voucher.claimed"]

    def test_what_was_removed_is_told_to_nobody(self, house: House, anna: Colleague) -> None:
        hook = added(anna)
        house.browser().claim("istanbul", "lantern-gift")
        house.announce()
        assert anna.act(f"{PAGE}/remove", hook_id=hook.hook_id).status == 303
        assert house.carry() == 0
        assert house.outside.got == []
        assert house.announce() == 0
        assert anna.act(f"{PAGE}/remove", hook_id=hook.hook_id).status == 404

    def test_a_queue_that_is_busy_loses_nothing(self, house: House, anna: Colleague) -> None:
        added(anna)
        house.browser().claim("istanbul", "lantern-gift")
        house.errands.busy = True
        with pytest.raises(Exception, match="busy"):
            house.announce()
        house.errands.busy = False
        assert house.announce() == 1
        house.outside.answers = [500, 200]
        house.errands.busy = True
        assert house.carry(1) == 1
        assert house.carry(2) == 0
        assert {letter.json["sequence"] for letter in house.outside.got} == {1}

    def test_what_may_have_been_sent_again_has_its_trace(
        self, house: House, anna: Colleague
    ) -> None:
        """The queue may take some and then no more: whoever asked is known already."""
        hook = added(anna)
        house.browser().claim("istanbul", "lantern-gift")
        house.announce()
        house.errands.busy = True
        assert anna.act(f"{PAGE}/again", hook_id=hook.hook_id).status == 503
        assert "events sent again" in {one.action for one in trails.entries(SCOPE)}


class TestSettingUp:
    """The form is kind, the secret is shown once, each change leaves its trace."""

    def test_the_secret_is_shown_once(self, anna: Colleague) -> None:
        hook = added(anna)
        assert hook.secret not in anna.page(PAGE)
        assert anna.get(PAGE).headers["cache-control"] == "no-store"

    def test_sent_twice_it_is_added_once(self, anna: Colleague) -> None:
        hook = added(anna)
        again = anna.act(PAGE, hook_id=hook.hook_id, url=URL, **ALL)
        assert again.status == 412
        assert hooks.of_campaign("festival-now") == [hook]

    @pytest.mark.parametrize(
        ("wish", "words"),
        [
            ({"url": "http://shop.example.org/", **ALL}, "has to begin with https://"),
            ({"url": "https://127.0.0.1/", **ALL}, "needs the full name of a host"),
            ({"url": "https://shop.example.org:8443/", **ALL}, "port 443"),
            ({"url": URL}, "choose at least one"),
            ({"url": URL, "event:test": "yes"}, "choose at least one"),
            ({"url": "", **ALL}, "is no address"),
        ],
    )
    def test_a_wish_that_makes_no_sense_says_what_to_do(
        self, anna: Colleague, wish: dict[str, str], words: str
    ) -> None:
        answer = anna.act(PAGE, hook_id="a" * 16, **wish)
        assert answer.status == 422
        assert words in answer.text
        assert hooks.of_campaign("festival-now") == []

    def test_an_eleventh_is_refused_with_what_to_do(self, anna: Colleague) -> None:
        hook_id = "".join
        for one in "abcdefghij":
            assert anna.act(PAGE, hook_id=hook_id([one] * 16), url=URL, **ALL).status == 200
        refused = anna.act(PAGE, hook_id="k" * 16, url=URL, **ALL)
        assert refused.status == 403
        assert "Remove one" in refused.text
        assert "Remove one" in anna.page(PAGE)
        anna.act(f"{PAGE}/remove", hook_id="a" * 16)
        assert anna.act(PAGE, hook_id="k" * 16, url=URL, **ALL).status == 200

    def test_a_new_secret_signs_beside_the_old_one_for_a_day(
        self, house: House, anna: Colleague
    ) -> None:
        hook = added(anna)
        answer = anna.act(f"{PAGE}/secret", hook_id=hook.hook_id)
        renewed = hooks.get("festival-now", hook.hook_id)
        assert renewed is not None
        assert renewed.secret in answer.text
        assert hook.secret not in answer.text
        assert renewed.secrets(house.real_at) == (renewed.secret, hook.secret)
        refused = anna.act(f"{PAGE}/secret", hook_id=hook.hook_id)
        assert refused.status == 403
        assert "add a new webhook and remove this one" in refused.text
        house.real_at += rules.BOTH_VALID
        assert renewed.secrets(house.real_at) == (renewed.secret,)

    def test_a_change_over_what_changed_meanwhile_is_refused(self, anna: Colleague) -> None:
        from chalicelib.usecases import subscribing

        hook = added(anna)
        anna.act(f"{PAGE}/secret", hook_id=hook.hook_id)
        at = hook.added_at + rules.BOTH_VALID
        late = subscribing.renew(hooks, SCOPE, hook, secret="mhs_b", at=at, request_id="r")
        assert late.__class__.__name__ == "Refusal"

    def test_a_test_says_how_the_receiver_answered(self, house: House, anna: Colleague) -> None:
        hook = added(anna)
        page = anna.act(f"{PAGE}/test", hook_id=hook.hook_id).text
        assert "Test to shop.example.org: answered 200." in page
        house.outside.answers = [Trouble.NOT_PUBLIC]
        page = anna.act(f"{PAGE}/test", hook_id=hook.hook_id).text
        assert "the name leads to an address that is not public" in page
        assert [letter.json["type"] for letter in house.outside.got] == ["test", "test"]
        assert {letter.json["sequence"] for letter in house.outside.got} == {0}

    def test_sixty_tests_and_events_sent_again_in_ten_minutes_are_enough_for_a_member(
        self, house: House, anna: Colleague
    ) -> None:
        hook = added(anna)
        for what, status in [("test", 200), ("again", 303)] * 30:
            assert anna.act(f"{PAGE}/{what}", hook_id=hook.hook_id).status == status
        told, noted = len(house.outside.got), len(list(trails.entries(SCOPE)))
        for what in ("test", "again"):
            refused = anna.act(f"{PAGE}/{what}", hook_id=hook.hook_id)
            assert refused.status == 429
            assert "Too many tries" in refused.text
        assert len(house.outside.got) == told, "nothing left"
        assert len(list(trails.entries(SCOPE))) == noted
        other = colleague(house, Role.MARKETER, member_id="marketer-2")
        assert other.act(f"{PAGE}/test", hook_id=hook.hook_id).status == 200
        house.real_at += timedelta(minutes=10)
        assert anna.act(f"{PAGE}/test", hook_id=hook.hook_id).status == 200

    @pytest.mark.parametrize("what", ["secret", "pause", "remove", "test", "again"])
    @pytest.mark.parametrize("hook_id", ["", "../..", "b" * 16])
    def test_a_webhook_that_is_none_is_not_found(
        self, anna: Colleague, what: str, hook_id: str
    ) -> None:
        assert anna.act(f"{PAGE}/{what}", hook_id=hook_id).status == 404

    def test_a_webhook_of_another_campaign_is_not_found(self, anna: Colleague) -> None:
        hook = added(anna)
        elsewhere = PAGE.replace("festival-now", "festival-2019")
        assert anna.act(f"{elsewhere}/remove", hook_id=hook.hook_id).status == 404
        assert anna.act(f"{PAGE}/again", hook_id=hook.hook_id, place="x#y").status == 404

    def test_the_trail_names_the_host_and_no_secret(self, anna: Colleague) -> None:
        hook = added(anna, "https://shop.example.org/hook/s3cret")
        for what in ("secret", "pause", "remove"):
            anna.act(f"{PAGE}/{what}", hook_id=hook.hook_id, paused="yes")
        entries = trails.entries(SCOPE)
        assert {one.action for one in entries} == {
            "webhook added",
            "webhook got a new secret",
            "webhook paused",
            "webhook removed",
        }
        page = anna.page(f"{HOME}/trail")
        assert "webhook removed: <bdi>shop.example.org</bdi>" in page
        assert "s3cret" not in page
        assert hook.secret not in page
