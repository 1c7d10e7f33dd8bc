"""Practice codes: one for each verdict, the same ones each time, of the stand's own offers."""

from dataclasses import replace

from made import ANKARA, FIVE_OFF, ISTANBUL, campaign, offer

from chalicelib.domain import training
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import Benefit, Channel, Kind, Reach
from chalicelib.domain.popup import Popup
from chalicelib.domain.training import SINCE, TRAINING_KEY, Lesson

TENTH = offer("tenth", 2, benefit=Benefit(kind=Kind.PERCENTAGE, percentage=10))
FESTIVAL = campaign(offer(), TENTH)


def lessons(
    festival: Campaign = FESTIVAL, popup: Popup = ISTANBUL
) -> dict[Lesson, tuple[int, int]]:
    """Return the offer and the stand that each exercise names."""
    told = training.exercises(festival, popup)
    return {e.lesson: (e.token.offer_number, e.token.popup_number) for e in told}


def test_each_verdict_is_practised_with_an_offer_of_the_stand() -> None:
    assert lessons() == {
        Lesson.USED: (1, 1),
        Lesson.AMOUNT: (2, 1),
        Lesson.ELSEWHERE: (1, 2),
        Lesson.EXPIRED: (1, 1),
    }
    assert lessons(popup=ANKARA)[Lesson.ELSEWHERE] == (1, 1)


def test_the_training_key_signs_them_and_each_is_a_voucher_of_its_own() -> None:
    exercises = list(training.exercises(FESTIVAL, ISTANBUL))
    assert {(e.token.key_id, e.token.issued_at) for e in exercises} == {(TRAINING_KEY, SINCE)}
    assert len({e.token.voucher_id for e in exercises}) == len(exercises)
    assert exercises == list(training.exercises(FESTIVAL, ISTANBUL))


def test_one_is_over_and_the_others_never_are() -> None:
    ends = {e.lesson: e.token.expires_at for e in training.exercises(FESTIVAL, ISTANBUL)}
    assert ends.pop(Lesson.EXPIRED).year == 2019
    assert all(end.year > 2040 for end in ends.values())


def test_what_the_festival_has_not_got_is_not_practised() -> None:
    assert lessons(campaign(offer())).keys() == {Lesson.USED, Lesson.ELSEWHERE, Lesson.EXPIRED}
    alone = campaign(offer(benefit=FIVE_OFF), popups=(ISTANBUL,))
    assert lessons(alone).keys() == {Lesson.USED, Lesson.EXPIRED}
    anywhere = campaign(replace(offer(), usable_at=Reach.CAMPAIGN))
    assert Lesson.ELSEWHERE not in lessons(anywhere)
    online = campaign(replace(offer(), usable_at=Reach.CAMPAIGN, channels=(Channel.ONLINE,)))
    assert lessons(online) == {}
