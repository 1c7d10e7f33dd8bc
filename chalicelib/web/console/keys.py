"""Keys of a campaign: those of shops and programs, made and withdrawn; those that sign vouchers."""

from datetime import timedelta

from chalice import Response

from chalicelib.domain import api_key as rules
from chalicelib.domain.api_key import ApiKey, Role
from chalicelib.domain.errors import InvalidPayload, NotFound
from chalicelib.domain.live import Published
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sentence import Sentence, said
from chalicelib.store import api_keys
from chalicelib.store.noted import Noted
from chalicelib.usecases import admitting
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.once import Made, nonce, once
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

PAGE = "/console/c/{campaign_id}/keys"
_LONGEST_NAME = 60
_MOST_DIGITS = 4


def get_keys(here: Visit) -> Response:
    """Return the keys of a campaign; no page shows a secret again."""
    published = _published(here)
    found = api_keys.of_campaign(here.scope.area)
    return desk.show(
        "keys.html",
        here,
        campaign=published.campaign,
        keys=sorted(found, key=lambda key: (key.holder_id, key.created_at)),
        at=context.real_now(),
        roles=list(Role),
        days=rules.LIFE.days,
        signing=context.secrets.keys_of(published.campaign.number),
        withdrawn=published.live.withdrawn_keys,
        signs=_signs(published),
        nonce=nonce(),
    )


def post_key(here: Visit, form: Form) -> Response | Refusal:
    """Make a key and show it this once. Raises InvalidPayload."""
    published = _published(here)
    applicant = _applicant(published, form)
    after = {"role": str(applicant.role), "holder": applicant.holder_id, "name": applicant.name}
    after |= {"until": f"{applicant.expires_at:%Y-%m-%d}"}
    if applicant.merchant_ids:
        after["merchants"] = " ".join(sorted(applicant.merchant_ids))

    def work() -> Made:
        entropy = context.entropy(admitting.ENTROPY_BYTES)
        entry = desk.entry(here, "API key made", applicant.holder_id, after=after)
        admitted = admitting.admit(Noted(here.scope, entry), applicant, entropy=entropy)
        if admitted is None:
            told = said("{holder} has two keys; withdraw one first", holder=applicant.holder_id)
            raise InvalidPayload([("/name", told)])
        return {"key": admitted[1]}

    made = once(here, form, work)
    if isinstance(made, Refusal):
        return made
    return desk.show(
        "key.html", here, campaign=published.campaign, applicant=applicant, text=made["key"]
    )


def post_revocation(here: Visit, form: Form) -> Response:
    """Withdraw a shop's or a program's key; it opens nothing within 5 s. Raises NotFound."""
    key = _api_key(here, form.text("key_id"))
    before = {"role": str(key.role), "name": key.name}
    entry = desk.entry(here, "API key withdrawn", key.holder_id, before=before)
    Noted(here.scope, entry).withdraw(key, token=desk.request_id()[:36])
    return see_other(PAGE.format(campaign_id=here.scope.area))


def post_signing(here: Visit, form: Form) -> Response:
    """Withdraw a signing key: what it signed is refused within 5 s.

    The last key that may sign stays: without one nothing could be claimed any more. Raises
    NotFound, InvalidPayload.
    """
    published, text = _published(here), form.text("key_id")
    known = context.secrets.keys_of(published.campaign.number)
    key = next((one for one in known if str(one.key_id) == text), None)
    if key is None:
        raise NotFound(f"no key {text}")
    staying = [other for other in _signs(published) if other != key.key_id]
    entry = desk.entry(here, "signing key withdrawn", f"key {key.key_id}")
    if not staying or not Noted(here.scope, entry).withdraw_signing_key(key.key_id, staying):
        told = said(
            "no other key could sign; make one with “manage.py signing rotate {campaign}”, and "
            "withdraw this one ten minutes later",
            campaign=here.scope.area,
        )
        raise InvalidPayload([("/key_id", told)])
    context.catalog.forget()
    return see_other(PAGE.format(campaign_id=here.scope.area))


def _published(here: Visit) -> Published:
    return context.catalog.campaign(here.scope.area)


def _signs(published: Published) -> list[int]:
    """Return the ids of the keys that may sign a voucher now."""
    at, gone = context.now(), published.live.withdrawn_keys
    return [
        key.key_id
        for key in context.secrets.keys_of(published.campaign.number)
        if key.key_id not in gone and key.not_before <= at and key.life.vouches_for(at)
    ]


def _applicant(published: Published, form: Form) -> admitting.Applicant:
    """Return who is to get a key. Raises InvalidPayload with every fault of the form."""
    campaign, name = published.campaign, form.text("name").strip()
    slug = form.text("id").strip() or rules.slug_of(name)
    merchants, days = frozenset(form.text("merchants").split()), _days(form.text("days"))
    role = next((role for role in Role if role == form.text("role")), None)
    strange = " ".join(sorted(merchants - set(campaign.merchant)))
    faults: list[tuple[str, Sentence]] = []
    if role is None:
        faults.append(("/role", said("is none of {known}", known=", ".join(Role))))
    if not name.isprintable() or not 1 <= len(name) <= _LONGEST_NAME:
        faults.append(("/name", said("is one line of 1 to {most} characters", most=_LONGEST_NAME)))
    if not rules.is_slug(slug):
        faults.append(("/id", said("has 2 to 32 of a-z, 0-9 and -, for example harbour-books")))
    if strange:
        faults.append(("/merchants", said("this campaign has no {name}", name=strange)))
    if merchants and role is Role.MARKETER:  # which is of the whole campaign, whatever it says
        faults.append(("/merchants", said("is for shops alone; leave this empty")))
    if days is None:
        most = said("is a number from 1 to {most}", most=rules.MOST_DAYS)
        faults.append(("/days", most))
    if faults or role is None or days is None:
        raise InvalidPayload(faults)
    at = context.real_now()
    return admitting.Applicant(
        role=role,
        campaign_id=campaign.campaign_id,
        holder_id=rules.holder_id(campaign.number, slug),
        name=name,
        at=at,
        expires_at=at + timedelta(days=days),
        merchant_ids=merchants or None,
    )


def _days(text: str) -> int | None:
    known = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    days = int(text) if known else 0
    return days if 1 <= days <= rules.MOST_DAYS else None


def _api_key(here: Visit, key_id: str) -> ApiKey:
    """Return a key of the scope's campaign. Raises NotFound."""
    key = api_keys.get(key_id) if rules.is_key_id(key_id) else None
    if key is None or key.campaign_id != here.scope.area:
        raise NotFound(f"no key {key_id}")
    return key
