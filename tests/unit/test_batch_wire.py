"""What a device signs: golden bytes that the phone has to make, too."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib import proofs
from chalicelib.domain import batch_wire

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "batch.json").read_text())
EACH = pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])


@EACH
def test_the_golden_bytes_never_change(case: dict[str, Any]) -> None:
    text = batch_wire.signed_text(case["device_id"], case["body"])
    assert text.decode() == case["bytes"]
    assert batch_wire.hash_of(text) == case["sha256"]


@EACH
def test_the_golden_signatures_are_of_their_keys(case: dict[str, Any]) -> None:
    key, text = json.dumps(case["public_key"]), case["bytes"].encode()
    assert proofs.is_signed_by(key, text, case["signature"])
    assert not proofs.is_signed_by(key, text + b" ", case["signature"])
    assert not proofs.is_signed_by(key, text, "A" * 86)
    assert not proofs.is_signed_by(key, text, case["signature"][:40])


def test_each_batch_names_the_one_before() -> None:
    first, second, third, fourth = GOLDEN["cases"]
    assert second["body"]["previous"] == first["sha256"]
    assert fourth["body"]["previous"] == third["sha256"]


def test_an_entry_is_told_from_another_one_by_any_of_its_members() -> None:
    entries = GOLDEN["cases"][0]["body"]["entries"]
    digests = {batch_wire.digest_of(entry) for entry in entries}
    changed = batch_wire.digest_of(entries[0] | {"withdrawn": True})
    assert len(digests | {changed}) == len(entries) + 1
    assert batch_wire.digest_of(dict(reversed(entries[0].items()))) in digests
