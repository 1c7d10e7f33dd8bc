"""How a link that passes a voucher on stands, to whoever opens it."""

from dataclasses import dataclass

from chalicelib.domain import gift as rules
from chalicelib.domain.gift import Link
from chalicelib.domain.live import Published
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import gifts as links
from chalicelib.web import gifts
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from chalicelib.web.languages import catalogue


@dataclass(frozen=True, slots=True)
class Standing:
    """`words` say why it is not to be had, nothing where it is; `token` is the reader's voucher."""

    words: str = ""
    token: str = ""


def of(
    published: Published, link: Link, giver: Voucher, visitor: str | None, language: str
) -> Standing:
    """Return how the link stands to this visitor: to take, in this browser, or why neither."""
    refused = rules.refusal_to_accept(giver, link, context.now()) or gifts.ended(published, giver)
    mine = _mine(giver, link, visitor) if visitor else None
    if refused is None and mine is None:
        return Standing()
    token = shown.token_text(published, mine) if mine else ""
    return Standing(_words(link, mine, refused, language), token)


def _mine(giver: Voucher, link: Link, visitor: str) -> Voucher | None:
    """Return the voucher that this visitor has of it: as whoever took it, or as its giver."""
    heir = giver.heir if giver.gift_hash == link.hash else None
    taken = links.get(heir) if heir else None
    return next((one for one in (taken, giver) if one and one.visitor == visitor), None)


def _words(link: Link, mine: Voucher | None, refused: Refusal | None, language: str) -> str:
    _ = catalogue(language).gettext
    if refused is None and not link.reissue:
        return _("This is your own link. Send it to a friend; opening it changes nothing.")
    match refused.reason if refused else None:
        case Reason.LAPSED | Reason.EXPIRED:
            return _("The time of this link is over.")
        case Reason.REVOKED:
            return _("It was withdrawn. Ask at the stand if you do not know why.")
    if mine is not None and mine.state is not State.GIVEN:
        return _("This browser has it already.")
    if refused and refused.reason is Reason.GIVEN_AWAY:
        return _("Somebody has accepted it already.")
    return _("Its holder has used it already, or put it into an order.")
