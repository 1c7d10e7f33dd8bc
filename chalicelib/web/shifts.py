"""Staff begin and end a shift with the stand's shared device, as JSON."""

from chalice import Response

from chalicelib.domain import shift as rules
from chalicelib.domain.device import DeviceToken
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.guessing import Guess
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.shift import Shift
from chalicelib.store import shifts
from chalicelib.usecases import working
from chalicelib.web import answers, guard, journal, session
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.schema import ShiftRequest

api = Routes(__name__)


@api.route("/api/v1/devices/self/shift", methods=["POST"])
def post_shift() -> Response | Refusal:
    """200 with the shift, which ends the one before; a PIN is compared here and nowhere else."""
    device = session.staff_device(api)
    if isinstance(device, Refusal):
        return device
    body = api.body(ShiftRequest)
    if not rules.tidy(body.name):
        raise InvalidPayload([("/name", "is blank")])
    stopped = _counted(device, body.name) if body.pin is not None else None
    if stopped is not None:
        return stopped
    wish = working.Wish(
        device_id=device.device_id,
        popup_id=device.popup_id,
        name=body.name,
        pin=body.pin,
        at=context.real_now(),
    )
    begun = working.begin(shifts, wish)
    if isinstance(begun, Refusal):
        return begun
    journal.event("shift_begun", popup_id=device.popup_id, supervisor=begun.supervisor)
    return answer(_document(begun))


@api.route("/api/v1/devices/self/shift", methods=["DELETE"])
def delete_shift() -> Response | Refusal:
    """200 where nobody's shift runs any more, whether one did or not."""
    device = session.staff_device(api)
    if isinstance(device, Refusal):
        return device
    working.end(shifts, device.device_id, context.real_now())
    return answer(answers.Shift())


def _counted(device: DeviceToken, name: str) -> Refusal | None:
    """Count a try of a PIN, before it is looked at; return a refusal where it is one too many."""
    anywhere = f"{device.popup_id}|{rules.folded(name)}"
    return guard.wrong(Guess.PIN, device.device_id) or guard.wrong(Guess.PIN_NAME, anywhere)


def _document(shift: Shift) -> answers.Shift:
    return answers.Shift(
        shift=rules.label_of(shift.name),
        name=shift.name,
        supervisor=shift.supervisor,
        ends_at=rfc3339(shift.ends_at),
    )
