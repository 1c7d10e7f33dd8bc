"""What is printed for the stands of a campaign, live or still a draft: previews, PDF, one zip."""

from datetime import datetime
from urllib.parse import quote

from chalice import Response
from markupsafe import Markup

from chalicelib.domain import archive
from chalicelib.domain import view as views
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.device import ENROLMENT_LIFE, Profile
from chalicelib.domain.errors import InvalidPayload, NotFound
from chalicelib.domain.live import Published
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sentence import N_, said
from chalicelib.paper.pdf import pdf
from chalicelib.paper.sheet import Sheet
from chalicelib.paper.svg import svg
from chalicelib.web import invitations, prints, wording
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import desk
from chalicelib.web.console.forms import Form
from chalicelib.web.console.once import Made, nonce, once
from chalicelib.web.console.plan import Plan
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.kept import Kept
from chalicelib.web.prints import Stand

NAMES = {"poster": N_("Poster"), "card": N_("Table card"), "help": N_("Help card")}
A_ZIP = 50  # stands: 3 MB, where Lambda's answer may have 6, of which base64 costs a third
_MOST_CODES = 12  # of one sheet's printing
_pictures = Kept[Markup](60)
_USUAL = {Profile.STEWARD: 2, Profile.SUPERVISOR: 1, Profile.SCREEN: 1}


def get_prints(here: Visit) -> Response:
    """Return all stands, with what is printed for each. Raises NotFound."""
    campaign = plans.seen(here.scope)
    stands = [Stand(campaign, popup) for popup in campaign.popups]
    starts = range(0, len(stands), A_ZIP)
    zips = [(start, start + 1, min(start + A_ZIP, len(stands))) for start in starts]
    return desk.show(
        "prints.html",
        here,
        campaign=campaign,
        name=plans.name_of(here, campaign),
        live=plans.live_of(here.scope.area),
        stands=stands,
        names=NAMES,
        zips=zips,
    )


def get_zip(here: Visit) -> Response:
    """Return all prints of some stands as one zip, as PDF. Raises NotFound."""
    campaign = plans.seen(here.scope)
    start, count = _whole("from", 0), min(A_ZIP, _whole("count", A_ZIP))
    popups = campaign.popups[start : start + count]
    if not popups:
        raise NotFound(f"no stand {start}")
    files = {
        f"{_named(popup.popup_id)}/{kind}.pdf": pdf([draw(Stand(campaign, popup))])
        for popup in popups
        for kind, draw in prints.KINDS.items()
    }
    return desk.file(archive.pack(files), "application/zip", f"{here.scope.area}-prints.zip")


def get_stand(here: Visit, popup_id: str) -> Response:
    """Return a stand's prints as they will look, to be printed from here. Raises NotFound."""
    plan = plans.of(here.scope)
    stand = _stand_of(views.of(plan.campaign, here.scope), popup_id)
    only = desk.query("print") or ""
    kinds = [only] if only in prints.KINDS else list(prints.KINDS)
    live = _live(here, popup_id)
    return desk.show(
        "stand_prints.html",
        here,
        stand=stand,
        campaign=stand.campaign,
        names=NAMES,
        drawn={kind: _drawn(here, plan, stand, kind) for kind in kinds},
        profiles=[(profile, invitations.NAMES[profile], usual) for profile, usual in _USUAL.items()]
        if live
        else [],
        most=_MOST_CODES,
        nonce=nonce(),
        bare=bool(_logo(stand)) and prints.logo_of(stand.campaign) is None,
    )


def _logo(stand: Stand) -> str:
    return stand.campaign.branding.logo if stand.campaign.branding else ""


def _drawn(here: Visit, plan: Plan, stand: Stand, kind: str) -> Markup:
    """Return a print as a picture: drawn once while the draft and what is seen of it are these."""
    key = plan.draft.digest, here.scope.merchant_ids, stand.popup.popup_id, kind
    return _pictures.of(None, key, lambda: svg(prints.KINDS[kind](stand)))


def get_pdf(here: Visit, popup_id: str, kind: str) -> Response:
    """Return a print as PDF. Raises NotFound."""
    if kind not in prints.KINDS:
        raise NotFound(f"no print {kind}")
    return _pdf([prints.KINDS[kind](_stand(here, popup_id))], f"{_named(popup_id)}-{kind}.pdf")


def post_sheet(here: Visit, form: Form, popup_id: str) -> Response | Refusal:
    """Make one-time codes for devices of a live stand, and return them as a sheet.

    Sent twice, or wanted as PDF too, the form makes them once. Raises NotFound, InvalidPayload.
    """
    published = _live(here, popup_id)
    if published is None or not here.scope.reaches(popup_id):
        raise NotFound(f"no live stand {popup_id}")
    stand = Stand(published.campaign, published.campaign.popup[popup_id])
    wanted = {profile: form.whole(profile) for profile in Profile}
    if min(wanted.values()) < 0 or not 1 <= sum(wanted.values()) <= _MOST_CODES:
        told = said("ask for 1 to {most} codes at a time", most=_MOST_CODES)
        raise InvalidPayload([("", told)])
    until = context.real_now() + ENROLMENT_LIFE
    after = {invitations.NAMES[profile]: str(count) for profile, count in wanted.items()}
    profiles = [profile for profile, count in wanted.items() for _ in range(count)]

    def work() -> Made:
        desk.note(here, "codes for devices", popup_id, after=after)  # without it there is none
        codes = invitations.made(
            here.scope.area, popup_id, profiles, until=until, entropy=context.entropy
        )
        return {"until": until.isoformat(), "codes": " ".join(one.code for one in codes)}

    made = once(here, form, work)
    if isinstance(made, Refusal):
        return made
    until = datetime.fromisoformat(made["until"])
    codes = zip(profiles, made["codes"].split(), strict=True)
    invited = [invitations.invitation(popup_id, profile, code) for profile, code in codes]
    sheets = prints.enrolment(stand, invited, until)
    if form.text("as") == "pdf":
        return _pdf(sheets, f"{_named(popup_id)}-devices.pdf")
    return desk.show(
        "sheet.html",
        here,
        stand=stand,
        drawn=[svg(sheet) for sheet in sheets],
        until=wording.clock(until, stand.popup.time_zone),
    )


def _stand(here: Visit, popup_id: str) -> Stand:
    """Return a stand within the scope. Raises NotFound."""
    return _stand_of(plans.seen(here.scope), popup_id)


def _stand_of(campaign: Campaign, popup_id: str) -> Stand:
    if popup_id not in campaign.popup:
        raise NotFound(f"no stand {popup_id}")
    return Stand(campaign, campaign.popup[popup_id])


def _live(here: Visit, popup_id: str) -> Published | None:
    """Return what is live where it has the stand: a device is enrolled at no other."""
    live = plans.live_of(here.scope.area)
    return live if live is not None and popup_id in live.campaign.popup else None


def _whole(name: str, otherwise: int) -> int:
    text = desk.query(name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else otherwise


def _named(popup_id: str) -> str:
    """Return what a stand's files are called: a draft's id is whatever was typed, `../x` too."""
    return quote(popup_id, safe="").replace(".", "%2E")


def _pdf(sheets: list[Sheet], name: str) -> Response:
    return desk.file(pdf(sheets), "application/pdf", name)
