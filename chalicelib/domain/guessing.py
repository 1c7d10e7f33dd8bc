"""How many wrong guesses who may make: enough for honest mistakes, too few to find anything.

Only guesses are counted, never successes: a device that scans real codes is never stopped, and a
stand's whole crowd behind one shared network has room. A PIN is short, so each try of one counts,
before it is looked at: however many come at once, no more are looked at than there is room for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WINDOW = timedelta(minutes=10)


class Guess(StrEnum):
    """What may be guessed, by whom it is counted, and so how often."""

    ENROLMENT = "enrolment"  # by network; 128 bits, alive for 15 minutes
    ENROLMENT_ANYWHERE = "enrolment_anywhere"  # by installation: many networks at once
    TYPED_CODE = "typed_code"  # by device: whole codes with a right check symbol, not typing errors
    PUBLIC_CODE = "public_code"  # by network: codes, tokens and links that are nobody's
    VISITOR_CODE = "visitor_code"  # by visitor: the same
    PRESENCE = "presence"  # by network: codes of a stand's screen; 40 bits, alive for a minute
    PRESENCE_STAND = "presence_stand"  # by stand: many networks at once
    OWN_DATA = "own_data"  # by visitor: exports and erasures; no guess, but some hundred reads
    MAIL_VISITOR = "mail_visitor"  # by visitor: mails with a private link
    MAIL_NETWORK = "mail_network"  # by network: the same
    MAIL_ADDRESS = "mail_address"  # by address, hashed: nobody's mailbox is filled
    OWN_DATA_NETWORK = "own_data_network"  # by network: the same
    SEARCH = "search"  # by member: vouchers looked up in the console, found or not
    HOOK = "hook"  # by member: tests of webhooks and events sent again; no guess, but calls outside
    PIN = "pin"  # by device: tries of PINs
    PIN_NAME = "pin_name"  # by name at a stand: the same, from all its devices


MOST = {
    Guess.ENROLMENT: 20,
    Guess.ENROLMENT_ANYWHERE: 2_000,
    Guess.TYPED_CODE: 30,
    Guess.PUBLIC_CODE: 300,
    Guess.VISITOR_CODE: 60,
    Guess.PRESENCE: 300,
    Guess.PRESENCE_STAND: 3_000,
    Guess.MAIL_VISITOR: 5,
    Guess.MAIL_NETWORK: 60,
    Guess.MAIL_ADDRESS: 3,
    Guess.OWN_DATA: 10,
    Guess.OWN_DATA_NETWORK: 60,
    Guess.SEARCH: 60,
    Guess.HOOK: 60,
    Guess.PIN: 8,
    Guess.PIN_NAME: 24,
}


@dataclass(frozen=True, slots=True)
class Window:
    """One guesser's count over ten minutes. `who` is a hash: no address is kept."""

    guess: Guess
    who: str
    number: int

    @property
    def ends_at(self) -> int:
        """Seconds since 1970."""
        return (self.number + 1) * int(WINDOW.total_seconds())


def window_of(guess: Guess, who: str, at: datetime) -> Window:
    return Window(guess, who, int(at.timestamp()) // int(WINDOW.total_seconds()))


def is_too_many(guess: Guess, count: int) -> bool:
    """Tell whether so many wrong guesses stop the next one."""
    return count >= MOST[guess]
