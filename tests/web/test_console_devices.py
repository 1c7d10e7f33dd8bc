"""Devices in the console: listed, set up with a code that is shown once, shut out for good."""

import re
from datetime import timedelta

import pytest
from colleague import Colleague, colleague, inputs
from handing import OfflinePhone
from house import House, enrol

from chalicelib.domain.member import Role, Scope
from chalicelib.store import trails

HOME = "/console/c/festival-now/devices"
FESTIVAL = Scope(area="festival-now", member_id="operator", email="operator")
_CODE = re.compile(r'<p class="code"[^>]*>([A-Z2-7 ]+)</p>')


def rows(page: str) -> list[str]:
    """Return the rows of the list, without marks."""
    found = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    return [re.sub(r"(?s)<details.*?</details>|<[^>]+>", " ", row) for row in found]


def actions() -> list[str]:
    return [entry.action for entry in trails.entries(FESTIVAL)]


class TestTheList:
    """Everybody sees their own stands' devices."""

    def test_it_says_when_on_the_stands_clock_and_what_waits(
        self, house: House, owner: Colleague
    ) -> None:
        phone = OfflinePhone(house, "moscow", name="Left door")
        house.real_at += timedelta(minutes=2)
        phone.ask("/api/v1/devices/self/manifest?waiting=3")
        (row,) = rows(owner.page(HOME))
        assert "Left door" in row
        assert "20 May, 15:02 (Moscow)" in row
        assert row.split()[-2:] == ["3", "Scanner"]

    def test_it_is_filtered_and_sorted_by_its_address(self, house: House, owner: Colleague) -> None:
        OfflinePhone(house, "istanbul", name="Early")
        house.real_at += timedelta(minutes=5)
        OfflinePhone(house, "rome", name="Late").ask("/api/v1/devices/self/manifest?waiting=1")
        assert [row.split()[1] for row in rows(owner.page(HOME))] == ["Early", "Late"]
        assert len(rows(owner.page(f"{HOME}?popup=rome"))) == 1
        assert rows(owner.page(f"{HOME}?profile=screen"))[0].split() == ["None", "yet"]
        assert "Late" in rows(owner.page(f"{HOME}?sort=waiting"))[0]
        assert "Early" in rows(owner.page(f"{HOME}?sort=seen"))[0]
        assert owner.get(f"{HOME}?sort=%00&popup=<script>&state=").status == 200

    def test_a_manager_has_their_stands_alone(self, house: House) -> None:
        rome, other = house.phone("rome"), house.phone("istanbul")
        manager = colleague(house, Role.MANAGER, popup_ids=frozenset({"rome"}))
        page = manager.page(HOME)
        assert rome.device_id in page
        assert other.device_id not in page
        assert "istanbul" not in page
        refused = manager.act(f"{HOME}/revoke", device_id=other.device_id)
        assert refused.status == 404
        wish = {"popup": "istanbul", "profile": "steward", "nonce": inputs(page)["nonce"]}
        assert manager.act(f"{HOME}/invite", **wish).status == 404
        assert other.manifest().status == 200


class TestACode:
    """A code enrols one device, and is shown once."""

    def test_it_enrols_a_device_of_its_stand(self, house: House, owner: Colleague) -> None:
        nonce = inputs(owner.page(HOME))["nonce"]
        wish = {"popup": "rome", "profile": "supervisor", "nonce": nonce}
        shown = owner.act(f"{HOME}/invite", **wish)
        assert shown.status == 200
        assert "no-store" in shown.headers["cache-control"]
        found = _CODE.search(shown.text)
        assert found
        code = found[1].replace(" ", "")
        assert owner.act(f"{HOME}/invite", **wish).text.count(found[1]) == 1, "the same again"
        assert actions().count("enrolment code made") == 1
        assert code not in str(house.items("access"))
        enrolled = enrol(house, code)
        assert (enrolled.json["popup_id"], enrolled.json["profile"]) == ("rome", "supervisor")

    def test_another_session_does_not_open_it_with_the_same_nonce(
        self, house: House, owner: Colleague
    ) -> None:
        wish = {"popup": "rome", "profile": "steward", "nonce": "ab" * 16}
        mine = _CODE.search(owner.act(f"{HOME}/invite", **wish).text)
        theirs = _CODE.search(colleague(house, Role.MARKETER).act(f"{HOME}/invite", **wish).text)
        assert mine
        assert theirs
        assert mine[1] != theirs[1]

    def test_another_wish_under_the_same_nonce_is_refused(self, owner: Colleague) -> None:
        wish = {"popup": "rome", "profile": "steward", "nonce": "ab" * 16}
        assert owner.act(f"{HOME}/invite", **wish).status == 200
        assert owner.act(f"{HOME}/invite", **wish | {"popup": "milan"}).status == 422

    @pytest.mark.parametrize(
        ("changed", "status"),
        [({"popup": "nowhere"}, 404), ({"profile": "king"}, 422), ({"nonce": "short"}, 422)],
    )
    def test_what_makes_no_sense_makes_no_code(
        self, owner: Colleague, changed: dict[str, str], status: int
    ) -> None:
        wish = {"popup": "rome", "profile": "steward", "nonce": "ab" * 16}
        assert owner.act(f"{HOME}/invite", **wish | changed).status == status
        assert actions() == []


class TestShuttingOut:
    """For good, within 5 seconds, once in the trail."""

    def test_a_lost_phone_is_shut_out(self, house: House, owner: Colleague) -> None:
        phone, other = house.phone("rome"), house.phone("rome")
        for _ in range(2):
            done = owner.act(f"{HOME}/revoke", device_id=phone.device_id)
            assert done.status == 303
        assert phone.manifest().reason == "device_revoked"
        assert other.manifest().status == 200
        (entry,) = trails.entries(FESTIVAL)
        assert (entry.action, entry.subject) == ("device shut out", phone.device_id)
        assert entry.before == {"name": "Phone 1", "stand": "rome", "profile": "steward"}
        assert "shut out" in rows(owner.page(f"{HOME}?state=revoked"))[0]

    @pytest.mark.parametrize("device_id", ["", "d" * 17, "x", "d#HEADER", "d" + "a" * 3_000])
    def test_a_device_that_is_none_is_not_found(self, owner: Colleague, device_id: str) -> None:
        assert owner.act(f"{HOME}/revoke", device_id=device_id).status == 404
        assert actions() == []

    def test_a_device_of_another_campaign_does_not_exist(
        self, house: House, owner: Colleague
    ) -> None:
        phone = house.phone("rome")
        path = "/console/c/festival-2019/devices/revoke"
        assert owner.act(path, device_id=phone.device_id).status == 404
        assert phone.manifest().status == 200

    def test_a_full_list_says_so(self, house: House, owner: Colleague) -> None:
        phone = house.phone("rome")
        house.live(revoked_devices={f"d{n:016}" for n in range(500)})
        refused = owner.act(f"{HOME}/revoke", device_id=phone.device_id)
        assert refused.status == 422
        assert "500 devices were shut out already" in refused.text
        assert actions() == []
