"""What a stand's manager says of it, in the live record."""

from datetime import timedelta

import pytest
from house import House
from made import NOW

from chalicelib.domain import trail
from chalicelib.domain.errors import NotFound
from chalicelib.domain.live import Closing, Message, StandState
from chalicelib.domain.member import Scope
from chalicelib.domain.trail import Entry
from chalicelib.store import campaigns, stands, trails

WHOLE = Scope(area="festival-now", member_id="anna", email="anna@example.org")
MINE = Scope(
    area="festival-now", member_id="ben", email="b@example.org", popup_ids=frozenset({"istanbul"})
)
CLOSING = Closing(NOW, NOW + timedelta(hours=9))


def entry(scope: Scope = WHOLE, request_id: str = "request-1") -> Entry:
    return trail.entry(scope, "stand closed", "istanbul", at=NOW, request_id=request_id)


@pytest.mark.usefixtures("house")
class TestStands:
    """Each state takes the place of the one before, beside all that the record holds."""

    def test_states_follow_each_other(self, house: House) -> None:
        house.live(paused_offers={"lamp-100"}, paused_popups={"madrid"})
        for number, (state, closing, message) in enumerate(
            [
                (StandState.PAUSED, None, "Back at three"),
                (StandState.CLOSED, CLOSING, "Good night"),
                (StandState.OPEN, None, ""),
            ]
        ):
            stands.set_stand(
                WHOLE, "istanbul", state, message, entry(request_id=f"r{number}"), closing=closing
            )
            live = campaigns.lives()["festival-now"]
            assert live.state_of("istanbul", NOW) is state
            assert live.messages_at("istanbul", NOW) == ([message] if message else [])
            assert "lamp-100" in live.paused_offers
            assert "madrid" in live.paused_popups
        assert len(trails.entries(WHOLE)) == 3

    def test_a_message_goes_to_some_stands_or_to_all(self) -> None:
        stands.set_message(WHOLE, ["istanbul", "madrid"], "Hello", entry(request_id="r1"))
        stands.set_message(WHOLE, ["*"], "Storm", entry(request_id="r2"))
        messages = campaigns.lives()["festival-now"].messages
        assert messages == {
            "istanbul": Message("Hello"),
            "madrid": Message("Hello"),
            "*": Message("Storm"),
        }
        stands.set_message(WHOLE, ["istanbul", "*"], "", entry(request_id="r3"))
        assert campaigns.lives()["festival-now"].messages == {"madrid": Message("Hello")}

    def test_a_manager_speaks_for_own_stands_alone(self) -> None:
        stands.set_message(MINE, ["istanbul"], "Hello", entry(MINE))
        for others in (["madrid"], ["*"], ["istanbul", "madrid"]):
            with pytest.raises(NotFound):
                stands.set_message(MINE, others, "Mine", entry(MINE, "request-2"))
        with pytest.raises(NotFound):
            stands.set_stand(MINE, "madrid", StandState.OPEN, "", entry(MINE, "request-3"))
        assert len(trails.entries(MINE)) == 1
        assert campaigns.lives()["festival-now"].messages == {"istanbul": Message("Hello")}
