"""The note to oneself on a voucher's page: the holder's alone, and sealed until its day."""

from chalice import Response
from msgspec import Struct

from chalicelib.domain import note as rules
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.reasons import Refusal
from chalicelib.store import tickets
from chalicelib.usecases import noting
from chalicelib.web import forms, note_view, session
from chalicelib.web.pages import Pages
from chalicelib.web.visitor import see_other
from chalicelib.web.voucher_page import found

pages = Pages(__name__)


class NoteForm(Struct, frozen=True, forbid_unknown_fields=True):
    """What the holder wrote; an empty text takes the note away, a body without one does not."""

    note: str


@pages.route("/V/{token}/note", methods=["POST"])
def post_note(token: str) -> Response | Refusal:
    """Keep the holder's note; 303 back to the ticket."""
    view = found(token)
    if isinstance(view, Refusal):
        return view
    text = rules.cleaned(forms.read(pages, NoteForm).note)
    if len(text) > rules.LONGEST:
        raise InvalidPayload([("/note", f"at most {rules.LONGEST} characters")])
    voucher = view.voucher
    refused = noting.note(
        tickets,
        voucher,
        session.visitor(pages),
        note_view.sealed(voucher.voucher_id, text) if text else None,
        at=view.at,
        token=pages.request_id(),
    )
    return refused or see_other(f"/V/{token}#note")
