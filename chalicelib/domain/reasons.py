"""Every reason for which the product says no, and the shape of a no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Stable keys; each has a page, a translation and an HTTP status (docs/rules.md)."""

    UNKNOWN_CODE = "unknown_code"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    KEY_RETIRED = "key_retired"
    KEY_WITHDRAWN = "key_withdrawn"
    REVOKED = "revoked"
    GIVEN_AWAY = "given_away"
    LAPSED = "lapsed"
    WRONG_CAMPAIGN = "wrong_campaign"
    WRONG_CITY = "wrong_city"
    WRONG_CHANNEL = "wrong_channel"
    WRONG_MERCHANT = "wrong_merchant"
    WRONG_HOLDER = "wrong_holder"
    NOT_REVEALED = "not_revealed"
    NOT_STARTED = "not_started"
    NOT_NOW = "not_now"
    PAUSED = "paused"
    EXPIRED = "expired"
    ALREADY_REDEEMED = "already_redeemed"
    HELD_BY_ORDER = "held_by_order"
    ORDER_TOTAL_REQUIRED = "order_total_required"
    MINIMUM_NOT_MET = "minimum_not_met"
    NO_EFFECT = "no_effect"
    NOT_STACKABLE = "not_stackable"
    LIMIT_VISITOR = "limit_visitor"
    LIMIT_DAY = "limit_day"
    LIMIT_CAMPAIGN = "limit_campaign"
    OUT_OF_STOCK = "out_of_stock"
    BUDGET_EXHAUSTED = "budget_exhausted"
    PRESENCE_REQUIRED = "presence_required"
    PRESENCE_EXPIRED = "presence_expired"
    ENROLMENT_USED = "enrolment_used"
    ENROLMENT_EXPIRED = "enrolment_expired"
    DEVICE_REVOKED = "device_revoked"
    DEVICE_NOT_ALLOWED = "device_not_allowed"
    TRAINING_CODE = "training_code"
    NEEDS_NETWORK = "needs_network"
    OFFLINE_ALLOWANCE_USED = "offline_allowance_used"
    STALE_MANIFEST = "stale_manifest"
    CHAIN_BROKEN = "chain_broken"
    ALREADY_REVERSED = "already_reversed"
    REVERSAL_WINDOW_CLOSED = "reversal_window_closed"
    NOT_GIFTABLE = "not_giftable"
    ALREADY_CHOSEN = "already_chosen"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    IN_PROGRESS = "in_progress"
    EDITED_MEANWHILE = "edited_meanwhile"
    LIMIT_BELOW_USE = "limit_below_use"
    INVALID_PAYLOAD = "invalid_payload"
    PAYLOAD_TOO_LARGE = "payload_too_large"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_SIGNED_IN = "not_signed_in"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    TRY_AGAIN = "try_again"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An expected no: its reason, and the facts that help the reader (instants as RFC 3339)."""

    reason: Reason
    facts: Mapping[str, str] = field(default_factory=dict)
