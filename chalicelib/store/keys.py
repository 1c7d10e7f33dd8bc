"""Every key of every table is made here and nowhere else.

Identifiers reach this module checked: none of them holds a `#`.
"""

from datetime import date
from typing import NamedTuple

from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.generation import Entry
from chalicelib.domain.guessing import Window
from chalicelib.domain.limits import LimitId

VOUCHER = "V"
CASES = "CASES"
CHOICE = "DELIVERY"
NOTE = "NOTE"
PAST_USE = "USE#"
COUNTER = "C"
DEVICE = "DEV"
FORK = "FORK"
GENERATIONS = "GENERATIONS"
HANDED = "BATCH"
MINT = "MINT"
NEWS = "NEWS"
MOVES = "MOVES"
ORDER = "ORDER"
HEADER = "HEADER"
HOOK = "HOOK"
SCAN = "SCAN"
USED = "USED"
TALLY = "TALLY"
TALLY_KINDS = {
    "": "",
    "HOUR#": "#HOURS",
    "DELIVERY#": "#DELIVERIES",
    "DAY#": "#DAYS",
}  # how a row begins
CHECKPOINT = "CHECKPOINT"
POINTERS = "POINTERS"
LIVES = "LIVES"
PHOTOS = "PHOTOS"
CLOSING = "closing."  # attributes of a live record: one a stand, so each is written by itself
MESSAGE = "message."
SCHEDULES = "SCHEDULES"
LANES = 8


class Key(NamedTuple):
    """A primary key: partition and sort part."""

    pk: str
    sk: str


def voucher(voucher_id: str) -> Key:
    return Key(f"V#{voucher_id}", VOUCHER)


def past_use(voucher_id: str, number: int) -> Key:
    return Key(f"V#{voucher_id}", f"{PAST_USE}{number}")


def past_uses(voucher_id: str) -> Key:
    """Return the partition and the prefix of all past uses."""
    return Key(f"V#{voucher_id}", PAST_USE)


def is_past_use(key: Key) -> bool:
    return key.sk.startswith(PAST_USE)


def unit(root: str) -> str:
    """Return the partition of everything about one unit that keys on its first voucher."""
    return voucher(root).pk


def entry(device_id: str, seq: int, root: str | None) -> Key:
    """Return the key of a device's entry: under its unit, or its device where none is known."""
    return Key(unit(root) if root else chain(device_id).pk, f"{SCAN}#{device_id}#{seq:010}")


def fork(device_id: str, seq: int, digest: str) -> Key:
    """Return the key of another content under a number that the chain knows."""
    return Key(chain(device_id).pk, f"{FORK}#{seq:010}#{digest}")


def is_fork(key: Key) -> bool:
    return key.sk.startswith(f"{FORK}#")


def is_entry(key: Key) -> bool:
    return key.sk.startswith(f"{SCAN}#")


def is_voucher(key: Key) -> bool:
    return key.sk == VOUCHER


def chain(device_id: str) -> Key:
    """Return the key of how far a device's entries are known; the ledger has it."""
    return Key(f"{DEVICE}#{device_id}", "CHAIN")


def handed(device_id: str, last_seq: int) -> Key:
    """Return the key of what the chain says of a batch, by the number of its last entry."""
    return Key(chain(device_id).pk, f"{HANDED}#{last_seq:010}")


def is_handed(key: Key) -> bool:
    return key.sk.startswith(f"{HANDED}#")


def case(campaign_id: str, root: str) -> Key:
    return Key(cases(campaign_id), root)


def cases(campaign_id: str) -> str:
    """Return the partition of all cases of a campaign."""
    return f"{CASES}#{campaign_id}"


def choice(voucher_id: str) -> Key:
    return Key(f"V#{voucher_id}", CHOICE)


def note(voucher_id: str) -> Key:
    return Key(f"V#{voucher_id}", NOTE)


def counter(counter_id: CounterId) -> Key:
    """Return a counter's key: a shard is in the partition key, a day in the sort key."""
    c = counter_id
    head = f"C#{c.kind}.{c.campaign_number}.{c.offer_number}.{c.popup_number}"
    if c.kind is CounterKind.DAY:
        return Key(head, c.part)
    return Key(f"{head}.{c.part}", COUNTER)


def read_counter(key: Key) -> CounterId:
    """Read a counter's key."""
    head = key.pk.partition("#")[2]
    return read_counter_text(head if key.sk == COUNTER else f"{head}.{key.sk}")


def days(campaign_number: int, limit: LimitId) -> str:
    """Return the partition of all day items of one offer at one stand."""
    return f"C#{CounterKind.DAY}.{campaign_number}.{limit.offer_number}.{limit.popup_number}"


