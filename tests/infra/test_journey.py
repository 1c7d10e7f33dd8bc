"""The whole journey inside the packaged zip: nothing of the repository can be imported there."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from local import footing, ground
from local.footing import STAND
from local.projector import Projector
from local.world import World
from tools.package.container import CHILD, Container
from tools.package.deployed import PROJECTOR, App, environment

DRAIN_SECONDS = 30.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with footing.laid(tmp_path_factory.mktemp("log") / "engine.log") as laid:
        yield laid


@pytest.fixture
def container(unpacked: Path, world: World) -> Iterator[Container]:
    with Container(unpacked, environment(world.settings)) as opened:
        yield opened


@pytest.fixture
def projector(unpacked: Path, world: World) -> Iterator[Container]:
    """Return a container of its own for the other function."""
    with Container(unpacked, environment(world.settings)) as opened:
        yield opened


@pytest.fixture
def app(container: Container, template: dict[str, Any]) -> App:
    return App(container, template)


def follow(projector: Container, world: World) -> list[object]:
    """Have the deployed projector follow the ledger's stream up to now; return its answers."""
    answers: list[object] = []
    following = Projector(
        ground.aws(world.settings, "dynamodbstreams"),
        f"{world.settings.table_prefix}ledger",
        lambda event: answers.append(projector.invoke(PROJECTOR, event)),
    )
    following.start()
    drained = following.drain(DRAIN_SECONDS)
    following.stop()
    assert drained, following.failing
    return answers


def test_a_voucher_is_claimed_shown_used_given_back_delivered_and_counted(
    app: App, projector: Container, world: World
) -> None:
    cookie, voucher = app.claim(STAND)

    path = urlsplit(voucher["url"]).path
    for language in ("en", "tr", "ar"):
        page = app.ask("GET", path, cookie=cookie, accept_language=language)
        assert page.status == 200
        assert voucher["code"] in page.body
        assert f'<html lang="{language}"' in page.body

    device = app.enrol(world.enrol(STAND))
    used = app.redeem(device, voucher["url"], "nonce-first")
    assert used.status == 201, used.body
    replayed = app.redeem(device, voucher["url"], "nonce-first")
    assert (replayed.status, replayed.json) == (200, used.json)
    again = app.redeem(device, voucher["code"], "nonce-other")
    assert (again.status, again.json["reason"]) == (409, "already_redeemed")

    back = app.ask(
        "POST",
        f"/api/v1/redemptions/{used.json['redemption_id']}/reversal",
        {"nonce": "nonce-back1", "reason": "mistake"},
        authorization=device,
    )
    assert back.status == 201, back.body
    assert app.redeem(device, voucher["code"], "nonce-third").status == 201

    choice = {"voucher": voucher["code"], "option": "home_van_electric"}
    chosen = app.ask("POST", "/api/v1/delivery/choices", choice, cookie=cookie)
    assert chosen.status == 201, chosen.body

    answers = follow(projector, world)
    assert answers
    assert all(answer == {"state": {}} for answer in answers)
    board = app.ask("GET", "/api/v1/insights/live?campaign_id=festival-now").json
    assert board["total"] == {"claimed": 1, "redeemed": 1, "reversed": 1, "chosen": 1}


def test_the_event_that_ends_a_window_brings_nothing_and_succeeds(projector: Container) -> None:
    ends = {"shardId": "shardId-1", "isFinalInvokeForWindow": True, "state": {}}
    assert projector.invoke(PROJECTOR, ends | {"Records": []}) == {"state": {}}
    assert projector.invoke(PROJECTOR, ends) == {"state": {}}


def test_the_deployed_sweeper_ends_what_is_due(projector: Container) -> None:
    tick = {
        "version": "0",
        "account": "123456789012",
        "region": "eu-south-1",
        "detail": {},
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": "2026-05-20T12:00:00Z",
        "id": "1",
        "resources": [],
    }
    assert projector.invoke("chalicelib.sweeper.every_minute", tick) == {
        "lapsed": 0,
        "released": 0,
    }


def test_each_module_comes_from_the_zip_or_from_python(
    container: Container, unpacked: Path
) -> None:
    inside = (unpacked, Path(sys.base_prefix), CHILD)
    foreign = [
        file
        for file in container.imported().values()
        if not any(Path(file).is_relative_to(place) for place in inside)
    ]
    assert foreign == []
