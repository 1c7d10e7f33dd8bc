"""Drafts, revisions, pointers, the live record. Access patterns AP-20 to AP-29, AP-44."""

import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import msgspec

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import NotFound
from chalicelib.domain.live import Closing, Live, Message
from chalicelib.domain.pointer import Pointer, PublishRecord
from chalicelib.domain.trail import Entry
from chalicelib.store import engine, keys, news, tables, trails
from chalicelib.store.engine import Raw, Stands

_CAMPAIGN = msgspec.json.Decoder(Campaign)
_ENTRY = msgspec.json.Decoder(Entry)
_PART_BYTES = 350_000
_LATER = {"address", "branding", "photo"}  # fields that the first documents lack
_ABSENT = "attribute_not_exists(pk)"


def save_draft(campaign: Campaign, *, over: int, now: datetime) -> int | None:
    """AP-20: save a draft over version `over` (0: none yet). Returns the new version.

    Returns None where someone saved meanwhile.
    """
    stands = _put(*draft_action(campaign, over=over, now=now))
    return None if stands else over + 1


def draft_action(
    campaign: Campaign, *, over: int, now: datetime
) -> tuple[tables.DocumentItem, str, Raw | None]:
    """Put a draft's parts; return its header and the condition under which it is written."""
    body = _pack(campaign)
    _put_parts(campaign.campaign_id, body)
    item = _document(keys.draft(campaign.campaign_id), over + 1, body, now)
    values = {":over": engine.number(over)} if over else None
    return item, "version = :over" if over else _ABSENT, values


def draft(campaign_id: str) -> tuple[Campaign, int] | None:
    """AP-21: return the draft and its version, or None."""
    found = draft_named(campaign_id)
    return found and found[:2]


def draft_named(campaign_id: str) -> tuple[Campaign, int, str] | None:
    """Return the same with the document's digest."""
    raw = engine.get(tables.DocumentItem, keys.draft(campaign_id))
    return _named(campaign_id, raw) if raw else None


def freeze(campaign: Campaign, *, now: datetime) -> int:
    """AP-22: store a campaign as its next revision: parts first, then the header.

    Returns the revision's number. The same document as the newest revision is not stored twice.
    """
    body, newest = _pack(campaign), _newest(campaign.campaign_id)
    if newest and newest["digest"]["S"] == _digest(body):
        return int(newest["version"]["N"])
    number = int(newest["version"]["N"]) + 1 if newest else 1
    _put_parts(campaign.campaign_id, body)
    key = keys.revision(campaign.campaign_id, number)
    stands = _put(_document(key, number, body, now), _ABSENT)
    return freeze(campaign, now=now) if stands else number


def revision(campaign_id: str, number: int) -> Campaign:
    """AP-23: return a frozen revision. Raises NotFound."""
    return revision_named(campaign_id, number)[0]


def revision_named(campaign_id: str, number: int) -> tuple[Campaign, int, str]:
    """Return the same with its number and its digest."""
    raw = engine.get(tables.DocumentItem, keys.revision(campaign_id, number))
    if raw is None:
        raise NotFound(f"campaign {campaign_id} has no revision {number}")
    return _named(campaign_id, raw)


def revisions(campaign_id: str) -> dict[int, datetime]:
    """AP-24: return all revisions by number, oldest first, with when each was frozen."""
    rows = engine.query(tables.DocumentItem, keys.revision(campaign_id, 0).pk)
    return {int(raw["version"]["N"]): engine.read_instant(raw["saved_at"]) for raw in rows}


def pointers() -> dict[str, Pointer]:
    """AP-25: return the pointer of every campaign of this installation. Cost: 1 query."""
    rows = engine.query(tables.PointerItem, keys.POINTERS)
    return {
        raw["sk"]["S"]: Pointer(int(raw["revision"]["N"]), int(raw["epoch"]["N"])) for raw in rows
    }


def move_pointer(campaign_id: str, goal: Pointer) -> bool:
    """AP-26: make a revision live. Returns False where a later epoch is live already."""
    item = tables.PointerItem(*keys.pointer(campaign_id), revision=goal.revision, epoch=goal.epoch)
    values = {":epoch": engine.number(goal.epoch)}
    return engine.put(item, _ABSENT + " OR epoch < :epoch", values) is None


