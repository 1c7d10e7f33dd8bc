"""Programs of the marketing team work on the campaign of their key, as people do in the console.

A view is imported at its first request, as the console's are. It gets a scope that is made from
the key, so the trail names the key, and nothing of another campaign is within reach.
"""

from importlib import import_module

from chalice import Response

from chalicelib.domain.api_key import ApiKey
from chalicelib.domain.member import Scope
from chalicelib.domain.reasons import Refusal
from chalicelib.web import session
from chalicelib.web.api import Routes

api = Routes(__name__)

_CAMPAIGN = "/api/v1/campaigns/{campaign_id}"
_VIEWS = (
    ("GET", "/api/v1/campaigns", "program_drafts", "get_campaigns"),
    ("GET", f"{_CAMPAIGN}/draft", "program_drafts", "get_draft"),
    ("PUT", f"{_CAMPAIGN}/draft", "program_drafts", "put_draft"),
    ("POST", f"{_CAMPAIGN}/import", "program_drafts", "post_import"),
    ("GET", f"{_CAMPAIGN}/export", "program_drafts", "get_export"),
    ("GET", f"{_CAMPAIGN}/preview", "program_drafts", "get_preview"),
    ("GET", f"{_CAMPAIGN}/popups", "program_lists", "get_popups"),
    ("GET", f"{_CAMPAIGN}/offers", "program_lists", "get_offers"),
    ("GET", f"{_CAMPAIGN}/merchants", "program_lists", "get_merchants"),
    ("POST", f"{_CAMPAIGN}/publish", "program_releases", "post_publish"),
    ("GET", f"{_CAMPAIGN}/revisions", "program_releases", "get_revisions"),
    ("POST", f"{_CAMPAIGN}/rollback", "program_releases", "post_rollback"),
)


def _register(method: str, path: str, module: str, view: str) -> None:
    def answered(campaign_id: str | None = None) -> Response | Refusal:
        key = session.marketer(api, campaign_id)
        if isinstance(key, Refusal):
            return key
        found: Response | Refusal = getattr(import_module(f"chalicelib.web.{module}"), view)(
            scope_of(key)
        )
        return found

    answered.__name__ = view
    api.route(path, methods=[method])(answered)


def scope_of(key: ApiKey) -> Scope:
    """Return what a program may touch: the campaign of its key, whose name the trail has."""
    name = f"{key.name} (key {key.key_id})"
    return Scope(area=key.campaign_id, member_id=f"key-{key.key_id}", email=name)


for each in _VIEWS:
    _register(*each)
