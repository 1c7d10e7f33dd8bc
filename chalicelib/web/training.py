"""A stand's practice codes as people see them: the picture, and what the scanner has to say."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib import signing
from chalicelib.domain import training
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.popup import Popup
from chalicelib.domain.sentence import N_
from chalicelib.domain.training import Lesson
from chalicelib.web.context import context
from chalicelib.web.vouchers import url_of

SEEN = {
    Lesson.USED: N_("Used. Scanned a second time: already used."),
    Lesson.AMOUNT: N_("Amount? Type what the order comes to. Then: used, with what to take off."),
    Lesson.ELSEWHERE: N_("Refused: it is for another city."),
    Lesson.EXPIRED: N_("Refused: its time is over."),
}


@dataclass(frozen=True, slots=True)
class Code:
    """A practice code: its text, and what is to be seen, in the language of the source."""

    url: str
    seen: str


def codes(campaign: Campaign, popup: Popup) -> Iterator[Code]:
    """Yield the practice codes of a stand."""
    for exercise in training.exercises(campaign, popup):
        text = signing.sign(context.secrets, exercise.token)
        yield Code(url_of(text), SEEN[exercise.lesson])
