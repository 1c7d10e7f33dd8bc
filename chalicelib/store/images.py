"""What the ledger's items show to the figures; keys and attributes stay in the store."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from chalicelib.domain.choice import CentigramRange
from chalicelib.domain.delivery import Verdict
from chalicelib.domain.insight import Change, ChoiceImage, Image, PastUseImage, VoucherImage
from chalicelib.domain.source import source_of
from chalicelib.domain.voucher import State, is_minted, mark_of
from chalicelib.store import keys
from chalicelib.store.engine import Raw


def change_of(record: Mapping[str, Any], written_at: datetime) -> Change:
    """Return what a stream record (its `dynamodb` part) says of an item."""
    old, new = record.get("OldImage"), record.get("NewImage")
    return _change(record["SequenceNumber"], old, new, written_at)


def item_as_it_is(raw: Raw) -> Change:
    """Return an item that a scan saw, as if it came from nothing."""
    return _change("", None, raw, datetime.fromtimestamp(int(raw["updated_at"]["N"]) / 1000, UTC))


def _change(sequence: str, old: Raw | None, new: Raw | None, at: datetime) -> Change:
    before, after = image_of(old), image_of(new)
    raw = (after and new) or (before and old) or {}
    return Change(
        sequence=sequence,
        item=f"{raw['pk']['S']}#{raw['sk']['S']}" if raw else "",
        ver=int(raw["ver"]["N"]) + (after is None) if raw else 0,
        written_at=at,
        old=before,
        new=after,
    )


def image_of(raw: Raw | None) -> Image | None:
    """Return a ledger item as the figures see it, or None for what they leave out, and nothing."""
    if not raw or not raw["pk"]["S"].startswith("V#"):
        return None
    kind = raw["sk"]["S"]
    if kind == keys.VOUCHER:
        return _voucher(raw)
    if kind == keys.CHOICE:
        return _choice(raw) if "option" in raw else None  # it went along to another voucher
    return _past_use(raw) if kind.startswith(keys.PAST_USE) and "camp" in raw else None


def _voucher(raw: Raw) -> VoucherImage:
    use: dict[str, dict[str, Any]] = raw["cur"]["M"] if "cur" in raw else {}
    return VoucherImage(
        campaign_id=raw["camp"]["S"],
        popup_id=raw["pop"]["S"],
        offer_id=raw["offer"]["S"],
        merchant_id=_text(raw, "merch"),
        claimed_hour=raw["hour"]["S"],
        state=State(raw["st"]["S"]),
        claimed="root" not in raw and not is_minted(keys.voucher_id_of(raw["pk"]["S"])),
        uses=int(raw["uses"]["N"]) if "uses" in raw else 0,
        released=int(raw["rel"]["N"]) if "rel" in raw else 0,
        used_popup_id=_text(use, "pop"),
        used_hour=_text(use, "hour"),
        discount_minor=int(use["disc"]["N"]) if "disc" in use else 0,
        currency=_text(use, "ccy"),
        mark=mark_of(keys.voucher_id_of(raw["pk"]["S"])),
        source=source_of(_text(raw, "src")),
    )


def _past_use(raw: Raw) -> PastUseImage:
    use = raw["use"]["M"]
    return PastUseImage(
        campaign_id=raw["camp"]["S"],
        popup_id=use["pop"]["S"],
        offer_id=raw["offer"]["S"],
        used_hour=use["hour"]["S"],
    )


def _choice(raw: Raw) -> ChoiceImage:
    return ChoiceImage(
        campaign_id=raw["camp"]["S"],
        popup_id=raw["pop"]["S"],
        offer_id=raw["offer"]["S"],
        merchant_id=_text(raw, "merch"),
        option=raw["option"]["S"],
        total=_range(raw, ""),
        saving=_range(raw, "save_") if "save_cg" in raw else None,
        verdict=cast("Verdict", _text(raw, "verdict") or "unknown"),
        method=raw["method"]["S"],
        baseline=raw["baseline"]["S"],
    )


def _range(raw: Raw, kind: str) -> CentigramRange:
    value, low, high = (
        int(raw[name]["N"]) for name in (f"{kind}cg", f"{kind}low_cg", f"{kind}high_cg")
    )
    return CentigramRange(value=value, low=low, high=high)


def _text(raw: Raw, name: str) -> str | None:
    return str(raw[name]["S"]) if name in raw else None
