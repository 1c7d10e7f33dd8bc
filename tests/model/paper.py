"""What the clerk's book says of one voucher: its uses, its holds, where it went."""

from dataclasses import dataclass, field
from datetime import datetime

from model.facts import Device

Name = tuple[str, str, str, int]  # visitor, offer, stand or "*", ordinal
Limit = tuple[str, ...]  # ("stock", offer, stand), ("day", offer, stand, day), ("budget", offer)
Said = tuple[str, int]  # "made", "again" or a reason, and the number of the use
Link = tuple[Name, datetime, bool]  # the voucher, when the link ends, whether a supervisor made it


@dataclass
class Use:
    """A use or an order's hold, and who ended it under which nonce."""

    device: Device
    nonce: str
    at: datetime
    stand: str
    discount: int
    moved: dict[Limit, int]
    group: tuple[str, str] | None = None  # the order, and the group that it has of it
    until: datetime | None = None  # of a hold that is not confirmed
    back: tuple[str, str] | None = None
    released: bool = False


@dataclass
class Paper:
    """A voucher. `writes` counts how often its item was written; 0: there is none yet."""

    holder: str
    offer: str
    stand: str
    unit: Limit | None = None
    hold_until: datetime | None = None
    freed: datetime | None = None  # when an order gave it back, or a friend got it
    passed_on: bool = False
    gift: bool = False  # by a holder, at the last or before
    minted: bool = False
    writes: int = 1
    end: str | None = None  # "lapsed", "given" or "revoked"
    link: Link | None = None
    heir: Name | None = None
    generation: int = 0
    uses: list[Use] = field(default_factory=list)

    @property
    def standing(self) -> Use | None:
        """The use or hold that stands."""
        return self.uses[-1] if self.uses and self.uses[-1].back is None else None

    @property
    def in_use(self) -> Use | None:
        """The use that stands and is no hold."""
        return self.standing if self.standing and self.standing.until is None else None

    @property
    def held(self) -> Use | None:
        """The hold that stands, even where its time is over and nobody noticed."""
        return self.standing if self.standing and self.standing.until is not None else None

    def lapses_by(self, minute: datetime) -> bool:
        """Tell whether an unused claim is over, and for the sweeper to find."""
        ends = [end for end in (self.hold_until, self.freed) if end is not None]
        return self.state == "issued" and self.hold_until is not None and max(ends) <= minute

    @property
    def returns(self) -> int:
        """How often a use was given back; a hold that ended never was one."""
        return sum(use.back is not None and not use.released for use in self.uses)

    @property
    def state(self) -> str:
        if self.end is not None:
            return self.end
        if self.standing is not None:
            return "held" if self.held else "redeemed"
        return "reversed" if self.returns else "issued"
