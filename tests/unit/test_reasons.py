"""One list of reasons: each has a row in words and a status, and nothing else is emitted."""

import ast
import gettext
import re
from pathlib import Path

import pytest

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import problems

SOURCES = sorted((Path(__file__).parents[2] / "chalicelib").rglob("*.py"))
STATUS = {
    "not_signed_in": 401, "not_allowed": 403, "wrong_holder": 403, "device_revoked": 403,
    "device_not_allowed": 403, "unknown_code": 404, "not_found": 404, "method_not_allowed": 405,
    "edited_meanwhile": 412, "payload_too_large": 413, "invalid_payload": 422,
    "idempotency_key_reused": 422, "order_total_required": 422, "rate_limited": 429,
    "try_again": 503,
}  # fmt: skip


def test_every_reason_has_a_row_and_no_row_is_left_over() -> None:
    assert list(problems.ROWS) == list(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_status(reason: Reason) -> None:
    assert problems.ROWS[reason].status == STATUS.get(reason, 409)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_cause_and_a_cure_in_sentences(reason: Reason) -> None:
    row = problems.ROWS[reason]
    for sentence in (row.cause, row.cure, *row.says):
        assert sentence[0].isupper() or sentence[0] in "{“"
        assert sentence.endswith(".")
    assert row.title
    assert row.cause != row.cure


def test_those_who_should_wait_are_told_how_long() -> None:
    assert problems.RETRY_AFTER_SECONDS.keys() >= {Reason.RATE_LIMITED, Reason.TRY_AGAIN}


def test_no_other_reason_is_written_anywhere() -> None:
    """A reason is always a member of the list, never a text of its own."""
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal":
                assert not isinstance(node.args[0], ast.Constant), file


def test_a_sentence_without_its_facts_falls_back_to_cause_and_cure() -> None:
    plain = gettext.NullTranslations()
    bare = problems.text(Refusal(Reason.ALREADY_REDEEMED), plain, {})
    full = problems.text(
        Refusal(Reason.ALREADY_REDEEMED), plain, {"used_at": "today", "used_place": "Rome"}
    )
    assert bare.detail.startswith("This voucher has been used.")
    assert full.detail.startswith("Used on today at Rome.")


def test_braces_in_sentences_are_facts_that_someone_gives() -> None:
    wanted = {
        name
        for row in problems.ROWS.values()
        for says in row.says
        for name in re.findall(r"{(\w+)}", says)
    }
    given = "\n".join(file.read_text() for file in SOURCES)
    assert {name for name in wanted if f'"{name}"' not in given} == set()
