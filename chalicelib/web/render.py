"""Pages: one Jinja environment, the reader's language, the assets' hashed names."""

from collections.abc import Callable, Iterator, MutableMapping
from functools import cache, lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import msgspec
from chalice import Response
from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    ModuleLoader,
    StrictUndefined,
    select_autoescape,
)
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from chalicelib import cities
from chalicelib.domain.merchant import Texts, text_in
from chalicelib.web import benefits, languages, look, wear, wording
from chalicelib.web.context import context
from chalicelib.web.languages import LANGUAGES
from chalicelib.web.reader import Reader
from chalicelib.web.security import PAGE_HEADERS

_ROOT = Path(__file__).resolve().parents[2]
COMPILED = "pages"  # where a deployment has its templates as modules; Lambda may write nothing


class _Context(Context):
    """Calls as Jinja does, without looking at each call twice: that took a tenth of a page."""

    def call(self, asked: Callable[..., Any], /, *args: Any, **values: Any) -> Any:  # noqa: ANN401
        """Call a macro or a plain function; what wants to be given more is left to Jinja."""
        if hasattr(asked, "jinja_pass_arg"):
            return super().call(asked, *args, **values)
        values.pop("_block_vars", None)
        values.pop("_loop_vars", None)
        if type(asked) is Macro:
            return asked(self.eval_ctx, *args, **values)
        return asked(*args, **values)


class _Environment(Environment):
    """Templates share the globals as they are: Jinja's layers cost a tenth of a page's time."""

    context_class = _Context

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return self.globals if d is None else super().make_globals(d)


@cache
def environment(language: str) -> Environment:
    """Return the environment of one language; its templates are compiled once."""
    made = _Environment(
        loader=_loader(_ROOT),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_translations(  # type: ignore[attr-defined]
        languages.catalogue(language), newstyle=True
    )
    made.globals |= {
        "_": (words := _words(languages.catalogue(language))),
        "gettext": words,
        "asset": asset,
        "awning_of": look.awning_of,
        "benefit_of": lambda benefit: benefits.face(benefit, language),
        "city_in": lambda city: cities.name_in(city, language),
        "comma": languages.comma(language),
        "dir": languages.direction(language),
        "lang": language,
        "languages": LANGUAGES,
        "moment": lambda at, zone: wording.moment(at, zone, language),
        "instant": lambda at: wording.instant(at, language),
        "mark_once": lru_cache(maxsize=1024)(_mark_once),
        "part_once": _part_once(language),
        "said": lambda text: wording.said(text, language),
        "wear_of": wear.wear_of,
        "wall_time": lambda text: wording.wall_time(text, language),
        "number": lambda value: wording.number(value, language),
        "money": lambda amount, currency: wording.money(amount, currency, language),
        "text_in": lambda texts: _text_in(texts, language),
        "clock": wording.clock,
        "origin": lambda: context.settings.public_url,
    }
    return made


def _part_once(language: str) -> Callable[..., Markup]:
    """Return what draws a part that differs by language and theme alone: each once."""

    @cache
    def part_once(template: str, theme: str | None = None) -> Markup:
        return fragment(template, language, theme=theme)

    return part_once


def _mark_once(macro: Macro, *args: object, **values: object) -> Markup:
    """Draw what a macro makes of these values, which its words and the language alone decide."""
    return Markup(macro(*args, **values))  # noqa: S704 - it escaped what it was given


def _words(catalogue: NullTranslations) -> Callable[..., Markup]:
    """Return Jinja's gettext, which formats a text only where it has something to fill in.

    Its own formats every text, which took a quarter of a page's time.
    """

    @lru_cache(maxsize=4096)  # there are fewer texts; one that a form made up falls out again
    def said(text: str) -> Markup:
        return Markup(catalogue.gettext(text))  # noqa: S704 - the catalogue is ours

    def gettext(text: str, /, **values: object) -> Markup:
        return said(text) % values if values else said(text)

    return gettext


def _loader(root: Path) -> BaseLoader:
    """Return where templates come from: compiled ones where there are any."""
    compiled = root / COMPILED
    return ModuleLoader(compiled) if compiled.is_dir() else FileSystemLoader(root / "templates")


def page(
    template: str,
    reader: Reader,
    *,
    status: int = 200,
    headers: dict[str, str | list[str]] | None = None,
    **values: Any,  # noqa: ANN401 - a template takes what it names
) -> Response:
    """Return a page of this reader's language; everything in it is escaped by default."""
    values |= {"theme": reader.theme, "path": reader.path}
    body = environment(reader.language).get_template(template).render(values)
    shown = PAGE_HEADERS | {"Content-Language": reader.language} | (headers or {})
    return Response(body, headers=shown, status_code=status)


def fragment(template: str, language: str, **values: Any) -> Markup:  # noqa: ANN401 - as `page`
    """Return a piece of a page, escaped: one that many pages share is drawn once."""
    return Markup(environment(language).get_template(template).render(values))  # noqa: S704


def parts(template: str, language: str, **values: Any) -> Iterator[str]:  # noqa: ANN401 - as `page`
    """Yield a document piece by piece, for one that is too large to be whole in memory."""
    return environment(language).get_template(template).generate(values)


def asset(name: str) -> str:
    """Return the URL of an asset, with its content hash in the name."""
    return f"/static/{_manifest().get(name, name)}"


@cache
def _manifest() -> dict[str, str]:
    manifest = _ROOT / "static" / "built" / "manifest.json"
    if not manifest.exists():
        return {}
    return msgspec.json.decode(manifest.read_bytes(), type=dict[str, str])


def _text_in(texts: Texts, language: str) -> Markup:
    """Return a campaign's text, which shows its language where it is not the reader's."""
    text = text_in(texts, language)
    if language in texts or not texts:
        return escape(text)
    found = next(code for code, own in texts.items() if own == text)
    direction = languages.direction(found)
    return Markup('<span class="foreign" lang="{}" dir="{}">{}</span>').format(
        found, direction, text
    )
