"""What the local run starts with: both festivals published, and one of them lived in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.live import Published
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.reasons import Refusal
from chalicelib.store import campaigns, counters
from chalicelib.usecases import publishing
from chalicelib.usecases.publishing import Faulty
from chalicelib.web.context import context
from local import history
from local.history import Report
from local.trouble import Trouble
from local.world import World


@dataclass(frozen=True, slots=True)
class SeedReport:
    """Which campaigns were published now, and the history where it was written now."""

    published: tuple[str, ...]
    history: Report | None = None

    def __str__(self) -> str:
        told = f"published {' and '.join(self.published)}" if self.published else "as they were"
        return f"{told}; sample: {self.history}" if self.history else told


def run(world: World, progress: Callable[[str], None] = lambda _: None) -> SeedReport:
    """Publish what is new in the sample files and dates; write the history if it is not there."""
    now = world.clock.now()
    done = {
        campaign_id: publish(campaign, now) for campaign_id, campaign in world.campaigns.items()
    }
    fresh = tuple(campaign_id for campaign_id, (_, is_new) in done.items() if is_new)
    progress(str(SeedReport(fresh)))
    if not world.sample:
        return SeedReport(fresh)
    here, _ = done[world.campaign_at(now)]
    claim_secret = context.secrets.claim_secret(here.campaign.number)
    if history.is_there(here, claim_secret):
        return SeedReport(fresh)
    return SeedReport(fresh, history.write(here, now, claim_secret=claim_secret))


def publish(campaign: Campaign, now: datetime) -> tuple[Published, bool]:
    """Make a campaign live; the second value tells whether that made a new revision."""
    live = _live(campaign.campaign_id, now)
    if live is not None and live.campaign == campaign:
        return live, False
    saved = campaigns.draft(campaign.campaign_id)
    version = campaigns.save_draft(campaign, over=saved[1] if saved else 0, now=now)
    if version is None:
        raise Trouble(f"Someone else edits {campaign.campaign_id}. Stop the other run first.")
    outcome = publishing.publish(
        campaigns, counters, campaign.campaign_id, draft_version=version, now=now
    )
    if not isinstance(outcome, Pointer):
        raise _not_published(campaign.campaign_id, outcome)
    return _published(campaign, outcome), True


def _live(campaign_id: str, now: datetime) -> Published | None:
    """Return what is live, after a publish that was cut off has been finished."""
    publishing.finish(campaigns, counters, campaign_id, now=now)
    pointer = campaigns.pointers().get(campaign_id)
    if pointer is None:
        return None
    return _published(campaigns.revision(campaign_id, pointer.revision), pointer)


def _published(campaign: Campaign, pointer: Pointer) -> Published:
    return Published(campaign=campaign, revision=pointer.revision, epoch=pointer.epoch)


def _not_published(campaign_id: str, outcome: Refusal | Faulty) -> Trouble:
    """Say in one line why, and that old data holds on to what it was promised."""
    if isinstance(outcome, Faulty):
        first = outcome.faults[0]
        why = f"{first.pointer} {first.message}"
    else:
        why = f"{outcome.reason} {' '.join(outcome.facts.values())}".strip()
    return Trouble(
        f"{campaign_id} cannot be published over the data that is here: {why}. "
        "Undo that change of the sample files, or forget the data with make reset."
    )
