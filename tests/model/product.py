"""The product behind the same questions: the real use cases on the real store."""

from dataclasses import dataclass, field
from datetime import datetime

from model.facts import CAMPAIGN, STANDS, Device, Terms, document
from model.paper import Name, Said
from model.press import Press, Print

from chalicelib.domain.batch import Batch
from chalicelib.domain.claim import Wish
from chalicelib.domain.device import Profile
from chalicelib.domain.live import Live, Published
from chalicelib.domain.offer import Channel, Scope
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.domain.voucher import Voucher, claimed_id
from chalicelib.store import (
    campaigns,
    counters,
    engine,
    keys,
    revocations,
    tables,
    uses,
    vouchers,
)
from chalicelib.usecases import claiming, publishing, redeeming, reversing

SECRET = b"claim secret"


@dataclass
class Product:
    """What people do, at an instant."""

    requests: int = 0
    memory: Published | None = None
    ids: dict[Name, str] = field(default_factory=dict)  # of what nobody claimed
    batches: dict[int, Batch] = field(default_factory=dict)
    press: Press = field(default_factory=Press)

    def claim(self, visitor: str, stand: str, offer: str, ordinal: int, at: datetime) -> str:
        published = self.published()
        wish = Wish(
            published=published,
            popup=STANDS[stand],
            offer=published.campaign.offer[offer],
            visitor=visitor,
            at=at,
            ordinal=ordinal,
        )
        outcome = claiming.claim(
            vouchers, counters, wish, claim_secret=SECRET, request_id=self.request()
        )
        if isinstance(outcome, Refusal):
            return str(outcome.reason)
        return "made" if outcome.made else "again"

    def redeem(self, scan: Scan) -> Said:
        return said(redeeming.redeem(uses, scan, request_id=self.request()))

    def simulate(self, scan: Scan) -> str | None:
        refused = redeeming.simulate(uses, counters, scan)
        return str(refused.reason) if refused else None

    def scan(
        self,
        by: Device,
        name: Name,
        nonce: str,
        total: int | None,
        at: datetime,
        *,
        shown: Print | None = None,
        order: str | None = None,
        seconds: int | None = None,
    ) -> Scan:
        """Return what a stand's device or a shop scans, or types where nothing is shown."""
        published, voucher_id = self.published(), self.voucher_id(name)
        first = self.first(name)
        voucher = vouchers.get(voucher_id) or first
        assert voucher is not None, "only what was claimed or minted is scanned"
        offer, issued = published.campaign.offer[name[1]], STANDS[voucher.popup_id]
        token, key = self.press.read(shown) if shown else (None, None)
        return Scan(
            voucher_id=voucher_id,
            campaign_number=published.campaign.number,
            home=published.live,
            published=published,
            offer=offer,
            issued=issued,
            used=STANDS[by.stand] if by.stand else issued,
            at=at,
            device_id=by.device_id,
            nonce=nonce,
            scanned_at=at,
            order_total_minor=total,
            token=token,
            key=key,
            channel=Channel.ONLINE if by.online else Channel.STAND,
            order=f"{by.stand or by.device_id}#{order}" if order is not None else None,
            hold_seconds=seconds,
            first=first,
        )

    def show(self, name: Name, at: datetime, *, older: int = 0) -> Print:
        """Return what the holder shows: a page that is signed now, or a card as it was printed."""
        batch = self.batches.get(name[3] // 1000)
        if batch is not None and name in self.ids:
            return self.press.card(batch, name[3] % 1000)
        voucher = vouchers.get(self.voucher_id(name))
        assert voucher is not None, "only what was claimed is shown"
        published = self.published()
        return self.press.page(
            voucher,
            at,
            withdrawn=published.live.withdrawn_keys,
            older=older,
            offer_number=published.campaign.offer[name[1]].number,
            popup_number=STANDS[voucher.popup_id].number,
        )

    def reverse(self, by: Device, name: Name, number: int, nonce: str, at: datetime) -> Said:
        wish = reversing.Wish(
            voucher_id=self.voucher_id(name),
            number=number,
            nonce=nonce,
            why="mistake",
            device_id=by.device_id,
            at=at,
            supervises=by.stand if by.profile is Profile.SUPERVISOR else None,
            shop=by.online,
        )
        outcome = reversing.reverse(uses, wish)
        if isinstance(outcome, Refusal):
            return str(outcome.reason), 0
        return "made" if outcome.made else "again", outcome.past.use.number

    # --- marketing ------------------------------------------------------------------------------
    def publish(self, terms: dict[str, Terms], shards: int, at: datetime) -> Pointer | None:
        """Publish terms; None where they are below use."""
        stored = campaigns.draft(CAMPAIGN)
        version = campaigns.save_draft(
            document(terms, shards), over=stored[1] if stored else 0, now=at
        )
        assert version is not None
        self.memory = None
        return _pointer(
            publishing.publish(campaigns, counters, CAMPAIGN, draft_version=version, now=at)
        )

    def roll_back(self, revision: int, at: datetime) -> Pointer | None:
        self.memory = None
        outcome = publishing.roll_back(campaigns, counters, CAMPAIGN, revision=revision, now=at)
        return _pointer(outcome)

    def pause(self, paused: set[str]) -> None:
        """Say what is paused: "*", stands and offers. What is withdrawn stays so."""
        withdrawn = campaigns.lives().get(CAMPAIGN, Live())
        item = tables.LiveItem(
            *keys.live(CAMPAIGN),
            paused="*" in paused,
            paused_popups=paused & set(STANDS) or None,
            paused_offers=paused - set(STANDS) - {"*"} or None,
            revoked=set(withdrawn.revoked) or None,
            revoked_batches=set(withdrawn.revoked_batches) or None,
            revoked_ranges={campaigns.range_text(r) for r in withdrawn.revoked_ranges} or None,
            withdrawn_keys=set(withdrawn.withdrawn_keys) or None,
        )
        engine.put(item)
        self.memory = None

    def withdraw_key(self, key_id: int) -> None:
        """Refuse everything that a key signed."""
        revocations.withdraw_key(CAMPAIGN, key_id)
        self.memory = None

    def published(self) -> Published:
        """Return what is live, read anew after each change, as if five seconds had passed."""
        if self.memory is None:
            self.memory = self._read()
        return self.memory

    def _read(self) -> Published:
        pointer = campaigns.pointers()[CAMPAIGN]
        return Published(
            campaign=campaigns.revision(CAMPAIGN, pointer.revision),
            revision=pointer.revision,
            epoch=pointer.epoch,
            live=campaigns.lives().get(CAMPAIGN, Live()),
        )

    def first(self, name: Name) -> Voucher | None:
        """Return what a minted code stands for before its first use."""
        batch = self.batches.get(name[3] // 1000)
        return batch.voucher(self.ids[name]) if batch and name in self.ids else None

    def voucher_id(self, name: Name) -> str:
        if name in self.ids:
            return self.ids[name]
        visitor, offer, place, ordinal = name
        return claimed_id(
            SECRET,
            campaign_number=7,
            offer_number=["gift", "lamp", "tea"].index(offer) + 1,
            popup_number=0 if place == "*" else STANDS[place].number,
            visitor=visitor,
            ordinal=ordinal,
            scope=Scope.CAMPAIGN if place == "*" else Scope.POPUP,
        )

    def request(self) -> str:
        self.requests += 1
        return f"request-{self.requests}"


def said(outcome: redeeming.Redeemed | Refusal) -> Said:
    """Return an answer as the book says it."""
    if isinstance(outcome, Refusal):
        return str(outcome.reason), 0
    return "made" if outcome.made else "again", outcome.use.number


def _pointer(outcome: Pointer | Refusal | publishing.Faulty) -> Pointer | None:
    if isinstance(outcome, Pointer):
        return outcome
    assert isinstance(outcome, Refusal), outcome
    assert outcome.reason is Reason.LIMIT_BELOW_USE, outcome
    return None
