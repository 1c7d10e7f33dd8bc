"""Bodies of answers to the marketing team's programs: campaigns, drafts, revisions."""

from chalicelib.domain.campaign import Phase
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.web.answers import Answer


class ListedCampaign(Answer, frozen=True, kw_only=True):
    """A campaign: the revision that is live, the version of its draft; null where there is none."""

    campaign_id: str
    name: str
    phase: Phase
    paused: bool
    revision: int | None
    draft_version: int | None


class Campaigns(Answer, frozen=True, kw_only=True):
    """The campaigns of a key; a key has one."""

    items: list[ListedCampaign]
    next_cursor: None = None


class Difference(Answer, frozen=True, kw_only=True):
    """A value that differs. `before` is null for what is new, `after` for what is gone."""

    subject: str
    field: str
    before: str | None
    after: str | None


class Finding(Answer, frozen=True, kw_only=True):
    """What is to be mended before a publish, or looked at again, and where it stands."""

    pointer: str
    message: str


class Saved(Answer, frozen=True, kw_only=True):
    """The draft's version, what changed by it, and what its checks say.

    After a dry run the version is the one that was there.
    """

    draft_version: int
    changes: list[Difference]
    blocks: list[Finding]
    warns: list[Finding]


class Released(Answer, frozen=True, kw_only=True):
    """What is live now; the epoch rises with each publish and rollback."""

    campaign_id: str
    revision: int
    epoch: int


class Revision(Answer, frozen=True, kw_only=True):
    """A revision, and whether it is live."""

    revision: int
    live: bool


class Revisions(Answer, frozen=True, kw_only=True):
    """The revisions of a campaign, the newest first."""

    items: list[Revision]
    next_cursor: None = None


class Popups(Answer, frozen=True, kw_only=True):
    """A page of the draft's stands, by id."""

    items: list[Popup]
    next_cursor: str | None


class Offers(Answer, frozen=True, kw_only=True):
    """A page of the draft's offers, by id; a window that is null is the campaign's calendar."""

    items: list[Offer]
    next_cursor: str | None


class Merchants(Answer, frozen=True, kw_only=True):
    """A page of the draft's merchants, by id."""

    items: list[Merchant]
    next_cursor: str | None
