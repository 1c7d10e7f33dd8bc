"""A local merchant whose offers run at the stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.photo import Photo

Texts = Mapping[str, str]  # language code -> text; the first language is the fallback


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """`sample` marks made-up merchants: pages show a badge beside the name."""

    merchant_id: str
    name: str
    country: str
    city: str
    language: str
    story: Texts
    sample: bool = False
    photo: Photo | None = None


def text_in(texts: Texts, language: str) -> str:
    """Return the text in a language, else in English, else in the first one there is."""
    base = language.split("-", maxsplit=1)[0]
    for wanted in (language, base, "en"):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()), "")
