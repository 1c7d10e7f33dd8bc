"""What happened, as one JSON line an event; never a code, a token, a link or a visitor."""

import json
import logging

_log = logging.getLogger("marquee.events")


def event(kind: str, **facts: str | int | None) -> None:
    """Log one event of the product: `claimed`, `redeemed`, `reversed`, `refused`, `chosen`…"""
    _log.info(json.dumps({"event": kind} | {k: v for k, v in facts.items() if v is not None}))
