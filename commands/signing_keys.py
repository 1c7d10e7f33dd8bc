"""`manage.py signing`: the keys that sign vouchers, by campaign: listed, rotated, withdrawn."""

import argparse
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_bytes

from chalicelib import signing
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import NotFound
from chalicelib.signing import SigningKey
from chalicelib.store import campaigns, revocations

Print = Callable[[str], None]
LEAD = timedelta(minutes=10)  # longer than a process keeps the secrets that it has read


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = command.add_subparsers(dest="action", required=True)
    for name, text in (
        ("list", "show the keys of a campaign"),
        ("rotate", "make a key that signs from ten minutes on; older ones retire then"),
        ("withdraw", "refuse everything that a key signed, within 5 seconds"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("campaign_id")
        if name == "withdraw":
            action.add_argument("key_id", type=int, help="what `signing list` shows first")


def run(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    """Do what was asked. Returns 0, or 1 with a sentence that says what to do."""
    pointer = campaigns.pointers().get(asked.campaign_id)
    if pointer is None:
        raise NotFound(f"there is no published campaign {asked.campaign_id}")
    campaign = campaigns.revision(asked.campaign_id, pointer.revision)
    return {"list": _list, "rotate": _rotate, "withdraw": _withdraw}[asked.action](
        asked, campaign, now, out
    )


def _list(asked: argparse.Namespace, campaign: Campaign, _: datetime, out: Print) -> int:
    withdrawn = _withdrawn(campaign)
    for key in signing.fetch_secrets(asked.settings).keys_of(campaign.number):
        out(_line(key, withdrawn=key.key_id in withdrawn))
    return 0


def _rotate(asked: argparse.Namespace, campaign: Campaign, now: datetime, out: Print) -> int:
    key = _add(asked, campaign, now + LEAD)
    out(f"{_line(key)}; vouchers that are out stay valid")
    return 0


def _withdraw(asked: argparse.Namespace, campaign: Campaign, now: datetime, out: Print) -> int:
    keys = signing.fetch_secrets(asked.settings).keys_of(campaign.number)
    named = next((key for key in keys if key.key_id == asked.key_id), None)
    if named is None:
        out(f"{asked.campaign_id} has no key {asked.key_id}; `signing list` shows them.")
        return 1
    gone = _withdrawn(campaign) | {named.key_id}
    if not any(key.key_id not in gone and key.not_before <= now for key in keys):
        out(f"{_line(_add(asked, campaign, now))}; the others sign nothing any more")
    revocations.withdraw_key(asked.campaign_id, named.key_id)
    out(f"key {named.key_id} is withdrawn; holders get a fresh code on their voucher's page")
    return 0


def _add(asked: argparse.Namespace, campaign: Campaign, not_before: datetime) -> SigningKey:
    seed, since = token_bytes(32), not_before.replace(microsecond=0)
    kept = signing.fetch_secrets(asked.settings)
    rotated = signing.rotated(kept, campaign.number, seed=seed, not_before=since)
    signing.keep_secrets(asked.settings, rotated)
    return max(rotated.keys_of(campaign.number), key=lambda key: key.key_id)


def _withdrawn(campaign: Campaign) -> frozenset[int]:
    live = campaigns.lives().get(campaign.campaign_id)
    return live.withdrawn_keys if live else frozenset()


def _line(key: SigningKey, *, withdrawn: bool = False) -> str:
    until = f", retires {key.not_after:%Y-%m-%d %H:%M} UTC" if key.not_after else ""
    state = ", withdrawn" if withdrawn else until
    return f"{key.key_id}  signs from {key.not_before:%Y-%m-%d %H:%M} UTC{state}"
