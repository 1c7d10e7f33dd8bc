"""Drafts and revisions as the console has them, within a scope. AP-100 to AP-103."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Scope
from chalicelib.domain.trail import Entry
from chalicelib.store import campaigns, engine, keys, tables, trails


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being edited. `digest` names the document, `version` the save that made it."""

    campaign: Campaign
    version: int
    digest: str


def drafts(scope: Scope) -> list[str]:
    """AP-100: return the campaigns that were begun in the console. Cost: 1 RCU for 4 KB."""
    return [raw["sk"]["S"] for raw in engine.query(tables.CatalogItem, keys.drafts(scope.area))]


def draft(scope: Scope) -> Draft | None:
    """Return the draft of the scope's campaign (AP-21); without one what is live; or None."""
    found = campaigns.draft_named(scope.area)
    if found is not None:
        return Draft(*found)
    pointer = campaigns.pointers().get(scope.area)
    if pointer is None:
        return None
    campaign, _, digest = campaigns.revision_named(scope.area, pointer.revision)
    return Draft(campaign, 0, digest)


def revision(scope: Scope, number: int) -> Campaign:
    """Return a revision of the scope's campaign (AP-23). Raises NotFound."""
    return campaigns.revision(scope.area, number)


def revisions(scope: Scope) -> dict[int, datetime]:
    """Return its revisions with when each was frozen (AP-24), the newest first."""
    return dict(reversed(campaigns.revisions(scope.area).items()))


def save(
    scope: Scope,
    campaign: Campaign,
    entry: Entry,
    *,
    over: int,
    now: datetime,
    beside: Sequence[Mapping[str, object]] = (),
) -> int | None:
    """AP-101: save a draft over version `over` (0: none yet), with its entry of the trail.

    `beside` are actions that are to happen with it or not at all. Returns the new version, or
    None where somebody saved meanwhile. Cost: 2 transactional writes
    of 1 KB, 3 for the first; 1 WCU a KB of the document.
    """
    assert campaign.campaign_id == scope.area, "a member saves what is in the scope alone"
    header, condition, values = campaigns.draft_action(campaign, over=over, now=now)
    actions = [{"Put": engine.put_action(header, condition, values)}, trails.action(scope, entry)]
    actions += [dict(action) for action in beside]
    if not over:
        listed = tables.CatalogItem(*keys.draft_listed(scope.area))
        actions.append({"Put": engine.put_action(listed)})
    name = f"{entry.request_id}|{header.mark}"
    token = hashlib.sha256(name.encode()).hexdigest()[:36]
    return over + 1 if engine.transact(actions, token) is None else None


def keep_document(scope: Scope, campaign: Campaign) -> str:
    """AP-102: keep a document that may become the draft; return its digest. Cost: 1 WCU a KB."""
    assert campaign.campaign_id == scope.area
    return campaigns.put_document(campaign)


def document(scope: Scope, digest: str) -> Campaign | None:
    """AP-103: return a document of the scope's campaign by its digest, or None."""
    return campaigns.document(scope.area, digest)
