"""A voucher that was passed on: the friend's id follows from the giver's."""

import hashlib
import hmac

from chalicelib.domain import voucher as codes


def gift_id(claim_secret: bytes, *, giver_id: str, gift_hash: str) -> str:
    """Return the id of the voucher that takes over the unit of a given one."""
    message = f"gift|{giver_id}|{gift_hash}"
    digest = hmac.digest(claim_secret, message.encode(), hashlib.sha256)
    return codes.symbols_of(int.from_bytes(digest) >> (256 - codes.CLAIMED_BITS))
