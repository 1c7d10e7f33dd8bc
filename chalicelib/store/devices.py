"""Enrolment codes and devices in the access table. AP-40 to AP-43, AP-49, AP-65, AP-126."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from chalicelib.domain.device import Device, Enrolment, Profile
from chalicelib.domain.reasons import Reason
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

_KEEP_AFTER = timedelta(days=1)  # TTL deletes late and never before; expiry is in the condition

_ENROL = (
    "used_by = :thumb OR "
    "attribute_exists(pk) AND attribute_not_exists(used_by) AND expires_at > :now"
)


def put_enrolment(enrolment: Enrolment) -> None:
    """AP-40: keep a one-time code, by its hash."""
    engine.put(
        tables.EnrolmentItem(
            *keys.enrolment(enrolment.code_hash),
            camp=enrolment.campaign_id,
            pop=enrolment.popup_id,
            profile=enrolment.profile,
            expires_at=enrolment.expires_at,
            ttl=int((enrolment.expires_at + _KEEP_AFTER).timestamp()),
        )
    )


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
    """AP-42: use up the code and make its device, both or neither; the same key may repeat it.

    Returns None when it is done, `enrolment_used` or `enrolment_expired`.
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
    stood = engine.transact([{"Update": use_code}, {"Put": put}], token)
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


def every() -> Iterator[Device]:
    """AP-126: yield all devices, for an operator; no request waits for it. Scans the table."""
    for page in engine.scan(tables.DeviceItem):
        yield from (_device(raw) for raw in page if keys.is_device(engine.key_of(raw)))


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
