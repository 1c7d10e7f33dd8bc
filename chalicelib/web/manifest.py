"""What a device needs to go on when the network goes."""

import base64

from chalice import Response

from chalicelib.domain import device as rules
from chalicelib.domain import offline
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.device import DeviceToken
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.live import Live, Published
from chalicelib.domain.merchant import text_in
from chalicelib.domain.offer import Offer
from chalicelib.domain.offline import Allowance
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.training import TRAINING_KEY
from chalicelib.store import devices, used
from chalicelib.web import offline_answers as answers
from chalicelib.web import session, sightings
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.devices import fresh_token
from chalicelib.web.vouchers import benefit_document

api = Routes(__name__)


@api.route("/api/v1/devices/self/manifest", methods=["GET"])
def get_manifest() -> Response | Refusal:
    """Return the rules of the device's stand, what is withdrawn and used, and a fresh token."""
    device = session.device(api)
    if isinstance(device, Refusal):
        return device
    known = devices.get(device.device_id)
    if known is None:
        raise NotSignedIn
    published, popup = context.catalog.popup(device.popup_id)
    sightings.note(device, published, waiting=rules.waiting_of(api.query("waiting")))
    token, expires_at = fresh_token(device.device_id, device.popup_id, device.profile)
    now, live = context.now(), published.live
    closed_until = live.closed_until(popup.popup_id, now)
    has_it = api.query("revision") == f"{published.revision}.{published.epoch}"
    return answer(
        answers.Manifest(
            server_time=rfc3339(now),
            issued_at=rfc3339(now),
            not_after=rfc3339(now + offline.FRESH),
            grace_until=rfc3339(now + offline.FRESH + offline.GRACE),
            device=_self(device, known.name, published.campaign),
            device_token=token,
            expires_at=expires_at,
            revision=published.revision,
            epoch=published.epoch,
            paused=live.pauses(popup),
            closed_until=rfc3339(closed_until) if closed_until else None,
            messages=live.messages_at(popup.popup_id, now),
            paused_offers=sorted(live.paused_offers),
            campaign=None if has_it else _rules(published.campaign, popup),
            keys=_keys(published),
            revoked=_revoked(live),
            used=_used(published.campaign.campaign_id, popup),
            allowance=_allowance(popup),
        )
    )


def allowance_of(popup: Popup) -> Allowance:
    """Return how much a device of this stand may accept before it hands it in."""
    return Allowance(uses=popup.offline_uses, value_minor=popup.offline_value_minor)


def _self(device: DeviceToken, name: str, campaign: Campaign) -> answers.Self:
    return answers.Self(
        device_id=device.device_id,
        name=name,
        profile=device.profile,
        popup_id=device.popup_id,
        campaign_id=campaign.campaign_id,
    )


def _rules(campaign: Campaign, popup: Popup) -> answers.Rules:
    hours = [answers.Hours(opens=s.opens, closes=s.closes, days=s.days) for s in popup.hours]
    return answers.Rules(
        campaign_id=campaign.campaign_id,
        number=campaign.number,
        starts_at=rfc3339(campaign.usable_from(popup)),
        ends_at=rfc3339(campaign.usable_until(popup)),
        popup=answers.Stand(
            popup_id=popup.popup_id,
            number=popup.number,
            time_zone=popup.time_zone,
            city=popup.city,
            country=popup.country,
            currency=popup.currency,
            hours=hours,
        ),
        popups=[
            answers.Place(popup_id=p.popup_id, number=p.number, city=p.city, country=p.country)
            for p in campaign.popups
        ],
        offers=[_promise(campaign, popup, offer) for offer in campaign.offers],
    )


def _promise(campaign: Campaign, popup: Popup, offer: Offer) -> answers.Promise:
    return answers.Promise(
        offer_id=offer.offer_id,
        number=offer.number,
        title=text_in(offer.title, popup.language),
        merchant_id=offer.merchant_id,
        popup_numbers=[p.number for p in campaign.popups if offer.runs_at(p.popup_id)],
        channels=offer.channels,
        usable_at=offer.usable_at,
        usable_from=rfc3339(campaign.usable_from(popup, offer)),
        usable_until=rfc3339(campaign.usable_until(popup, offer)),
        offline=offer.works_offline,
        needs_order_total=offer.needs_order_total,
        benefit=benefit_document(offer.benefit),
        group=offer.group,
        presence_required=offer.presence_required,
    )


def _keys(published: Published) -> list[answers.PublicKey]:
    """Return the public keys of a campaign, the newest first, then that of its training."""
    number = published.campaign.number
    return [
        answers.PublicKey(
            key_id=key.key_id,
            x=base64.urlsafe_b64encode(bytes(key.public)).decode().rstrip("="),
            not_before=rfc3339(key.not_before),
            not_after=rfc3339(key.not_after) if key.not_after else None,
            withdrawn=key.key_id in published.live.withdrawn_keys,
            training=key.key_id == TRAINING_KEY,
        )
        for key in (*context.secrets.keys_of(number), context.secrets.training_key(number))
    ]


def _revoked(live: Live) -> answers.Revoked:
    ranges = sorted(live.revoked_ranges)
    return answers.Revoked(
        vouchers=sorted(live.revoked),
        batches=sorted(live.revoked_batches),
        ranges=[f"{batch}:{first}-{last}" for batch, first, last in ranges],
    )


def _used(campaign_id: str, popup: Popup) -> answers.Used:
    delta = used.delta(campaign_id, popup.popup_id, api.query("used"))
    return answers.Used(
        cursor=delta.cursor,
        more=delta.more,
        reset=delta.reset,
        prefixes=base64.b64encode(delta.marks).decode(),
    )


def _allowance(popup: Popup) -> answers.Allowance:
    """Return the allowance; what is scanned after everything was handed in has all of it."""
    allowed = allowance_of(popup)
    return answers.Allowance(
        uses=allowed.uses,
        value_minor=allowed.value_minor,
        currency=popup.currency,
        left_uses=allowed.uses,
        left_value_minor=allowed.value_minor,
    )
