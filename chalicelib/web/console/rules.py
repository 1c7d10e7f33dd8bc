"""Every route of the console in one table: what it asks for, and where its view is.

A view is imported at its first request: visitors' cold starts do without the console. A route
that is not in this table does not exist, so none can forget to ask for a right.
"""

from dataclasses import dataclass

from chalicelib.domain.member import Right


@dataclass(frozen=True, slots=True)
class Rule:
    """A route, the right that it asks for (None: anybody may sign in), the module of its view."""

    method: str
    path: str
    right: Right | None
    module: str
    view: str


RULES = (
    Rule("GET", "/console", Right.ENTER, "campaigns", "get_home"),
    Rule("GET", "/console/c/{campaign_id}", Right.SEE, "overview", "get_overview"),
    Rule("GET", "/console/c/{campaign_id}/export", Right.EXPORT, "overview", "get_export"),
    Rule("POST", "/console/c/{campaign_id}/publish", Right.PUBLISH, "overview", "post_publish"),
    Rule("POST", "/console/c/{campaign_id}/rollback", Right.PUBLISH, "overview", "post_rollback"),
    Rule("POST", "/console/c/{campaign_id}/pause", Right.PUBLISH, "overview", "post_pause"),
    Rule("POST", "/console/c/{campaign_id}/schedule", Right.PUBLISH, "schedules", "post_schedule"),
    Rule(
        "POST",
        "/console/c/{campaign_id}/unschedule",
        Right.PUBLISH,
        "schedules",
        "post_unschedule",
    ),
    Rule("POST", "/console/c/{campaign_id}/clone", Right.EDIT, "overview", "post_clone"),
    Rule("GET", "/console/import", Right.EDIT, "imports", "get_import"),
    Rule("POST", "/console/import", Right.EDIT, "imports", "post_import"),
    Rule("POST", "/console/c/{campaign_id}/import", Right.EDIT, "imports", "post_imported"),
    Rule("GET", "/console/c/{campaign_id}/edit/{sheet}", Right.EDIT, "editor", "get_sheet"),
    Rule("GET", "/console/c/{campaign_id}/edit/{sheet}/{key}", Right.EDIT, "editor", "get_line"),
    Rule("POST", "/console/c/{campaign_id}/edit/{sheet}", Right.EDIT, "editor", "post_sheet"),
    Rule("POST", "/console/c/{campaign_id}/edit/{sheet}/{key}", Right.EDIT, "editor", "post_line"),
    Rule(
        "GET",
        "/console/c/{campaign_id}/proposal/{merchant_id}",
        Right.PROPOSE,
        "proposals",
        "get_proposal",
    ),
    Rule(
        "POST",
        "/console/c/{campaign_id}/proposal/{merchant_id}",
        Right.PROPOSE,
        "proposals",
        "post_proposal",
    ),
    Rule(
        "GET",
        "/console/c/{campaign_id}/proposal/{merchant_id}/{sheet}",
        Right.PROPOSE,
        "proposals",
        "get_proposed",
    ),
    Rule(
        "POST",
        "/console/c/{campaign_id}/proposal/{merchant_id}/{sheet}",
        Right.PROPOSE,
        "proposals",
        "post_proposed",
    ),
    Rule(
        "GET", "/console/c/{campaign_id}/review/{merchant_id}", Right.EDIT, "reviews", "get_review"
    ),
    Rule(
        "POST",
        "/console/c/{campaign_id}/review/{merchant_id}",
        Right.EDIT,
        "reviews",
        "post_review",
    ),
    Rule("POST", "/console/c/{campaign_id}/logo", Right.EDIT, "brands", "post_logo"),
    Rule("GET", "/console/c/{campaign_id}/brand/{name}", Right.SEE, "brands", "get_brand"),
    Rule("GET", "/console/c/{campaign_id}/instants", Right.SEE, "editor", "get_instants"),
    Rule("GET", "/console/c/{campaign_id}/preview", Right.SEE, "preview", "get_preview"),
    Rule("GET", "/console/c/{campaign_id}/delivery", Right.SEE, "deliveries", "get_report"),
    Rule(
        "GET", "/console/c/{campaign_id}/delivery/csv", Right.SEE, "deliveries", "get_spreadsheet"
    ),
    Rule("GET", "/console/members", Right.MEMBERS, "people", "get_members"),
    Rule("POST", "/console/members", Right.MEMBERS, "people", "post_member"),
    Rule("POST", "/console/members/remove", Right.MEMBERS, "people", "post_removal"),
    Rule("GET", "/console/trail", Right.AUDIT, "people", "get_trail"),
    Rule("GET", "/console/c/{campaign_id}/trail", Right.AUDIT, "people", "get_campaign_trail"),
    Rule("POST", "/console/sign-out", Right.ENTER, "entrance", "post_sign_out"),
    Rule("GET", "/console/sign-in", None, "entrance", "get_sign_in"),
    Rule("GET", "/console/callback", None, "entrance", "get_callback"),
)
