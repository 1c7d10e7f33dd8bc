"""Enrolment codes and devices in the access table. AP-40 to AP-43, AP-49, AP-65, AP-150, AP-151."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from chalicelib.domain.device import SIGHTING_STEP, Device, Enrolment, Profile, Seen
from chalicelib.domain.member import Scope
from chalicelib.domain.reasons import Reason
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Action, Raw

_KEEP_AFTER = timedelta(days=1)  # TTL deletes late and never before; expiry is in the condition

_ENROL = (
    "used_by = :thumb OR "
    "attribute_exists(pk) AND attribute_not_exists(used_by) AND expires_at > :now"
)


def put_enrolment(enrolment: Enrolment, *, note: Action | None = None) -> None:
    """AP-40: keep a one-time code, by its hash. With an entry of the trail both or neither."""
    put = engine.put_action(
        tables.EnrolmentItem(
            *keys.enrolment(enrolment.code_hash),
            camp=enrolment.campaign_id,
            pop=enrolment.popup_id,
            profile=enrolment.profile,
            expires_at=enrolment.expires_at,
            ttl=int((enrolment.expires_at + _KEEP_AFTER).timestamp()),
        )
    )
    if note is None:
        engine.put_as(put)
    else:
        engine.transact([{"Put": put}, note], enrolment.code_hash[:36])


def enrolment(code_hash: str) -> Enrolment | None:
    """AP-41: return what a code is for, or None. Cost: 1 RCU."""
    raw = engine.get(tables.EnrolmentItem, keys.enrolment(code_hash))
    if raw is None:
        return None
    item = tables.EnrolmentItem.from_raw_data(dict(raw))
    return Enrolment(
        code_hash=code_hash,
        campaign_id=item.camp,
        popup_id=item.pop,
        profile=Profile(item.profile),
        expires_at=item.expires_at,
    )


def enrol(enrolment: Enrolment, device: Device, public_key: str, *, token: str) -> Reason | None:
    """AP-42: use up the code, make its device and list it at its stand, all or nothing.

    The same key may repeat it. Returns None when it is done, `enrolment_used` or
    `enrolment_expired`. Cost: 6 WCU.
    """
    values = {
        ":thumb": engine.text(device.thumbprint),
        ":now": engine.number(tables.milliseconds(device.enrolled_at)),
    }
    use_code = {
        **engine.at(tables.EnrolmentItem, keys.enrolment(enrolment.code_hash)),
        "UpdateExpression": "SET used_by = :thumb",
        "ConditionExpression": _ENROL,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    put = engine.put_action(
        _item(device, public_key),
        "attribute_not_exists(pk) OR thumbprint = :thumb",
        {":thumb": engine.text(device.thumbprint)},
    )
    listed = engine.put_action(
        tables.SightingItem(
            *keys.sighting(device.campaign_id, device.popup_id, device.device_id),
            seen=device.enrolled_at,
        )
    )
    stood = engine.transact([{"Update": use_code}, {"Put": put}, {"Put": listed}], token)
    if stood is None:
        return None
    code = stood[0].item if stood[0] else None
    return Reason.ENROLMENT_EXPIRED if code and "used_by" not in code else Reason.ENROLMENT_USED


def get(device_id: str) -> Device | None:
    """AP-43: return a device, or None. Cost: 1 RCU."""
    raw = engine.get(tables.DeviceItem, keys.device(device_id))
    if raw is None:
        return None
    return _device(raw)


def saw(
    campaign_id: str, popup_id: str, device_id: str, *, at: datetime, waiting: int | None
) -> None:
    """AP-150: keep that a device was heard of, unless it is known to have been in this minute.

    What waits is kept at once where it was not known. A report that comes late never takes the
    place of a newer one. A device that no list knew yet joins that of its stand. Cost: 1 WCU,
    whether it is kept or not.
    """
    item = tables.SightingItem(
        *keys.sighting(campaign_id, popup_id, device_id), seen=at, waiting=waiting
    )
    condition = "attribute_not_exists(pk) OR seen <= :before"
    values: dict[str, dict[str, str]] = {":before": engine.instant(at - SIGHTING_STEP)}
    if waiting is not None:
        condition += " OR attribute_not_exists(waiting) AND seen <= :at"
        values[":at"] = engine.instant(at)
    engine.put(item, condition, values)


def at(scope: Scope, popup_ids: frozenset[str] | None = None) -> list[Seen]:
    """AP-151: return the devices of these stands, or of all that the scope reaches.

    By stand, the last enrolled first. Cost: 1 RCU for some 40 devices of the campaign, and 1 RCU
    for each that is returned, in one request for 100.
    """
    rows = engine.query(tables.SightingItem, keys.sightings(scope.area))
    sightings = {keys.seen_in(raw["sk"]["S"]): raw for raw in rows}
    theirs = {
        device_id: raw
        for (popup_id, device_id), raw in sightings.items()
        if scope.reaches(popup_id) and (popup_ids is None or popup_id in popup_ids)
    }
    found = engine.get_many(tables.DeviceItem, map(keys.device, theirs))
    seen = [_seen(_device(raw), theirs) for raw in found]
    newest = sorted(seen, key=lambda one: one.device.enrolled_at, reverse=True)
    return sorted(newest, key=lambda one: one.device.popup_id)


def _seen(device: Device, sightings: Mapping[str, Raw]) -> Seen:
    raw = sightings[device.device_id]
    waiting = int(raw["waiting"]["N"]) if "waiting" in raw else None
    return Seen(device=device, last_seen=engine.read_instant(raw["seen"]), waiting=waiting)


def _device(raw: Raw) -> Device:
    item = tables.DeviceItem.from_raw_data(dict(raw))
    return Device(
        device_id=keys.device_id_of(engine.key_of(raw)),
        campaign_id=item.camp,
        popup_id=item.pop,
        profile=Profile(item.profile),
        name=item.name,
        thumbprint=item.thumbprint,
        enrolled_at=item.enrolled_at,
    )


def public_key(device_id: str) -> str | None:
    """AP-49: return the public key that a device enrolled with, a JWK, or None. Cost: 1 RCU."""
    raw = engine.get(tables.DeviceItem, keys.device(device_id))
    return str(raw["public_key"]["S"]) if raw else None


def names(device_ids: Iterable[str]) -> dict[str, str]:
    """AP-65: return the names of these devices, as far as they are any. Cost: 1 RCU each."""
    wheres = {keys.device(device_id): device_id for device_id in device_ids}
    found = engine.get_many(tables.DeviceItem, wheres)
    return {wheres[engine.key_of(raw)]: str(raw["name"]["S"]) for raw in found}


def _item(device: Device, public_key: str) -> tables.DeviceItem:
    return tables.DeviceItem(
        *keys.device(device.device_id),
        camp=device.campaign_id,
        pop=device.popup_id,
        profile=device.profile,
        name=device.name,
        public_key=public_key,
        thumbprint=device.thumbprint,
        enrolled_at=device.enrolled_at,
    )
