"""One voucher looked up by its code, and moved to its holder's new browser."""

import re
from datetime import timedelta

import pytest
from colleague import Colleague, colleague, inputs
from handing import OfflinePhone
from house import House, Json, path_of

from chalicelib.domain import voucher as codes
from chalicelib.domain.member import Role, Scope
from chalicelib.store import trails

HOME = "/console/c/festival-now/voucher"
GIFT = "lantern-gift"
PAST = Scope(area="festival-2019", member_id="operator", email="operator")
FESTIVAL = Scope(area="festival-now", member_id="operator", email="operator")
_LINK = re.compile(r"https://marquee\.example(/g/[a-z2-7]{26})")


def rows(page: str) -> list[str]:
    found = re.findall(r"<tr><th scope=\"row\"><time(.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).partition(">")[2].split()) for row in found]


def link_in(page: str) -> str:
    found = _LINK.search(page)
    assert found
    return found[1]


@pytest.fixture
def voucher(house: House) -> Json:
    return house.browser().claim("istanbul", "lantern-gift")


class TestLookingUp:
    """By a code in any form; the trail has no code."""

    @pytest.mark.parametrize(
        "form", ["code", "lower", "bare", "url", "arabic", "persian", "pasted"]
    )
    def test_a_code_is_read_as_at_the_stand(
        self, owner: Colleague, voucher: Json, form: str
    ) -> None:
        code: str = voucher["code"]
        typed = {
            "code": code,
            "lower": code.lower().replace("-", " "),
            "bare": code.replace("-", ""),
            "url": voucher["url"],
            "persian": code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
            "pasted": f"\u2068{voucher['url']}#gift\u2069",
            "arabic": code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        }[form]
        answer = owner.act(HOME, code=typed)
        assert answer.status == 200
        assert "Not used yet" in answer.text
        assert rows(answer.text) == ["20 May, 15:00 (Istanbul) Issued Istanbul"]

    def test_the_trail_cannot_be_used_as_a_voucher(
        self, house: House, owner: Colleague, voucher: Json
    ) -> None:
        answer = owner.act(HOME, code=voucher["url"])
        (entry,) = trails.entries(FESTIVAL)
        assert (entry.action, entry.after) == ("voucher looked up", {"state": "issued"})
        name = entry.subject.removeprefix("voucher ")
        assert name in answer.text
        kept = str(house.items("access"))
        for secret in (voucher["code"], voucher["voucher_id"], voucher["url"].rpartition("/")[2]):
            assert secret not in kept

    def test_its_uses_say_when_where_and_with_which_device(
        self, house: House, owner: Colleague, voucher: Json
    ) -> None:
        phone = OfflinePhone(house, name="Left door")
        used = phone.redeem(voucher["url"])
        house.at += timedelta(minutes=3)
        assert phone.reverse(used.json["redemption_id"]).status == 201
        house.at += timedelta(minutes=1)
        assert phone.redeem(voucher["code"], shift="Ayşe").status == 201
        page = owner.act(HOME, code=voucher["code"]).text
        assert rows(page)[1:] == [
            "20 May, 15:00 (Istanbul) Used Istanbul Left door",
            "20 May, 15:03 (Istanbul) Given back Istanbul Left door",
            "20 May, 15:04 (Istanbul) Used Istanbul Left door",
        ]
        assert "Ayşe" not in page, "nobody is named"
        assert "cannot be moved" in page

    def test_a_case_is_told(self, house: House, owner: Colleague, voucher: Json) -> None:
        early, late = OfflinePhone(house, name="A"), OfflinePhone(house, name="B")
        early.accept(voucher["url"])
        late.accept(voucher["url"])
        assert late.hand_in().outcomes == ["accepted"]
        assert early.hand_in().outcomes == ["conflict already_redeemed"]
        page = owner.act(HOME, code=voucher["code"]).text
        assert "case waits for a supervisor" in page
        assert any("without network Already used" in row for row in rows(page))

    def test_a_printed_one_has_no_item_until_it_is_used(
        self, house: House, owner: Colleague
    ) -> None:
        minted = house.marketing().minted("lantern-gift", 2)[0]
        page = owner.act(HOME, code=minted["code"])
        assert page.status == 200
        assert "printed" in page.text
        named = trails.entries(FESTIVAL)[0].subject
        assert re.fullmatch(r"voucher \d+-1", named), "a hash of 38 bits could be tried out"
        assert "cannot be moved" in page.text
        house.live(revoked_batches={1})
        assert "<h2>Withdrawn</h2>" in owner.act(HOME, code=minted["url"]).text

    @pytest.mark.parametrize(
        ("typed", "status"),
        [("", 404), ("0000-0000-0000-0000", 404), ("anna@example.org", 404), ("x" * 9_000, 404)],
    )
    def test_what_is_no_code_finds_nobody(self, owner: Colleague, typed: str, status: int) -> None:
        answer = owner.act(HOME, code=typed)
        assert answer.status == status
        assert 'aria-invalid="true"' in answer.text
        assert trails.entries(FESTIVAL)[0].subject == "no voucher"

    def test_a_mistyped_code_says_so_and_stays_in_the_field(
        self, owner: Colleague, voucher: Json
    ) -> None:
        code: str = voucher["code"]
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        answer = owner.act(HOME, code=wrong)
        assert "a letter or digit is wrong" in answer.text
        assert inputs(answer.text)["code"] == wrong

    def test_a_voucher_of_another_campaign_does_not_exist(
        self, owner: Colleague, voucher: Json
    ) -> None:
        foreign = "/console/c/festival-2019/voucher"
        for path in (foreign, f"{foreign}/reissue"):
            for text in (voucher["code"], voucher["url"]):
                answer = owner.act(path, code=text, nonce="ab" * 16)
                assert answer.status == 404
                assert "lantern" not in answer.text.lower()

    def test_one_of_nobody_and_one_of_another_campaign_get_the_same_answer(
        self, house: House, owner: Colleague, voucher: Json
    ) -> None:
        """So that no member finds out what others have given."""
        foreign, printed = "/console/c/festival-2019/voucher", house.marketing().minted(GIFT, 1)[0]
        nobody = codes.code_of(codes.read_code(str(voucher["code"]))[::-1])  # type: ignore[index]
        said = []
        for code in (nobody, str(voucher["code"]), printed["code"]):
            page = owner.act(foreign, code=code).text.replace(code, "")
            said.append(re.sub(r'name="nonce" value="\w+"', "", page))
        assert len(set(said)) == 1
        assert len({str(one.subject) + str(one.after) for one in trails.entries(PAST)}) == 1

    def test_sixty_searches_in_ten_minutes_are_enough_for_a_member(
        self, house: House, owner: Colleague, voucher: Json
    ) -> None:
        for _ in range(60):
            assert owner.act(HOME, code="0").status == 404
        assert owner.act(HOME, code=voucher["code"]).status == 429
        assert colleague(house, Role.MARKETER).act(HOME, code=voucher["code"]).status == 200
        house.real_at += timedelta(minutes=10)
        assert owner.act(HOME, code=voucher["code"]).status == 200


class TestMoving:
    """A link that works once; the old browser only reads."""

    def test_the_new_browser_has_it_and_the_old_code_dies(
        self, house: House, owner: Colleague
    ) -> None:
        old, new = house.browser(), house.browser()
        voucher = old.claim("istanbul", "lantern-gift")
        page = owner.act(HOME, code=voucher["code"]).text
        wish = {"code": voucher["code"], "nonce": inputs(page)["nonce"]}
        shown = owner.act(f"{HOME}/reissue", **wish)
        assert shown.status == 200
        path = link_in(shown.text)
        assert link_in(owner.act(f"{HOME}/reissue", **wish).text) == path, "the same again"
        assert [one.action for one in trails.entries(FESTIVAL)].count("re-issue link made") == 1
        assert path.rpartition("/")[2] not in str(house.items("access"))
        new.sign_in()
        taken = new.submit(path)
        assert taken.status == 303
        assert house.phone().redeem(voucher["url"]).reason == "given_away"
        assert "moved it to another browser" in old.get(path_of(voucher["url"])).text
        after = "https://marquee.example" + taken.headers["location"]
        assert house.phone().redeem(after).status == 201

    def test_the_link_ends_after_fifteen_minutes(
        self, house: House, owner: Colleague, voucher: Json
    ) -> None:
        wish = {"code": voucher["code"], "nonce": "ab" * 16}
        path = link_in(owner.act(f"{HOME}/reissue", **wish).text)
        house.at += timedelta(minutes=15)
        new = house.browser()
        new.sign_in()
        assert new.submit(path).status == 409
        assert house.phone().redeem(voucher["url"]).status == 201

    def test_what_was_used_is_not_moved(
        self, house: House, owner: Colleague, voucher: Json
    ) -> None:
        assert house.phone().redeem(voucher["url"]).status == 201
        wish = {"code": voucher["code"], "nonce": "ab" * 16}
        assert owner.act(f"{HOME}/reissue", **wish).status == 409
        assert owner.act(f"{HOME}/reissue", **wish | {"code": "0"}).status == 404
        assert "re-issue link made" not in [one.action for one in trails.entries(FESTIVAL)]

    def test_a_preview_of_the_link_takes_nothing_and_of_two_browsers_one_gets_it(
        self, house: House, owner: Colleague, voucher: Json
    ) -> None:
        wish = {"code": voucher["code"], "nonce": "ab" * 16}
        path = link_in(owner.act(f"{HOME}/reissue", **wish).text)
        for _ in range(3):
            assert house.browser().get(path).status == 200
        assert house.browser().submit(path, sec_fetch_site="cross-site").status == 303
        first, second = house.browser(), house.browser()
        first.sign_in()
        second.sign_in()
        taken = first.submit(path)
        assert taken.status == 303
        assert second.submit(path).status == 409
        assert first.submit(path).headers["location"] == taken.headers["location"], "once more"

    def test_it_ends_the_links_before_it_and_is_not_the_holders(
        self, house: House, owner: Colleague
    ) -> None:
        """A pending gift, and an earlier link of another form."""
        holder, friend = house.browser(), house.browser()
        voucher = holder.claim("istanbul", "lantern-gift")
        gift = holder.post(f"/api/v1/vouchers/{voucher['code']}/gift")
        wish = {"code": voucher["code"], "nonce": "ab" * 16}
        early = link_in(owner.act(f"{HOME}/reissue", **wish).text)
        house.at += timedelta(seconds=1)
        late = link_in(owner.act(f"{HOME}/reissue", **wish | {"nonce": "cd" * 16}).text)
        assert early != late
        friend.sign_in()
        for path in (path_of(gift.json["url"]), early):
            assert friend.submit(path).status == 409, "its own browser is told so"
        assert holder.submit(late).status == 409
        assert friend.submit(late).status == 303

    def test_what_was_passed_on_or_withdrawn_is_not_moved(
        self, house: House, owner: Colleague
    ) -> None:
        holder, friend = house.browser(), house.browser()
        voucher = holder.claim("istanbul", "lantern-gift")
        link = holder.post(f"/api/v1/vouchers/{voucher['code']}/gift").json["url"]
        friend.sign_in()
        assert friend.submit(path_of(link)).status == 303
        wish = {"code": voucher["code"], "nonce": "ab" * 16}
        assert owner.act(f"{HOME}/reissue", **wish).status == 409
        other = house.browser().claim("istanbul", "lantern-gift")
        again = {"code": other["code"], "nonce": "cd" * 16}
        path = link_in(owner.act(f"{HOME}/reissue", **again).text)
        assert house.marketing().revoke(other["code"]).status == 201
        late = house.browser()
        late.sign_in()
        assert late.submit(path).status == 409
        assert owner.act(f"{HOME}/reissue", **again | {"nonce": "ef" * 16}).status == 409

    def test_another_wish_or_member_under_the_same_nonce_gets_no_link_of_it(
        self, house: House, owner: Colleague, voucher: Json
    ) -> None:
        wish = {"code": voucher["code"], "nonce": "ab" * 16}
        path = link_in(owner.act(f"{HOME}/reissue", **wish).text)
        other = house.browser().claim("istanbul", "lantern-gift")
        reused = owner.act(f"{HOME}/reissue", **wish | {"code": other["code"]})
        assert reused.status == 422
        assert path not in reused.text
        house.at += timedelta(seconds=1)
        anna = colleague(house, Role.MARKETER)
        assert link_in(anna.act(f"{HOME}/reissue", **wish).text) != path
