"""A campaign's logo is uploaded, cleaned, or taken away; a draft's own look is shown to members."""

from dataclasses import replace

from chalice import Response

from chalicelib.domain import branding, svg
from chalicelib.domain.branding import Branding
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.sentence import said
from chalicelib.store import desk as store
from chalicelib.usecases import drafting
from chalicelib.web import brand
from chalicelib.web.console import editor
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Refused, Visit
from chalicelib.web.context import context


def get_brand(here: Visit, name: str) -> Response:
    """Return the sheet or the logo of the draft, for its preview."""
    return brand.answer(plans.of(here.scope).campaign, name, kept="private, no-store")


def post_logo(here: Visit, form: Form) -> Response | Refusal:
    """Save a logo in the draft, cleaned; or save the draft without one."""
    plan = plans.of(here.scope)
    if form.whole("version") != plan.draft.version:
        return Refusal(Reason.EDITED_MEANWHILE)
    try:
        logo = "" if form.text("do") == "remove" else _cleaned(form.files.get("logo", b""))
    except InvalidPayload as error:  # the form stands on a page that is not above this address
        return editor.get_sheet(replace(here, refused=Refused(errors=error.errors)), "campaign")
    now = plan.campaign.branding or Branding()
    saved = drafting.save(
        store,
        here.scope,
        replace(plan.campaign, branding=branding.made(now.accent, now.night, logo)),
        before=plan.campaign,
        over=plan.draft.version,
        action="edited logo",
        at=context.real_now(),
        request_id=desk.request_id(),
    )
    if isinstance(saved, Refusal):
        return saved
    return see_other(f"/console/c/{here.scope.area}/edit/campaign?saved={saved}")


def _cleaned(data: bytes) -> str:
    if not data:
        raise InvalidPayload([("/logo", said("choose an SVG file"))])
    try:
        return svg.sanitised(data)
    except svg.BadSvgError as error:
        raise InvalidPayload([("/logo", error.sentence)]) from error