def open_publish(
    campaign_id: str,
    goal: Pointer,
    *,
    now: datetime,
    before: int | None = None,
    over: Pointer | None = None,
    entry: Entry | None = None,
) -> PublishRecord | None:
    """AP-27: begin a publish after the revision `before`, in place of the open one `over` if any.

    `entry` is what its end leaves in the trail. Returns None, or the record of one that is under
    way or later.
    """
    item, condition, values = publish_action(campaign_id, goal, now=now, before=before, over=over)
    item.entry = msgspec.json.encode(entry).decode() if entry else None
    stands = _put(item, condition, values)
    return _record_of(stands.item) if stands and stands.item else None


def publish_action(
    campaign_id: str, goal: Pointer, *, now: datetime, before: int | None, over: Pointer | None
) -> tuple[tables.PublishItem, str, Raw]:
    """Return the record that begins a publish, and the condition under which it is written."""
    item = _record(campaign_id, goal, now, done=False)
    item.before = before
    values: Raw = {":done": {"BOOL": over is None}, ":epoch": engine.number(goal.epoch)}
    condition = "done = :done AND epoch < :epoch"
    if over is None:
        condition = f"{_ABSENT} OR {condition}"
    else:
        condition += " AND epoch = :over"
        values = {**values, ":over": engine.number(over.epoch)}
    return item, condition, values


def close_publish(
    campaign_id: str, goal: Pointer, *, now: datetime, entry: Entry | None = None
) -> None:
    """AP-27, its end: mark a publish as done, if it is still this one, and leave its entry.

    All or nothing, with the event for webhooks; done again, the same entry takes its own place.
    Cost: 1 WCU, with an entry 6.
    """
    record = _record(campaign_id, goal, now, done=True)
    put = engine.put_action(record, "epoch = :epoch", {":epoch": engine.number(goal.epoch)})
    if entry is None:
        engine.put_as(put)
    else:
        said = news.left(entry, revision=goal.revision, epoch=goal.epoch)
        engine.transact([{"Put": put}, trails.left(entry), said], uuid4().hex)


def publish_record(campaign_id: str) -> PublishRecord | None:
    """AP-29: return the last publish that was begun, or None. Cost: 1 RCU."""
    raw = engine.get(tables.PublishItem, keys.publish_record(campaign_id))
    return _record_of(raw) if raw else None


def lives() -> dict[str, Live]:
    """AP-28: return the live record of every campaign that has one. Cost: 1 query."""
    rows = engine.query(tables.LiveItem, keys.LIVES)
    return {raw["sk"]["S"]: _live(raw) for raw in rows}


def pause(campaign_id: str, *, paused: bool, entry: Entry | None = None) -> None:
    """AP-44: pause or resume a whole campaign, within 5 s everywhere.

    With an entry of the trail and its event, all or nothing. Cost: 2 WCU a KB, 4 more with them.
    """
    update: dict[str, object] = {
        **engine.at(tables.LiveItem, keys.live(campaign_id)),
        "UpdateExpression": "SET paused = :paused",
        "ExpressionAttributeValues": {":paused": {"BOOL": paused}},
    }
    told = [trails.left(entry), news.left(entry)] if entry else []
    engine.transact([{"Update": update}, *told], uuid4().hex)


def range_text(batch_range: tuple[int, int, int]) -> str:
    """Write a range of minted vouchers as the live record has it: batch, first, last serial."""
    return "{}:{}-{}".format(*batch_range)


def _range(text: str) -> tuple[int, int, int]:
    batch, _, serials = text.partition(":")
    first, _, last = serials.partition("-")
    return int(batch), int(first), int(last)


def _live(raw: Raw) -> Live:
    item = tables.LiveItem.from_raw_data(dict(raw))
    return Live(
        paused=bool(item.paused),
        paused_popups=frozenset(item.paused_popups or ()),
        paused_offers=frozenset(item.paused_offers or ()),
        closings={name: _closing(facts) for name, facts in _named_so(raw, keys.CLOSING)},
        messages={name: _message(facts) for name, facts in _named_so(raw, keys.MESSAGE)},
        revoked=frozenset(item.revoked or ()),
        revoked_batches=frozenset(int(batch) for batch in item.revoked_batches or ()),
        revoked_ranges=frozenset(_range(text) for text in item.revoked_ranges or ()),
        withdrawn_keys=frozenset(int(key) for key in item.withdrawn_keys or ()),
        revoked_devices=frozenset(item.revoked_devices or ()),
    )


