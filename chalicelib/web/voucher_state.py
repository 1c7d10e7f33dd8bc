"""How a voucher stands, in words with the city's own time."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib import cities
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.live import Published
from chalicelib.domain.offer import Channel, Offer, Reach
from chalicelib.domain.popup import Popup
from chalicelib.domain.voucher import State, Use, Voucher
from chalicelib.web import benefits, phrases, stand_view
from chalicelib.web.languages import catalogue

WAITING = frozenset({State.ISSUED, State.REVERSED})


@dataclass(frozen=True, slots=True)
class VoucherState:
    """`status` is for style sheet and script: early, ready, used, or the state's own name."""

    status: str
    title: str
    words: str

    @property
    def used(self) -> bool:
        return self.status == "used"

    @property
    def shows_code(self) -> bool:
        """Tell whether the code is of use to anyone."""
        return self.status in {"early", "ready", "paused", "held", "used"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherView:
    """A voucher with everything that its words depend on."""

    published: Published
    popup: Popup
    offer: Offer
    voucher: Voucher
    at: datetime
    language: str

    @property
    def campaign(self) -> Campaign:
        return self.published.campaign

    @property
    def city(self) -> str:
        """Its stand's city, by the reader's name for it."""
        return cities.name_in(self.popup.city, self.language)

    @property
    def state(self) -> State:
        """Its state now: an order's hold that ended is over."""
        return self.voucher.state_at(self.at)

    def text(self, message: str) -> str:
        return catalogue(self.language).gettext(message)

    def when(self, instant: datetime) -> str:
        return phrases.when(instant, self.popup, self.at, self.language)

    def until(self, instant: datetime) -> str:
        return phrases.until(instant, self.popup, self.at, self.language)


def state_of(view: VoucherView) -> VoucherState:
    """Return where the voucher stands now; expiry follows from time."""
    if view.published.live.revokes(view.voucher.voucher_id):
        return _settled(view, State.REVOKED)
    return _waiting(view) if view.state in WAITING else _settled(view, view.state)


def place(view: VoucherView) -> str:
    """Say where the voucher may be used."""
    return where(view.popup, view.offer, view.language)


def where(popup: Popup, offer: Offer, language: str) -> str:
    """Say where a voucher of this offer and stand may be used."""
    city, _ = cities.name_in(popup.city, language), catalogue(language).gettext
    country = stand_view.country(popup.country, language)
    online = Channel.ONLINE in offer.channels
    if Channel.STAND not in offer.channels:
        return _("in the online shop")
    match offer.usable_at:
        case Reach.STAND:
            words = _("at the stand in {city}")
        case Reach.CITY:
            words = _("at any stand in {city}")
        case Reach.COUNTRY:
            words = _("at any stand of {country}")
        case Reach.CAMPAIGN:
            words = _("at any stand of the festival")
    words = words.format(city=city, country=country)
    return _("{place}, or online").format(place=words) if online else words


def _waiting(view: VoucherView) -> VoucherState:
    campaign, popup, offer, _ = view.campaign, view.popup, view.offer, view.text
    starts, ends = campaign.usable_from(popup, offer), campaign.usable_until(popup, offer)
    city = view.city
    if view.at >= ends:
        words = _("It could be used until {time}, {city} time.")
        return VoucherState("expired", _("Expired"), words.format(time=view.until(ends), city=city))
    if view.published.live.pauses(popup, offer):
        return VoucherState(
            "paused", _("Paused"), _("The stand makes a pause; your voucher stays valid.")
        )
    if view.at < starts:
        words = _("Usable {place} from {time}, {city} time.")
        words = words.format(place=place(view), time=view.when(starts), city=city)
        return VoucherState("early", _("Not yet"), words + _kept(view))
    title = _("Usable again") if view.state is State.REVERSED else _("Ready")
    return VoucherState("ready", title, _ready(view, ends) + _kept(view))


def _kept(view: VoucherView) -> str:
    """Say until when an unused claim is kept, where it is not kept for good."""
    until, _ = view.voucher.hold_until, view.text
    if until is None or view.state is not State.ISSUED:
        return ""
    words = _("It is kept for you until {time}; unused, it goes back to the stand then.")
    return " " + words.format(time=view.until(until))


def _ready(view: VoucherView, ends: datetime) -> str:
    """Say where to show the code and until when, or when a closed stand opens."""
    popup, _ = view.popup, view.text
    closed_until = view.published.live.closed_until(popup.popup_id, view.at)
    if Channel.STAND not in view.offer.channels:
        words = _("Type its code in the online shop, until {time}, {city} time.")
        return words.format(time=view.until(ends), city=view.city)
    closed = closed_until is not None or not popup.open_at(view.at)
    opens = closed_until or (popup.opens_next(view.at) if closed else None)
    if view.offer.usable_at is Reach.STAND and opens:
        words = _("The stand in {city} is closed now; it opens {time}.")
        return words.format(city=view.city, time=view.when(opens))
    words = _("Show it {place}, until {time}, {city} time.")
    return words.format(place=place(view), time=view.until(ends), city=view.city)


def _settled(view: VoucherView, state: State) -> VoucherState:
    _ = view.text
    match state:
        case State.REDEEMED:
            return VoucherState("used", _("Used"), _use(view, view.voucher.use))
        case State.HELD:
            return VoucherState("held", _("In an order"), _held(view, view.voucher.held_until))
        case State.GIVEN if view.voucher.reissued:
            words = _("The stand's supervisor moved it to another browser.")
            return VoucherState("given", _("Passed on"), words)
        case State.GIVEN:
            return VoucherState("given", _("Given away"), _("A friend has it now."))
        case State.LAPSED:
            return VoucherState(
                "lapsed",
                _("Lapsed"),
                _(
                    "It was not used in time, so it went back to the stand. Claim it there again: "
                    "you get a new code."
                ),
            )
    return VoucherState(
        "revoked", _("Withdrawn"), _("It was withdrawn. Ask at the stand if you do not know why.")
    )


def _held(view: VoucherView, until: datetime | None) -> str:
    """Say until when an order holds it; what is not ordered by then is free again by itself."""
    _ = view.text
    if until is None:
        return _("A shop holds it for your order.")
    words = _("A shop holds it for your order until {time}, {city} time; then it is free again.")
    return words.format(time=view.until(until), city=view.city)


def _use(view: VoucherView, use: Use | None) -> str:
    """Say when and where, by the clock of the stand that took it."""
    _ = view.text
    if use is None:
        return ""
    there = view.campaign.popup.get(use.popup_id, view.popup)
    same_day = there.local_day(use.received_at) == there.local_day(view.at)
    time = phrases.when(use.received_at, there, view.at, view.language)
    words = _("Used at {time} in {city}.").format(
        time=f"{there.local(use.received_at):%H:%M}" if same_day else time,
        city=cities.name_in(there.city, view.language),
    )
    if not use.discount_minor or not use.currency:
        return words
    amount = benefits.short_money(use.discount_minor, use.currency, view.language)
    discount = _("Discount: {amount}.").format(amount=amount)
    return f"{words} {discount}"
