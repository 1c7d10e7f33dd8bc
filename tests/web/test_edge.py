"""The edge: what a request may meet before and after its view."""

import json
import logging
from typing import Any

import pytest
from chalice import Chalice, Response
from house import House, Phone

from chalicelib.web.api import Routes
from chalicelib.web.pages import Pages
from local.rest import Request, event_of
from local.rest import Routes as Paths


def faulty(blueprint: Routes) -> Chalice:
    """Return an app whose only view has a fault of its own."""
    app = Chalice("faulty")

    @blueprint.route("/fault", methods=["GET"])
    def fault() -> Response:
        raise ZeroDivisionError("a detail for the log")

    app.register_blueprint(blueprint)
    return app


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("kind", [Routes, Pages])
def test_a_fault_of_ours_ends_with_a_next_step_and_is_logged(
    kind: type[Routes], caplog: pytest.LogCaptureFixture
) -> None:
    app = faulty(kind("faulty"))
    event = event_of(Request("GET", "/fault"), Paths(app.routes).match("/fault"), [])
    with caplog.at_level(logging.ERROR, logger="marquee.web"):
        answer: dict[str, Any] = app(event, None)
    assert answer["statusCode"] == 503
    assert answer["headers"]["Retry-After"] == "2"
    assert "detail for the log" not in answer["body"]
    assert "detail for the log" in caplog.text
    if kind is Routes:
        assert json.loads(answer["body"])["reason"] == "try_again"
    else:
        assert "<main" in answer["body"]


@pytest.mark.parametrize("field", ["nonce", "scanned_at"])
def test_a_line_break_at_the_end_is_no_part_of_a_value(house: House, field: str) -> None:
    phone: Phone = house.phone()
    scan = {"scanned": "x", "nonce": "nonce-0001", "scanned_at": house.at.isoformat()}
    answer = phone.post("/api/v1/redemptions", scan | {field: scan[field] + "\n"})
    assert answer.reason == "invalid_payload"
    assert answer.json["errors"][0]["pointer"] == f"/{field}"
