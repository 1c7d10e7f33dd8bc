"""What the scanner says where it judges by itself: the texts of the reasons that it may give."""

from functools import cache

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import languages, problems

# What the phone finds, which a test compares with static/staff/offline/, then what only the ledger
# may say of an entry that it was handed.
JUDGED = (
    Reason.UNKNOWN_CODE,
    Reason.BAD_SIGNATURE,
    Reason.UNKNOWN_KEY,
    Reason.KEY_RETIRED,
    Reason.KEY_WITHDRAWN,
    Reason.TRAINING_CODE,
    Reason.REVOKED,
    Reason.WRONG_CAMPAIGN,
    Reason.WRONG_CITY,
    Reason.WRONG_CHANNEL,
    Reason.PAUSED,
    Reason.NOT_STARTED,
    Reason.EXPIRED,
    Reason.NOT_NOW,
    Reason.ORDER_TOTAL_REQUIRED,
    Reason.MINIMUM_NOT_MET,
    Reason.NO_EFFECT,
    Reason.NEEDS_NETWORK,
    Reason.OFFLINE_ALLOWANCE_USED,
    Reason.STALE_MANIFEST,
)
HANDED_IN = (
    Reason.ALREADY_REDEEMED,
    Reason.ALREADY_REVERSED,
    Reason.CHAIN_BROKEN,
    Reason.DEVICE_REVOKED,
    Reason.GIVEN_AWAY,
    Reason.HELD_BY_ORDER,
    Reason.LAPSED,
    Reason.LIMIT_DAY,
    Reason.BUDGET_EXHAUSTED,
)


@cache
def refusals(language: str) -> dict[str, dict[str, object]]:
    """Return title and detail of each reason as the API would say them, and its sentences.

    The phone fills a sentence with the facts that it knows (static/staff/offline/telling.js).
    """
    catalogue = languages.catalogue(language)
    said: dict[str, dict[str, object]] = {}
    for reason in (*JUDGED, *HANDED_IN):
        text = problems.text(Refusal(reason), catalogue, {})
        says = [catalogue.gettext(sentence) for sentence in problems.ROWS[reason].says]
        said[str(reason)] = {"title": text.title, "detail": text.detail, "says": says}
    return said
