"""`manage.py key`: the API keys of shops, and of the marketing team's programs."""

import argparse
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain import api_key
from chalicelib.domain.api_key import ApiKey, Role
from chalicelib.domain.campaign import Campaign
from chalicelib.store import api_keys, campaigns
from chalicelib.usecases import admitting

Print = Callable[[str], None]


def run(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    """Do what was asked. Returns 0, or 1 with a sentence that says what to do."""
    return int({"add": _add, "list": _list, "revoke": _revoke}[asked.action](asked, now, out))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="make a key and show it once")
    add.add_argument("campaign_id")
    add.add_argument("--role", choices=list(Role), required=True)
    add.add_argument("--name", required=True, help="of the shop or program; the same for rotation")
    add.add_argument("--id", help="its short name; by default made of the name")
    add.add_argument("--merchant", action="append", default=[], help="whose vouchers it takes")
    add.add_argument("--days", type=int, default=api_key.LIFE.days, help="how long it is valid")
    actions.add_parser("list").add_argument("campaign_id")
    actions.add_parser("revoke").add_argument("key_id", help="what `key list` shows first")


def _add(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    pointer = campaigns.pointers().get(asked.campaign_id)
    if pointer is None:
        out(f"There is no published campaign {asked.campaign_id}.")
        return 1
    campaign = campaigns.revision(asked.campaign_id, pointer.revision)
    slug = asked.id or api_key.slug_of(asked.name)
    fault = _fault(asked, slug, campaign)
    if fault:
        out(fault)
        return 1
    applicant = admitting.Applicant(
        role=Role(asked.role),
        campaign_id=asked.campaign_id,
        holder_id=api_key.holder_id(campaign.number, slug),
        name=asked.name,
        at=now,
        expires_at=now + timedelta(days=asked.days),
        merchant_ids=frozenset(asked.merchant) or None,
    )
    entropy = secrets.token_bytes(admitting.ENTROPY_BYTES)
    admitted = admitting.admit(api_keys, applicant, entropy=entropy)
    if admitted is None:
        out(f"{applicant.holder_id} has two keys. `manage.py key list` shows them; revoke one.")
        return 1
    key, text = admitted
    out(_line(key))
    out(f"\n{text}\n\nKeep it now: it is shown this once and stored nowhere.")
    return 0


def _fault(asked: argparse.Namespace, slug: str, campaign: Campaign) -> str | None:
    """Say what is wrong with a wish, or None."""
    strangers = sorted(set(asked.merchant) - set(campaign.merchant))
    if strangers:
        known = ", ".join(sorted(campaign.merchant))
        return f"No merchant {', '.join(strangers)} here. There are: {known}."
    if not api_key.is_slug(slug):
        return "Give it an id of 2 to 32 of a-z, 0-9 and -, for example --id harbour-books"
    if not asked.name.isprintable():
        return 'Its name is one line of printable characters: --name "Harbour books"'
    if not 1 <= asked.days <= api_key.MOST_DAYS:
        return "A key is valid for 1 day to 10 years: --days 365"
    return None


def _list(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    found = sorted(api_keys.of_campaign(asked.campaign_id), key=lambda key: key.created_at)
    for key in found:
        out(_line(key))
    if not found:
        out(f"{asked.campaign_id} has no keys.")
    return 0


def _revoke(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    key = api_keys.get(asked.key_id)
    if key is None:
        out(f"There is no key {asked.key_id}. `manage.py key list` shows those of a campaign.")
        return 1
    api_keys.revoke(key, token=secrets.token_hex(16))
    out(f"{key.name} ({key.holder_id}): {key.key_id} opens nothing any more, within 5 seconds.")
    return 0


def _line(key: ApiKey) -> str:
    goods = f", for {' '.join(sorted(key.merchant_ids))}" if key.merchant_ids else ""
    until = f"{key.expires_at:%Y-%m-%d}"
    return f"{key.key_id}  {key.role}  {key.holder_id}  {key.name}{goods}, until {until}"
