"""The body of the answer to a stand's screen."""

from chalicelib.web.answers import Answer, Moment


class Presence(Answer, frozen=True, kw_only=True):
    """What a screen shows until `until`, which comes in `next_in_ms`, whatever its clock says.

    `picture` is the QR code of `url` as SVG; `code` is for those who type it. `claimed` and
    `redeemed` are the stand's counts of its local `day`. The token is a fresh one.
    """

    popup_id: str
    code: str
    url: str
    picture: str
    until: Moment
    next_in_ms: int
    day: str
    claimed: int
    redeemed: int
    device_token: str
    expires_at: Moment