def _named_so(raw: Raw, prefix: str) -> Iterator[tuple[str, Raw]]:
    """Yield what attributes hold that are named by a stand after the prefix."""
    for name, value in raw.items():
        if name.startswith(prefix):
            yield name.removeprefix(prefix), value["M"]


def _closing(facts: Raw) -> Closing:
    return Closing(engine.read_instant(facts["at"]), engine.read_instant(facts["until"]))


def _message(facts: Raw) -> Message:
    until = engine.read_instant(facts["until"]) if "until" in facts else None
    return Message(facts["text"]["S"], until)


def _record(campaign_id: str, goal: Pointer, now: datetime, *, done: bool) -> tables.PublishItem:
    return tables.PublishItem(
        *keys.publish_record(campaign_id),
        revision=goal.revision,
        epoch=goal.epoch,
        done=done,
        at=now,
    )


def _record_of(raw: Raw) -> PublishRecord:
    before = int(raw["before"]["N"]) if "before" in raw else None
    entry = _ENTRY.decode(raw["entry"]["S"]) if "entry" in raw else None
    return PublishRecord(
        int(raw["revision"]["N"]), int(raw["epoch"]["N"]), bool(raw["done"]["BOOL"]), before, entry
    )


def _newest(campaign_id: str) -> Raw | None:
    headers = list(engine.query(tables.DocumentItem, keys.revision(campaign_id, 0).pk))
    return headers[-1] if headers else None


def _document(key: keys.Key, version: int, body: bytes, now: datetime) -> tables.DocumentItem:
    parts = len(list(_parts(body)))
    return tables.DocumentItem(
        *key, version=version, parts=parts, digest=_digest(body), saved_at=now
    )


def _put(
    item: tables.DocumentItem | tables.PublishItem, condition: str, values: Raw | None = None
) -> Stands | None:
    """Put a marked item. Returns what stands in the way, which is never this write repeated."""
    stands = engine.put(item, condition, values)
    found = stands.item if stands else None
    return None if found and found.get("mark") == engine.text(item.mark) else stands


def _put_parts(campaign_id: str, body: bytes) -> None:
    for index, part in enumerate(_parts(body)):
        key = keys.part(campaign_id, _digest(body), index)
        engine.put(tables.PartItem(*key, body=part))


def _read(campaign_id: str, header: Raw) -> Campaign:
    found = document(campaign_id, header["digest"]["S"])
    if found is None:
        raise NotFound("a stored document does not match its hash")
    return found


def _named(campaign_id: str, header: Raw) -> tuple[Campaign, int, str]:
    return _read(campaign_id, header), int(header["version"]["N"]), header["digest"]["S"]


def _body(campaign_id: str, digest: str) -> bytes:
    first = keys.part(campaign_id, digest, 0)
    parts = engine.query(tables.PartItem, first.pk, first.sk.partition("#")[0])
    return b"".join(part["body"]["B"] for part in parts)


def put_document(campaign: Campaign) -> str:
    """Keep a document by its content alone; return its digest."""
    body = _pack(campaign)
    _put_parts(campaign.campaign_id, body)
    return _digest(body)


def digest_of(campaign: Campaign) -> str:
    """Return the name of a document by its content."""
    return _digest(_pack(campaign))


def document(campaign_id: str, digest: str) -> Campaign | None:
    """Return a document by its digest, or None where it is not whole."""
    body = _body(campaign_id, digest)
    return _unpack(body) if _digest(body) == digest else None


def _pack(campaign: Campaign) -> bytes:
    """Return a document as bytes, the same ones for the same content, whoever ordered its texts.

    An address, a photo or a look is left out where there is none: what was stored before there
    were any keeps its digest.
    """
    document = msgspec.to_builtins(campaign, order="deterministic")
    for part in [document, *document["popups"], *document["merchants"]]:
        for name in _LATER & part.keys():
            if not part[name]:
                del part[name]
    return zlib.compress(msgspec.json.encode(document), 9)


def _unpack(body: bytes) -> Campaign:
    return _CAMPAIGN.decode(zlib.decompress(body))


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _parts(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _PART_BYTES):
        yield body[start : start + _PART_BYTES]
