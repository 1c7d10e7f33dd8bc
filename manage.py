"""The operator's command: keys, campaigns, devices, shops, cards, figures; laptop or AWS.

    python manage.py keys draft.json
    python manage.py export festival-now > draft.json
    python manage.py publish draft.json
    python manage.py revisions festival-now
    python manage.py rollback festival-now 3
    python manage.py pause festival-now
    python manage.py resume festival-now
    python manage.py finish festival-now
    python manage.py invite istanbul steward screen --sheet istanbul.html
    python manage.py pin istanbul Ayşe 271828 --supervisor
    python manage.py device list istanbul
    python manage.py device revoke aaaqeayeaudaocaj
    python manage.py training istanbul
    python manage.py key add festival-now --role shop --name "Harbour Books" --merchant cam-fener
    python manage.py key list festival-now
    python manage.py key revoke aaaqeayeaudaocaj
    python manage.py signing rotate festival-now
    python manage.py owner anna@example.org
    python manage.py photo add festival-now cam-fener lamps.jpg
    python manage.py photo remove festival-now cam-fener
    python manage.py mint festival-now lantern-gift --popup istanbul --count 500 --csv codes.csv
    python manage.py revoke festival-now --batch 1 --range 101-200
    python manage.py audit
    python manage.py rebuild festival-now
    python manage.py rebuild --all

It works on the tables and the secrets that the environment names (TABLE_PREFIX, AWS_REGION,
SECRETS_PARAMETER, USER_POOL_ID); `--local` on those of `make run`.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes, token_hex

import msgspec
from botocore.exceptions import (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
)

from chalicelib import signing
from chalicelib.claim_rules import shipped_rules
from chalicelib.config import read_settings
from chalicelib.domain import trail, wording_validation
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import MarqueeError, NotFound
from chalicelib.domain.member import Scope
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.trail import Entry
from chalicelib.store import books, campaigns, counters, generations
from chalicelib.usecases import auditing, publishing, rebuilding
from chalicelib.usecases.publishing import Faulty
from chalicelib.web.context import context
from commands import (
    api_keys,
    devices,
    invite,
    mint,
    owner,
    photos,
    pins,
    revoke,
    signing_keys,
    training,
)
from local import ground, places, running

_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
_STREAM_SECONDS = 1.0  # within which a write shows in the stream
_THREADS = 4  # of a rebuild
Print = Callable[[str], None]


def main(arguments: Sequence[str], out: Print = print) -> int:
    """Do what the arguments say. Returns 0, or 1 with a sentence that says what to do."""
    asked = _parser().parse_args(arguments)
    settings = read_settings()
    if asked.local:
        where = places.usual()
        told = running.read(where) if running.is_running(where) else None
        if told is None:
            out("Nothing runs here. Start it with make run, then try again.")
            return 1
        ground.keep_home()
        at = {
            "engine_url": told["engine_url"],
            "table_prefix": told["table_prefix"],
            "public_url": told["base_url"],
            "user_pool_id": told["user_pool_id"],
        }
        settings = replace(settings, region=ground.REGION, **at)
    context.connect(settings)
    asked.settings = settings
    return run(asked, datetime.now(UTC), out)


def run(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    """Run one command against the connected tables."""
    try:
        return int(COMMANDS[asked.command](asked, now, out))
    except msgspec.ValidationError as error:
        out(_invalid(asked, error))
    except msgspec.DecodeError as error:
        out(f"{asked.file} is not JSON: {error}.")
    except OSError as error:
        out(f"{error.filename}: {error.strerror}.")
    except NotFound as error:
        campaign_id = vars(asked).get("campaign_id", "CAMPAIGN")
        out(f"{error}. `manage.py revisions {campaign_id}` lists what there is.")
    except (MarqueeError, *_NO_CREDENTIALS) as error:
        out(failed(error))
    return 1


def failed(error: Exception) -> str:
    """Return what to do about an error that the arguments did not bring about."""
    if isinstance(error, _NO_CREDENTIALS) or isinstance(error.__cause__, _NO_CREDENTIALS):
        return (
            "There are no AWS credentials. Set them up for the account, or write "
            "`manage.py --local` to work on what `make run` opened on this laptop."
        )
    assert isinstance(error, MarqueeError)
    return f"{error.reason}: {error}. Nothing is lost; try the same again."


def _invalid(asked: argparse.Namespace, error: msgspec.ValidationError) -> str:
    if asked.command == "publish":
        return f"{asked.file}: {error}. Export the campaign again to see how it has to look."
    return f"{error}."


def _export(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    pointer = campaigns.pointers().get(asked.campaign_id)
    found = campaigns.draft(asked.campaign_id)
    if found is None and pointer is None:
        out(f"There is no campaign {asked.campaign_id}.")
        return 1
    live = campaigns.revision(asked.campaign_id, pointer.revision) if pointer else None
    document = msgspec.json.encode(live or (found and found[0]))
    out(msgspec.json.format(document, indent=2).decode())
    return 0


def _keys(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    campaign = msgspec.json.decode(Path(asked.file).read_bytes(), type=Campaign)
    signing.ensure_secrets(
        asked.settings,
        [campaign.number],
        entropy=token_bytes,
        not_before=now.replace(microsecond=0),
    )
    out(f"{asked.settings.secrets_parameter} has the keys of {campaign.campaign_id}.")
    return 0


def _publish(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    campaign = msgspec.json.decode(Path(asked.file).read_bytes(), type=Campaign)
    for caution in wording_validation.cautions(campaign, shipped_rules()):
        out(f"Read again: {caution.pointer} {caution.message}")
    before = campaigns.draft(campaign.campaign_id)
    version = campaigns.save_draft(campaign, over=before[1] if before else 0, now=now)
    if version is None:
        out("Somebody saved this draft meanwhile. Export it again and repeat your change.")
        return 1
    outcome = publishing.publish(
        campaigns,
        counters,
        campaign.campaign_id,
        draft_version=version,
        now=now,
        entry=_entry(campaign.campaign_id, "published", now),
    )
    return _told(outcome, out)


def _roll_back(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    outcome = publishing.roll_back(
        campaigns,
        counters,
        asked.campaign_id,
        revision=asked.revision,
        now=now,
        entry=_entry(asked.campaign_id, "rolled back", now),
    )
    return _told(outcome, out)


def _revisions(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    pointer = campaigns.pointers().get(asked.campaign_id)
    for number in campaigns.revisions(asked.campaign_id):
        live = pointer is not None and pointer.revision == number
        out(f"{number}{'  live' if live else ''}")
    return 0


def _pause(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    entry = _entry(asked.campaign_id, f"{asked.command}d", now, subject=asked.campaign_id)
    campaigns.pause(asked.campaign_id, paused=asked.command == "pause", entry=entry)
    out(f"{asked.campaign_id}: {asked.command}d, everywhere within 5 seconds.")
    return 0


def _entry(campaign_id: str, action: str, now: datetime, *, subject: str = "") -> Entry:
    """Return what the trail says of it, and so webhooks."""
    scope = Scope(area=campaign_id, member_id="operator", email="manage.py")
    return trail.entry(scope, action, subject, at=now, request_id=token_hex(8))


def _finish(asked: argparse.Namespace, now: datetime, out: Print) -> int:
    publishing.finish(campaigns, counters, asked.campaign_id, now=now)
    out("Nothing is left unfinished.")
    return 0


def _audit(_: argparse.Namespace, __: datetime, out: Print) -> int:
    """Add up everything that the tables hold; status 1 where something is wrong."""
    started = time.monotonic()
    report = auditing.audit(books.read, lambda: time.sleep(_STREAM_SECONDS))
    for line in auditing.lines(report):
        out(line)
    out(f"{auditing.summary(report)}, {time.monotonic() - started:.1f} s")
    return 1 if report.wrong else 0


def _rebuild(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    """Count the figures anew from the ledger; they are read as before until the count is whole."""
    known = campaigns.pointers()
    wanted = sorted(known) if asked.all else [asked.campaign_id]
    if not set(wanted) <= set(known):
        out("Name a campaign that is published, or --all.")
        return 1
    begun = {campaign_id: rebuilding.begin(generations, campaign_id) for campaign_id in wanted}

    def counted(segment: int) -> int:
        items = sum(rebuilding.count(generations, begun, segment))
        out(f"Part {segment + 1} of {rebuilding.SEGMENTS}: {items:,} items.")
        return items

    with ThreadPoolExecutor(_THREADS) as threads:
        items = sum(threads.map(counted, range(rebuilding.SEGMENTS)))
    for campaign_id, head in begun.items():
        at = datetime.now(UTC)  # the table's own time, not the business clock
        rebuilding.switch(generations, campaign_id, head, now=at)
        out(f"{campaign_id}: generation {head.building} is read from now on.")
    out(f"{items:,} items counted.")
    return 0


def _told(outcome: Pointer | Refusal | Faulty, out: Print) -> int:
    match outcome:
        case Pointer(revision, epoch):
            out(f"Revision {revision} is live (epoch {epoch}), everywhere within 5 seconds.")
            return 0
        case Faulty(faults):
            for fault in faults:
                out(f"{fault.pointer}: {fault.message}")
        case Refusal(reason, facts):
            out(f"{reason}: {', '.join(f'{name} {fact}' for name, fact in facts.items())}")
    return 1


COMMANDS = {
    "keys": _keys,
    "export": _export,
    "publish": _publish,
    "rollback": _roll_back,
    "revisions": _revisions,
    "pause": _pause,
    "resume": _pause,
    "finish": _finish,
    "invite": invite.run,
    "pin": pins.run,
    "device": devices.run,
    "training": training.run,
    "key": api_keys.run,
    "signing": signing_keys.run,
    "owner": owner.run,
    "photo": photos.run,
    "mint": mint.run,
    "revoke": revoke.run,
    "audit": _audit,
    "rebuild": _rebuild,
}
_ARGUMENTS = {"keys": "file", "publish": "file"}
_OWN_ARGUMENTS = {
    "invite": invite.arguments,
    "key": api_keys.add_arguments,
    "signing": signing_keys.arguments,
    "owner": owner.arguments,
    "photo": photos.arguments,
    "pin": pins.arguments,
    "device": devices.arguments,
    "training": training.arguments,
    "mint": mint.arguments,
    "revoke": revoke.arguments,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--local", action="store_true", help="the tables of make run")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        command = commands.add_parser(name)
        if name in _OWN_ARGUMENTS:
            _OWN_ARGUMENTS[name](command)
            continue
        if name == "rebuild":
            which = command.add_mutually_exclusive_group(required=True)
            which.add_argument("campaign_id", nargs="?")
            which.add_argument("--all", action="store_true", help="every campaign, in one scan")
        elif name != "audit":
            command.add_argument(_ARGUMENTS.get(name, "campaign_id"))
        if name == "rollback":
            command.add_argument("revision", type=int, help="a number that `revisions` lists")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