def counter_text(counter_id: CounterId) -> str:
    """Return the name under which a use remembers a counter that it moved."""
    c = counter_id
    return f"{c.kind}.{c.campaign_number}.{c.offer_number}.{c.popup_number}.{c.part}"


def read_counter_text(text: str) -> CounterId:
    """Read such a name."""
    kind, campaign, offer, popup, part = text.split(".")
    return CounterId(CounterKind(kind), int(campaign), int(offer), int(popup), part)


def moves(campaign_number: int, popup_number: int) -> str:
    """Return the partition of what was moved of a stand's stocks; stand 0: of the campaign's."""
    return f"{MOVES}#{campaign_number}.{popup_number}"


def move(campaign_number: int, popup_number: int, nonce: str) -> Key:
    return Key(moves(campaign_number, popup_number), nonce)


def moved_stock(key: Key, offer_number: int) -> CounterId:
    """Return the first shard of the stock that a movement is about."""
    campaign, popup = key.pk.partition("#")[2].split(".")
    return CounterId(CounterKind.STOCK, int(campaign), offer_number, int(popup), "0")


def order(order: str) -> Key:
    """Return the key of a stand's or a shop's order: `<stand or shop>#<its reference>`."""
    return Key(f"{ORDER}#{order}", ORDER)


def batch(campaign_number: int, number: int) -> Key:
    """Return the key of a batch of minted vouchers."""
    return Key(f"{MINT}#{campaign_number}", f"{number:05}")


def last_batch() -> Key:
    """Return the key of the number that the last batch of all got."""
    return Key("MINTS", HEADER)


def voucher_id_of(pk: str) -> str:
    return pk.partition("#")[2]


def gift(gift_hash: str) -> Key:
    return Key(f"GIFT#{gift_hash}", HEADER)


def guesses(window: Window) -> Key:
    return Key(f"GUESS#{window.guess}#{window.who}", str(window.number))


def sweep() -> Key:
    return Key("SWEEP", HEADER)


def draft(campaign_id: str) -> Key:
    return Key(f"DRAFT#{campaign_id}", HEADER)


def revision(campaign_id: str, number: int) -> Key:
    return Key(f"REVISION#{campaign_id}", f"{number:08}")


def part(campaign_id: str, digest: str, index: int) -> Key:
    """Return the key of a piece of a document, named by its content: two writers cannot mix."""
    return Key(f"PARTS#{campaign_id}", f"{digest[:32]}#{index:03}")


def photo(digest: str) -> Key:
    return Key(PHOTOS, digest)


def photo_size(digest: str, name: str) -> Key:
    """Return the key of one size of a photo, which no campaign owns: revisions share it."""
    return Key(f"PHOTO#{digest}", name)


def pointer(campaign_id: str) -> Key:
    return Key(POINTERS, campaign_id)


def publish_record(campaign_id: str) -> Key:
    return Key(f"PUBLISH#{campaign_id}", HEADER)


def schedule(campaign_id: str) -> Key:
    return Key(SCHEDULES, campaign_id)


def proposals(campaign_id: str) -> str:
    """Return the partition of what merchants propose for a campaign."""
    return f"PROPOSALS#{campaign_id}"


def proposal(campaign_id: str, merchant_id: str) -> Key:
    return Key(proposals(campaign_id), merchant_id)


def live(campaign_id: str) -> Key:
    return Key(LIVES, campaign_id)


def device(device_id: str) -> Key:
    return Key(f"{DEVICE}#{device_id}", HEADER)


def device_id_of(key: Key) -> str:
    """Return the id in the key of a device."""
    return key.pk.partition("#")[2]


def sightings(campaign_id: str) -> str:
    """Return the partition that lists the devices of a campaign, stand by stand."""
    return f"DEVICES#{campaign_id}"


def sighting(campaign_id: str, popup_id: str, device_id: str) -> Key:
    return Key(sightings(campaign_id), f"{popup_id}#{device_id}")


def seen_in(sk: str) -> tuple[str, str]:
    """Return stand and device in the key of a sighting."""
    popup_id, _, device_id = sk.partition("#")
    return popup_id, device_id


def shift(device_id: str) -> Key:
    """Return the key of who works with a device."""
    return Key(device(device_id).pk, "SHIFT")


def pin(popup_id: str, folded_name: str) -> Key:
    """Return the key of somebody's PIN at a stand."""
    return Key(f"PIN#{popup_id}", folded_name)


def enrolment(code_hash: str) -> Key:
    return Key(f"ENROL#{code_hash}", HEADER)


def once(record_id: str) -> Key:
    return Key(f"ONCE#{record_id}", HEADER)


def api_key(key_id: str) -> Key:
    return Key(f"KEY#{key_id}", HEADER)


