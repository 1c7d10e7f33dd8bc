"""The four tables as PynamoDB models: one model an item kind, one table a rhythm of change."""

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import botocore
import botocore.session
from botocore.config import Config
from botocore.httpsession import get_cert_path
from botocore.utils import get_environ_proxies
from pynamodb.attributes import (
    Attribute,
    BinaryAttribute,
    BooleanAttribute,
    ListAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.constants import NUMBER, PAY_PER_REQUEST_BILLING_MODE, STREAM_NEW_AND_OLD_IMAGE
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.config import Settings
from chalicelib.store.wire import Wire

# A phone waits: connect 0.5 s, read 1 s, two attempts; the deadline of a write is engine.py's.
CONNECT_SECONDS = 0.5
READ_SECONDS = 1
ATTEMPTS = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(Attribute[datetime]):
    """An instant as milliseconds since 1970: short, sortable, comparable in a condition."""

    attr_type = NUMBER

    def serialize(self, value: datetime) -> str:
        return str(milliseconds(value))

    def deserialize(self, value: str) -> datetime:
        return instant_of(int(value))


def instant_of(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def milliseconds(at: datetime) -> int:
    """Return the whole milliseconds since 1970: what was answered once is answered again."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


class _Meta:
    """What all tables share; `connect` fills in where they are."""

    table = ""  # its role, which the prefix makes a name
    table_name = ""
    region = "eu-south-1"
    host: str | None = None
    billing_mode = PAY_PER_REQUEST_BILLING_MODE
    connect_timeout_seconds = CONNECT_SECONDS
    read_timeout_seconds = READ_SECONDS
    max_retry_attempts = ATTEMPTS - 1  # PynamoDB takes no other retry setting from a model
    max_pool_connections = 32


class CatalogMeta(_Meta):
    table = "catalog"


class LedgerMeta(_Meta):
    table = "ledger"
    stream_view_type = STREAM_NEW_AND_OLD_IMAGE


class InsightsMeta(_Meta):
    table = "insights"


class AccessMeta(_Meta):
    table = "access"


METAS = (CatalogMeta, LedgerMeta, InsightsMeta, AccessMeta)


class Item(Model):
    """What every item of every table has."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


def _mark() -> str:
    """Return what tells a write from every other one of the same content."""
    return uuid4().hex


# --- catalog ----------------------------------------------------------------------------------
class CatalogItem(Item):
    Meta = CatalogMeta


class DocumentItem(CatalogItem):
    """The header of a draft or of a frozen revision; its parts follow."""

    Meta = CatalogMeta
    version = NumberAttribute()
    parts = NumberAttribute()
    digest = UnicodeAttribute()
    saved_at = Instant()
    mark = UnicodeAttribute(default_for_new=_mark)


class PartItem(CatalogItem):
    """A piece of a compressed document, or a size of a photo, below DynamoDB's 400 KB."""

    Meta = CatalogMeta
    body = BinaryAttribute(legacy_encoding=False)


class PhotoItem(CatalogItem):
    """That a photo is kept whole; its sizes are items of their own."""

    Meta = CatalogMeta
    width = NumberAttribute()
    height = NumberAttribute()


class PointerItem(CatalogItem):
    """Which revision of a campaign is live."""

    Meta = CatalogMeta
    revision = NumberAttribute()
    epoch = NumberAttribute()


class PublishItem(CatalogItem):
    """A publish under way, so that a crashed one can be finished."""

    Meta = CatalogMeta
    revision = NumberAttribute()
    epoch = NumberAttribute()
    done = BooleanAttribute()
    before = NumberAttribute(null=True)
    entry = UnicodeAttribute(null=True)
    at = Instant()
    mark = UnicodeAttribute(default_for_new=_mark)


class ScheduleItem(CatalogItem):
    """A publish that waits for its instant; schedules.py writes and reads it."""

    Meta = CatalogMeta
    name = UnicodeAttribute()
    version = NumberAttribute()
    at = Instant()
    wall = UnicodeAttribute()
    zone = UnicodeAttribute()
    member = UnicodeAttribute()
    email = UnicodeAttribute()
    stage = UnicodeAttribute()
    why = UnicodeAttribute(null=True)
    revision = NumberAttribute(null=True)
    epoch = NumberAttribute(null=True)


class ProposalItem(CatalogItem):
    """What a merchant proposes: cells as JSON, each with what stood there when it was typed."""

    Meta = CatalogMeta
    version = NumberAttribute()
    state = UnicodeAttribute()
    cells = UnicodeAttribute()
    comment = UnicodeAttribute()
    email = UnicodeAttribute()


# --- ledger -----------------------------------------------------------------------------------
class DueIndex(GlobalSecondaryIndex[Any]):
    """The one index: what has a hold, by the minute at which it ends. Nothing else is in it."""

    class Meta(LedgerMeta):
        index_name = "due"
        projection = KeysOnlyProjection()

    due = UnicodeAttribute(hash_key=True)
    pk = UnicodeAttribute(range_key=True)


class LedgerItem(Item):
    """What every ledger item has: `ver` rises by one with each write."""

    Meta = LedgerMeta
    ver = NumberAttribute()
    updated_at = Instant()
    due = UnicodeAttribute(null=True)
    by_due = DueIndex()


class VoucherItem(LedgerItem):
    """A voucher or one of its past uses; voucher_items.py writes and reads what they hold."""

    Meta = LedgerMeta


class OrderItem(LedgerItem):
    """The groups of which an order has a voucher; orders.py writes and reads it."""

    Meta = LedgerMeta


class ScanItem(LedgerItem):
    """An entry of a device, its chain, or what that says of a batch; scan_items.py writes them."""

    Meta = LedgerMeta


class CaseItem(LedgerItem):
    """A voucher that several doors accepted; cases.py writes and reads it."""

    Meta = LedgerMeta


class BatchItem(LedgerItem):
    """A batch of minted vouchers, or the number of the last one; mints.py writes and reads it."""

    Meta = LedgerMeta


class CounterItem(LedgerItem):
    """What is left of a limit; its condition alone decides."""

    Meta = LedgerMeta
    cap = NumberAttribute()
    left = NumberAttribute()
    epoch = NumberAttribute()
    overrun = NumberAttribute(null=True)
    adj = NumberAttribute(null=True)


class MovementItem(LedgerItem):
    """What was received, damaged or counted of a stock; never changed."""

    Meta = LedgerMeta
    offer = NumberAttribute()
    kind = UnicodeAttribute()
    number = NumberAttribute()
    change = NumberAttribute()
    expected = NumberAttribute(null=True)
    note = UnicodeAttribute(null=True)
    member = UnicodeAttribute()
    email = UnicodeAttribute()


class ChoiceItem(LedgerItem):
    """How the order of a voucher travels; grams are hundredths."""

    Meta = LedgerMeta
    camp = UnicodeAttribute()
    pop = UnicodeAttribute()
    offer = UnicodeAttribute()
    merch = UnicodeAttribute(null=True)
    option = UnicodeAttribute()
    coming_anyway = BooleanAttribute(null=True)
    cg = NumberAttribute()
    low_cg = NumberAttribute()
    high_cg = NumberAttribute()
    save_cg = NumberAttribute(null=True)
    save_low_cg = NumberAttribute(null=True)
    save_high_cg = NumberAttribute(null=True)
    trip_m = NumberAttribute(null=True)
    verdict = UnicodeAttribute(default="unknown")
    points = NumberAttribute()
    method = UnicodeAttribute()
    baseline = UnicodeAttribute()
    order = UnicodeAttribute(null=True)
    chosen_at = Instant()


class NoteItem(LedgerItem):
    """A holder's note to oneself, sealed; without its text once it was taken away."""

    Meta = LedgerMeta


class NewsItem(LedgerItem):
    """What a member did to a campaign, for the webhooks. `data` is JSON."""

    Meta = LedgerMeta
    camp = UnicodeAttribute()
    kind = UnicodeAttribute()
    data = UnicodeAttribute()


# --- insights ---------------------------------------------------------------------------------
class InsightsItem(Item):
    Meta = InsightsMeta


class UsedItem(InsightsItem):
    """Marks of vouchers that joined a stand's list of used ones; used.py writes and reads it."""

    Meta = InsightsMeta


class CheckpointItem(InsightsItem):
    """How far the projector came in one shard of the ledger's stream."""

    Meta = InsightsMeta
    sequence = UnicodeAttribute()


class HeadItem(InsightsItem):
    """Which generation of a campaign's figures a lane writes; `turn` rises with each change."""

    Meta = InsightsMeta
    live = NumberAttribute()
    building = NumberAttribute(null=True)
    switched_at = Instant(null=True)
    turn = NumberAttribute()


class CountedItem(InsightsItem):
    """Which version of a ledger item a generation has counted. `ttl` is in seconds."""

    Meta = InsightsMeta
    ver = NumberAttribute()
    ttl = NumberAttribute()


# --- access -----------------------------------------------------------------------------------
class AccessItem(Item):
    Meta = AccessMeta


class LiveItem(AccessItem):
    """Pauses and revocations of one campaign."""

    Meta = AccessMeta
    paused = BooleanAttribute(default=False)
    paused_popups = UnicodeSetAttribute(null=True)
    paused_offers = UnicodeSetAttribute(null=True)
    revoked = UnicodeSetAttribute(null=True)
    revoked_batches = NumberSetAttribute(null=True)
    revoked_ranges = UnicodeSetAttribute(null=True)
    withdrawn_keys = NumberSetAttribute(null=True)
    revoked_devices = UnicodeSetAttribute(null=True)


class SweepItem(AccessItem):
    """The last minute, counted since 1970, whose holds were ended."""

    Meta = AccessMeta
    minute = NumberAttribute()


class GiftItem(AccessItem):
    """A link by which a voucher is passed on, by its hash."""

    Meta = AccessMeta
    voucher = UnicodeAttribute()
    camp = UnicodeAttribute()
    until = Instant()
    reissue = BooleanAttribute()
    ttl = NumberAttribute()


class GuessItem(AccessItem):
    """How many wrong guesses somebody made in ten minutes; guesses.py writes and reads it."""

    Meta = AccessMeta


class EnrolmentItem(AccessItem):
    """A one-time code, by its hash. `ttl` is in seconds, for DynamoDB to delete by."""

    Meta = AccessMeta
    camp = UnicodeAttribute()
    pop = UnicodeAttribute()
    profile = UnicodeAttribute()
    expires_at = Instant()
    used_by = UnicodeAttribute(null=True)
    ttl = NumberAttribute()


class DeviceItem(AccessItem):
    Meta = AccessMeta
    camp = UnicodeAttribute()
    pop = UnicodeAttribute()
    profile = UnicodeAttribute()
    name = UnicodeAttribute()
    public_key = UnicodeAttribute()
    thumbprint = UnicodeAttribute()
    enrolled_at = Instant()


class SightingItem(AccessItem):
    """When a device was last heard of, and how many entries it had still to hand in."""

    Meta = AccessMeta
    seen = Instant()
    waiting = NumberAttribute(null=True)


class PinItem(AccessItem):
    """What is kept of a person's PIN at a stand: its hash."""

    Meta = AccessMeta
    name = UnicodeAttribute()
    hash = UnicodeAttribute()
    supervisor = BooleanAttribute()


class ShiftItem(AccessItem):
    """Who works with a device, and until when. `ttl` is in seconds."""

    Meta = AccessMeta
    name = UnicodeAttribute()
    ends_at = Instant()
    supervisor = BooleanAttribute()
    pin_hash = UnicodeAttribute(null=True)
    ttl = NumberAttribute()


class OnceItem(AccessItem):
    """A key of one caller: which request came with it, and its sealed answer."""

    Meta = AccessMeta
    fp = UnicodeAttribute()
    req = UnicodeAttribute()
    lease_until = Instant()
    expires_at = Instant()
    answer = BinaryAttribute(legacy_encoding=False, null=True)
    ttl = NumberAttribute()


class ApiKeyItem(AccessItem):
    """A key of a shop or program; its secret is kept as a hash."""

    Meta = AccessMeta
    secret_hash = UnicodeAttribute()
    role = UnicodeAttribute()
    camp = UnicodeAttribute()
    holder = UnicodeAttribute()
    name = UnicodeAttribute()
    created_at = Instant()
    expires_at = Instant()
    merchants = UnicodeSetAttribute(null=True)


class KeyHolderItem(AccessItem):
    """Which keys a shop or program has."""

    Meta = AccessMeta
    ids = UnicodeSetAttribute(null=True)


class MemberItem(AccessItem):
    """A person of the console. `mark` says in one text what the others hold."""

    Meta = AccessMeta
    email = UnicodeAttribute()
    role = UnicodeAttribute()
    campaigns = ListAttribute(of=UnicodeAttribute, null=True)
    merchants = ListAttribute(of=UnicodeAttribute)
    stands = ListAttribute(of=UnicodeAttribute)
    active = BooleanAttribute()
    mark = UnicodeAttribute()


class OwnersItem(AccessItem):
    """Who owns the organisation: never nobody."""

    Meta = AccessMeta
    ids = UnicodeSetAttribute(null=True)


class SessionItem(AccessItem):
    """A member's session in one browser, by the hash of its cookie. `ttl` is in seconds."""

    Meta = AccessMeta
    member = UnicodeAttribute()
    until = Instant()
    ttl = NumberAttribute()


class TrailItem(AccessItem):
    """A change that a member made. `facts` is what was and what is, as JSON."""

    Meta = AccessMeta
    at = Instant()
    member = UnicodeAttribute()
    email = UnicodeAttribute()
    action = UnicodeAttribute()
    subject = UnicodeAttribute()
    facts = UnicodeAttribute()


class HookItem(AccessItem):
    """A webhook; `last` is the number that its last event got. hooks.py writes and reads it."""

    Meta = AccessMeta
    url = UnicodeAttribute()
    kinds = UnicodeSetAttribute()
    secret = UnicodeAttribute()
    former = UnicodeAttribute(null=True)
    former_until = Instant(null=True)
    paused = BooleanAttribute()
    added_at = Instant()
    last = NumberAttribute()


class HookIdsItem(AccessItem):
    """Which webhooks a campaign has."""

    Meta = AccessMeta
    ids = UnicodeSetAttribute(null=True)


class NoticeItem(AccessItem):
    """An event for one webhook, and how it was told; `busy` says until when a try is under way.

    `ttl` is in seconds, `data` is JSON.
    """

    Meta = AccessMeta
    number = NumberAttribute()
    event = UnicodeAttribute()
    kind = UnicodeAttribute()
    at = Instant()
    data = UnicodeAttribute()
    st = UnicodeAttribute()
    tries = NumberAttribute()
    tried_at = Instant(null=True)
    busy = Instant(null=True)
    answer = UnicodeAttribute(null=True)
    ttl = NumberAttribute()


ONE_OF_EACH: tuple[type[Item], ...] = (CatalogItem, LedgerItem, InsightsItem, AccessItem)
ITEMS = (
    *(CatalogItem, DocumentItem, PartItem, PointerItem, PublishItem),
    *(ScheduleItem, ProposalItem),
    *(LedgerItem, VoucherItem, OrderItem, BatchItem, CounterItem, ChoiceItem, NoteItem, NewsItem),
    MovementItem,
    *(InsightsItem, CheckpointItem, HeadItem, CountedItem),
    *(AccessItem, LiveItem, SweepItem, GiftItem, GuessItem),
    *(EnrolmentItem, DeviceItem, SightingItem, PinItem, ShiftItem, OnceItem),
    *(ApiKeyItem, KeyHolderItem, MemberItem, OwnersItem, SessionItem, TrailItem),
    *(HookItem, HookIdsItem, NoticeItem),
)


def connect(settings: Settings) -> None:
    """Point all models at the tables of these settings; a laptop's engine takes any credentials."""
    if settings.engine_url:
        os.environ.setdefault("AWS_ACCESS_KEY_ID", "local")
        os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "local")
    for meta in METAS:
        meta.table_name = settings.table_prefix + meta.table
        meta.region = settings.region
        meta.host = settings.engine_url
    for item in ITEMS:
        item._connection = None  # noqa: SLF001 - PynamoDB has no other way to forget one
    client.cache_clear()


@cache
def client() -> Any:  # noqa: ANN401 - botocore makes its clients at run time
    """Return the client of every access, made at the first one after `connect`.

    PynamoDB's own has no door for these settings. Parameters are ours and need no second check;
    a fixed name saves writing the long one anew, twice a call; `wire.py` sends. Behind a proxy,
    which an operator's terminal may have, botocore's own session stays.
    """
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=_Meta.max_pool_connections,
        parameter_validation=False,
        user_agent=f"marquee botocore/{botocore.__version__}",
    )
    session = botocore.session.Session()
    made = session.create_client(
        "dynamodb", region_name=LedgerMeta.region, endpoint_url=LedgerMeta.host, config=config
    )
    if not get_environ_proxies(made.meta.endpoint_url):
        made._endpoint.http_session = Wire(  # noqa: SLF001 - botocore has no other way to set one
            certificates=session.get_config_variable("ca_bundle") or get_cert_path(verify=True),
            connect_seconds=CONNECT_SECONDS,
            read_seconds=READ_SECONDS,
            most_idle=_Meta.max_pool_connections,
        )
    return made


def names() -> tuple[str, ...]:
    """Return the names of the four tables."""
    return tuple(meta.table_name for meta in METAS)


def create_all() -> list[str]:
    """Create the tables that are missing and return their names."""
    made = []
    for model in ONE_OF_EACH:
        if not model.exists():
            model.create_table(wait=True)
            made.append(model.Meta.table_name)
    return made
