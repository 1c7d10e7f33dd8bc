"""What a stream record's images show to the figures; keys and attributes stay in the store."""

from typing import Any

from chalicelib.domain.insight import ChoiceImage, Image, VoucherImage
from chalicelib.domain.voucher import State, is_minted
from chalicelib.store import keys
from chalicelib.store.engine import Raw


def image_of(raw: Raw | None) -> Image | None:
    """Return a ledger item as the figures see it, or None for counters, past uses and nothing."""
    if not raw or not raw["pk"]["S"].startswith("V#"):
        return None
    kind = raw["sk"]["S"]
    if kind == keys.VOUCHER:
        return _voucher(raw)
    return _choice(raw) if kind == keys.CHOICE else None


def _voucher(raw: Raw) -> VoucherImage:
    use: dict[str, dict[str, Any]] = raw["cur"]["M"] if "cur" in raw else {}
    return VoucherImage(
        campaign_id=raw["camp"]["S"],
        popup_id=raw["pop"]["S"],
        offer_id=raw["offer"]["S"],
        merchant_id=_text(raw, "merch"),
        claimed_hour=raw["hour"]["S"],
        state=State(raw["st"]["S"]),
        claimed="root" not in raw and not is_minted(raw["pk"]["S"].partition("#")[2]),
        uses=int(raw["uses"]["N"]) if "uses" in raw else 0,
        released=int(raw["rel"]["N"]) if "rel" in raw else 0,
        used_popup_id=_text(use, "pop"),
        used_hour=_text(use, "hour"),
        discount_minor=int(use["disc"]["N"]) if "disc" in use else 0,
        currency=_text(use, "ccy"),
    )


def _choice(raw: Raw) -> ChoiceImage:
    return ChoiceImage(
        campaign_id=raw["camp"]["S"],
        popup_id=raw["pop"]["S"],
        offer_id=raw["offer"]["S"],
        merchant_id=_text(raw, "merch"),
        option=raw["option"]["S"],
        centigrams=int(raw["cg"]["N"]),
        low_centigrams=int(raw["low_cg"]["N"]),
        high_centigrams=int(raw["high_cg"]["N"]),
    )


def _text(raw: Raw, name: str) -> str | None:
    return str(raw[name]["S"]) if name in raw else None
