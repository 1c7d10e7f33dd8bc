"""The unexpected, as a small tree; each error names its reason. An expected no is a `Refusal`."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.reasons import Reason


class MarqueeError(Exception):
    """What the edge turns into a problem document."""

    reason = Reason.TRY_AGAIN

    def __init__(self, message: str = "", *, facts: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.facts = dict(facts or {})


class TryAgain(MarqueeError):
    """The tables stay busy or silent; nothing is known to have happened."""


class NotFound(MarqueeError):
    """The thing that the path names does not exist, or not for this caller."""

    reason = Reason.NOT_FOUND


class InvalidPayload(MarqueeError):
    """The payload breaks the schema; `errors` holds (JSON pointer, message) pairs."""

    reason = Reason.INVALID_PAYLOAD

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{pointer or '/'}: {message}" for pointer, message in errors))
        self.errors = tuple(errors)


class PayloadTooLarge(MarqueeError):
    """The body is above 1 MB."""

    reason = Reason.PAYLOAD_TOO_LARGE


class NotSignedIn(MarqueeError):
    """The caller showed no valid cookie, token or key."""

    reason = Reason.NOT_SIGNED_IN
