"""docs/webhooks.md says what is sent, and its verifier takes what we sign."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from happening import BACK, CHOICE, ISSUED, USED, told

from chalicelib.domain import hook as hooks
from chalicelib.domain import notice as notices
from chalicelib.domain.event import Event, Kind

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text()
SECRET, OTHER = "mhs_mzxw6ytboi2dcmrtgq2tmnzyhe3dqmbq", "mhs_other"
AT = datetime(2026, 11, 6, 12, tzinfo=UTC)
BODY = b'{"a":1}'


def rows() -> dict[str, Any]:
    """Return the data of each event, as the page shows it."""
    found = re.findall(r"^\| `([a-z_.]+)` \| [^|]+ \| `(\{.*\})` \|$", PAGE, re.MULTILINE)
    return {kind: json.loads(data) for kind, data in found}


def verifier() -> Callable[..., bool]:
    """Return the function of the page's sample."""
    [sample] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    space: dict[str, Any] = {}
    exec(sample, space)  # noqa: S102 - the page is ours
    found: Callable[..., bool] = space["is_ours"]
    return found


def test_the_page_lists_every_event_and_no_other() -> None:
    assert list(rows()) == list(Kind)


@pytest.mark.parametrize(
    "event", [told(None, ISSUED), told(ISSUED, USED), told(USED, BACK), told(None, CHOICE)]
)
def test_the_page_shows_what_is_told_of_a_voucher(event: Event | None) -> None:
    assert event is not None
    assert rows()[event.kind].keys() == event.data.keys()
    assert "voucher" in event.data


def test_the_whole_message_has_the_shape_of_the_page() -> None:
    event = told(ISSUED, USED)
    assert event is not None
    sent = json.loads(notices.body_of(event, 17))
    shown = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0])
    assert sent.keys() == shown.keys()
    assert sent["data"].keys() == shown["data"].keys()
    assert re.sub(r"[a-z2-7]{24}$", "", sent["id"]) == re.sub(r"[a-z2-7]{24}$", "", shown["id"])


def test_the_sample_to_try_is_what_we_sign() -> None:
    assert f"`{hooks.signature([SECRET], BODY, AT)}`" in PAGE


def test_the_verifier_takes_what_we_sign_with_either_secret() -> None:
    is_ours, now = verifier(), AT.timestamp()
    both = hooks.signature([SECRET, OTHER], BODY, AT)
    assert is_ours(both, BODY, SECRET, now)
    assert is_ours(both, BODY, OTHER, now + 299)


@pytest.mark.parametrize(
    ("header", "body", "secret", "late"),
    [
        (None, BODY + b" ", SECRET, 0),
        (None, BODY, OTHER, 0),
        (None, BODY, SECRET, 301),
        (None, BODY, SECRET, -301),
        ("", BODY, SECRET, 0),
        ("t=,v1=", BODY, SECRET, 0),
        ("t=1793966400", BODY, SECRET, 0),
        ("t=1793966400,v1=ü", BODY, SECRET, 0),
        ("v1,t", BODY, SECRET, 0),
    ],
)
def test_the_verifier_refuses_anything_else(
    header: str | None, body: bytes, secret: str, late: int
) -> None:
    signed = hooks.signature([SECRET], BODY, AT) if header is None else header
    now = (AT + timedelta(seconds=late)).timestamp()
    assert not verifier()(signed, body, secret, now)


def test_the_page_tells_the_tries() -> None:
    assert f"{notices.TRIES} times in all" in PAGE
    assert f"{notices.KEPT.days} days" in PAGE