def api_key_id_of(pk: str) -> str:
    return pk.partition("#")[2]


def key_holder(campaign_id: str, role: str, holder_id: str) -> Key:
    """Return the key of a shop or program that has API keys."""
    return Key(key_holders(campaign_id), f"{role}#{holder_id}")


def key_holders(campaign_id: str) -> str:
    """Return the partition of all holders of a campaign."""
    return f"KEYS#{campaign_id}"


def drafts(area: str) -> str:
    """Return the partition of the organisation that lists the campaigns begun in the console."""
    return f"{area}#DRAFTS"


def draft_listed(campaign_id: str) -> Key:
    return Key(drafts("*"), campaign_id)


def members(area: str) -> str:
    """Return the partition of everybody who works in the console."""
    return f"{area}#MEMBERS"


def member(area: str, member_id: str) -> Key:
    return Key(members(area), member_id)


def owners(area: str) -> Key:
    """Return the key of the set of owners, which never gets empty."""
    return Key(f"{area}#OWNERS", HEADER)


def session(session_hash: str) -> Key:
    return Key(f"SESSION#{session_hash}", HEADER)


def trail(area: str) -> str:
    """Return the partition of an area's audit trail."""
    return f"{area}#TRAIL"


def trail_entry(area: str, milliseconds: int, name: str) -> Key:
    return Key(trail(area), f"{milliseconds:014}#{name}")


def trail_from(milliseconds: int) -> str:
    """Return the place before all entries of an instant."""
    return f"{milliseconds:014}"


def request_of(sk: str) -> str:
    """Return the id of the request that made an entry."""
    return sk.partition("#")[2].rpartition(".")[0]


def news(campaign_id: str, event_id: str) -> Key:
    """Return the key of what a member did to a campaign; the ledger has it, for its stream."""
    return Key(f"{NEWS}#{campaign_id}", event_id)


def is_news(key: Key) -> bool:
    return key.pk.startswith(f"{NEWS}#")


def hooks(area: str) -> str:
    """Return the partition of an area's webhooks."""
    return f"{area}#HOOKS"


def hook(area: str, hook_id: str) -> Key:
    return Key(hooks(area), f"{HOOK}#{hook_id}")


def hook_ids(area: str) -> Key:
    """Return the key of the set of an area's webhooks, which bounds their number."""
    return Key(hooks(area), HEADER)


def hook_id_of(key: Key) -> str:
    return key.sk.partition("#")[2]


def notices(area: str, hook_id: str) -> str:
    """Return the partition of what a webhook is told."""
    return f"{area}#{HOOK}#{hook_id}"


def notice(area: str, hook_id: str, place: str) -> Key:
    return Key(notices(area, hook_id), place)


def notice_place(milliseconds: int, event_id: str) -> str:
    """Return the place of a notice: they lie as the events happened."""
    return f"{milliseconds:014}#{event_id}"


def tally_row(campaign_id: str, generation: int, lane: int, row: str) -> Key:
    """Return the key of a row of figures; some kinds have partitions of their own."""
    kind = next(
        (name for begins, name in TALLY_KINDS.items() if begins and row.startswith(begins)), ""
    )
    return Key(f"{TALLY}#{campaign_id}#{generation}.{lane}{kind}", row)


def days_of(popup_id: str) -> str:
    """Return how the rows of a stand's days begin."""
    return f"DAY#{popup_id}#"


def hours_of(popup_id: str, day: date) -> str:
    """Return how the rows of a stand's local day begin."""
    return f"HOUR#{popup_id}#{day:%Y-%m-%d}T"


def used(campaign_id: str, generation: int, popup_id: str) -> str:
    """Return the partition of a stand's list of used vouchers."""
    return f"{USED}#{campaign_id}#{generation}#{popup_id}"


def used_part(milliseconds: int, lane: int, sequence: str) -> str:
    """Return the place of a part of such a list: parts lie as they were written."""
    return f"{milliseconds:015}:{lane}:{sequence}"


def used_since(milliseconds: int) -> str:
    """Return the place before all parts that are written from an instant on."""
    return f"{milliseconds:015}"


def head(campaign_id: str, lane: int) -> Key:
    """Return the key of what a lane says of a campaign's generations."""
    return Key(f"{GENERATIONS}#{campaign_id}", str(lane))


def counted(entry: Entry) -> Key:
    """Return the key under which a generation remembers the version it has counted of an item."""
    return Key(f"COUNTED#{entry.campaign_id}#{entry.generation}#{entry.item}", HEADER)


def checkpoint(shard_id: str) -> Key:
    return Key(f"{CHECKPOINT}#{shard_id}", HEADER)


def nothing() -> Key:
    """Return a key that no item has: reading it shows that the table answers."""
    return Key("HEALTH", HEADER)
