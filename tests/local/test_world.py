"""The composed world: real claims through HTTP, and what a crash leaves of them."""

import http.client
import json
import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.store import insights
from local import house
from local.house import House, Plan
from local.world import World, open_house

OFFER = "lantern-gift"


class Visitor:
    """A browser: it keeps its cookie."""

    def __init__(self, here: World) -> None:
        self._host = here.base_url.removeprefix("http://")
        self._cookie = ""

    def claim(self, campaign_id: str, popup_id: str) -> tuple[int, dict[str, Any]]:
        """Claim the gift that every stand has; the first answer brings the cookie."""
        wish = {"campaign_id": campaign_id, "popup_id": popup_id, "offer_id": OFFER}
        status, answer = self._post(wish)
        return self._post(wish) if status == 401 else (status, answer)

    def _post(self, document: object) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection(self._host, timeout=10)
        headers = {"Content-Type": "application/json", "Cookie": self._cookie}
        connection.request("POST", "/api/v1/claims", json.dumps(document), headers)
        response = connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self._cookie = cookie.partition(";")[0]
        answer: dict[str, Any] = json.loads(response.read())
        connection.close()
        return response.status, answer


@contextmanager
def opened_house(tmp_path: Path, **wishes: Any) -> Iterator[House]:
    plan = Plan(log=tmp_path, state=tmp_path / "state", **wishes)
    with house.opened(plan) as opened:
        yield opened


def claims(opened: House, number: int) -> int:
    """Claim as so many new visitors; returns how many vouchers were made."""
    statuses = [Visitor(opened.world).claim("festival-now", "istanbul")[0] for _ in range(number)]
    return statuses.count(201)


def counted(opened: House) -> int:
    """Return how many claims the live counts hold."""
    assert opened.projector.drain(20)
    return insights.figures("festival-now").get("POPUP#istanbul", {}).get("claimed", 0)


def test_counts_stay_exact_over_a_crash_and_a_stop(tmp_path: Path) -> None:
    with opened_house(tmp_path) as opened:
        before = counted(opened)
        assert claims(opened, 5) == 5
        assert counted(opened) == before + 5
        claims(opened, 3)
        opened.save()  # whether these three are projected by now or not
        os.killpg(opened.engine.process.pid, signal.SIGKILL)
        opened.engine.process.wait()
    with opened_house(tmp_path) as opened:
        assert opened.engine.restored is not None
        assert counted(opened) == before + 8
        assert claims(opened, 2) == 2
        assert counted(opened) == before + 10
    with opened_house(tmp_path) as opened:  # after an orderly end
        assert counted(opened) == before + 10


def test_a_world_of_2019_runs_on_its_own_clock_and_tables(tmp_path: Path) -> None:
    noon = datetime(2019, 11, 11, 9, 0, tzinfo=UTC)
    with open_house(tmp_path, at=noon) as here:
        assert here.stand_at(here.clock.now()) == "istanbul-2019"
        assert here.settings.table_prefix == "marquee-20191111T090000Z-"
        status, voucher = Visitor(here).claim("festival-2019", "istanbul-2019")
        assert status == 201
        assert voucher["issued_at"].startswith("2019-11-11T09:0")
        assert voucher["url"].startswith(here.base_url.upper())


def test_a_steward_of_the_strip_can_enrol(tmp_path: Path) -> None:
    with open_house(tmp_path, strip=False) as here:
        code = here.enrol("istanbul")
        assert len(code) == 26
        connection = http.client.HTTPConnection(here.base_url.removeprefix("http://"), timeout=10)
        key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        wish = {"enrolment_code": code, "name": str(uuid.uuid4())[:8], "public_key": key}
        body = json.dumps(wish)
        connection.request("POST", "/api/v1/devices", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
        assert json.loads(answer.read())["popup_id"] == "istanbul"
        connection.close()
