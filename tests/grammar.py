"""The second opinion on expressions: moto's, as ministack reads over what DynamoDB refuses.

An action that is no action, one path written twice, a function that does not exist: such a request
fails the test that sends it.
"""

import json
from collections.abc import Iterator
from typing import Any

from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.models import UpdateExpressionParser  # type: ignore[attr-defined]
from moto.dynamodb.parsing.validators import ActionCountValidator, OverlappingPathsValidator

Json = dict[str, Any]

_CONDITIONS = ("ConditionExpression", "FilterExpression")
_read: set[str] = set()  # the product has some two hundred; each is read once


def check(body: bytes) -> None:
    """Raise what moto says of the expressions of a request."""
    for part in _parts(json.loads(body)):
        names, values = (part.get(f"ExpressionAttribute{kind}", {}) for kind in ("Names", "Values"))
        update = part.get("UpdateExpression")
        if update and _is_new(update, names):
            tree = UpdateExpressionParser.make(update)
            for rule in (ActionCountValidator(), OverlappingPathsValidator(names)):
                tree = rule.traverse(tree)
        for kind in _CONDITIONS:
            if kind in part and _is_new(part[kind], names):
                get_filter_expression(part[kind], names, values)


def _parts(document: Json) -> Iterator[Json]:
    yield document
    for action in document.get("TransactItems", ()):
        yield from action.values()


def _is_new(expression: str, names: Json) -> bool:
    before = len(_read)
    _read.add(f"{expression} {names}")
    return len(_read) > before
