"""Where a page finds its campaign's own look, and the rules of its accents."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.domain.branding import ON_ACCENT, Branding, is_colour
from chalicelib.domain.campaign import Campaign

# Print and forced colours keep their own; who asks for the other theme gets it, as in marquee.css.
_DAY = ":root{{--pole:{colour};--on-pole:{on}}}"
_NIGHT = (
    '@media (prefers-color-scheme:dark){{:root:not([data-theme="light"])'
    '{{--pole:{colour};--on-pole:{on}}}}}:root[data-theme="dark"]{{--pole:{colour};--on-pole:{on}}}'
)


@dataclass(frozen=True, slots=True)
class Wear:
    """Where a page finds its campaign's sheet and logo; '' where it has none."""

    sheet: str
    logo: str


def wear_of(campaign: Campaign, home: str = "") -> Wear:
    """Return the addresses, below `home` for what is not live."""
    found = campaign.branding
    if found is None:
        return Wear("", "")
    base = f"{home or '/brand/' + campaign.campaign_id}/{digest(found)}"
    return Wear(f"{base}.css" if sheet(found) else "", f"{base}.svg" if found.logo else "")


@lru_cache(maxsize=64)
def sheet(branding: Branding) -> str:
    """Return the rules of a campaign's accents, or '' where it has none."""
    rules = [
        template.format(colour=colour, on=ON_ACCENT[name])
        for name, template in (("accent", _DAY), ("night", _NIGHT))
        for colour in [getattr(branding, name)]
        if is_colour(colour)
    ]
    if not rules:
        return ""
    return f"@layer tokens{{@media screen and (forced-colors:none){{{''.join(rules)}}}}}"


@lru_cache(maxsize=64)
def digest(branding: Branding) -> str:
    """Return the name of a look: another content has another."""
    said = f"{sheet(branding)}|{branding.logo}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]
