"""The draft's stands, offers and merchants by key, each list in the order of its ids."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chalice import Response

from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.member import Scope
from chalicelib.web import program_answers
from chalicelib.web.api import answer
from chalicelib.web.console import plan as plans
from chalicelib.web.programs import api

_MOST = 100
Line = TypeVar("Line")


def get_popups(scope: Scope) -> Response:
    """Return the stands. Raises NotFound, InvalidPayload."""
    found, then = _page(plans.of(scope).campaign.popups, lambda one: one.popup_id)
    return answer(program_answers.Popups(items=found, next_cursor=then))


def get_offers(scope: Scope) -> Response:
    """Return the offers. Raises NotFound, InvalidPayload."""
    found, then = _page(plans.of(scope).campaign.offers, lambda one: one.offer_id)
    return answer(program_answers.Offers(items=found, next_cursor=then))


def get_merchants(scope: Scope) -> Response:
    """Return the merchants. Raises NotFound, InvalidPayload."""
    found, then = _page(plans.of(scope).campaign.merchants, lambda one: one.merchant_id)
    return answer(program_answers.Merchants(items=found, next_cursor=then))


def _page(lines: Sequence[Line], name: Callable[[Line], str]) -> tuple[list[Line], str | None]:
    """Return the lines after the id that the query names, and where the next page begins."""
    limit, after = api.query("limit") or str(_MOST), api.query("cursor") or ""
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= 3 and 1 <= int(limit) <= _MOST):
        raise InvalidPayload([("/limit", f"is a number from 1 to {_MOST}")])
    rest = sorted((one for one in lines if name(one) > after), key=name)
    page = rest[: int(limit)]
    return page, name(page[-1]) if len(rest) > len(page) else None
