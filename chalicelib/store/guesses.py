"""Counts of wrong guesses, for ten minutes each. Access patterns AP-80 and AP-81."""

from chalicelib.domain.guessing import Window
from chalicelib.store import engine, keys, tables

_KEEP_SECONDS = 3600


def count(window: Window) -> int:
    """AP-80: count one more wrong guess and return how many there are. Cost: 1 WCU."""
    found = engine.update(
        tables.GuessItem,
        keys.guesses(window),
        UpdateExpression="ADD guesses :one SET #ttl = :ttl",
        ExpressionAttributeNames={"#ttl": "ttl"},
        ExpressionAttributeValues={
            ":one": engine.number(1),
            ":ttl": engine.number(window.ends_at + _KEEP_SECONDS),
        },
        ReturnValues="UPDATED_NEW",
    )
    assert not isinstance(found, engine.Stands), "an update without a condition always happens"
    return int(found["guesses"]["N"])


def read(window: Window) -> int:
    """AP-81: return how many wrong guesses there are, strongly consistent. Cost: 1 RCU."""
    raw = engine.get(tables.GuessItem, keys.guesses(window))
    return int(raw["guesses"]["N"]) if raw else 0
