# ruff: noqa: E501 - an attack stands on one line
"""No logo keeps anything active, whatever it is made of; what is kept stays as it is."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import svg
from chalicelib.domain.svg import BadSvgError, sanitised

NS = 'xmlns="http://www.w3.org/2000/svg"'
BOX = f'{NS} viewBox="0 0 10 10"'
RECT = '<rect width="10" height="10"/>'
KEPT_RECT = '<rect height="10" width="10"></rect>'
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
JS = "javascript:alert(1)"

# What is known to run, load or tell something, from lists of SVG attacks; each beside a shape.
VECTORS = {
    "script": "<script>alert(1)</script>",
    "script by address": f'<script {XLINK} xlink:href="https://evil.example/x.js"/>',
    "script in cdata": "<script><![CDATA[alert(1)]]></script>",
    "script in another namespace": '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
    "script by a prefix": '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
    "handler": '<rect width="9" height="9" onload="alert(1)" onclick="alert(1)"/>',
    "handler in capitals": '<rect width="9" height="9" ONLOAD="alert(1)" onMouseOver="x()"/>',
    "handler on a group": '<g onfocusin="alert(1)" tabindex="0"><path d="M0 0"/></g>',
    "link": f'<a href="{JS}"><rect width="9" height="9"/></a>',
    "xlink": f'<a {XLINK} xlink:href="{JS}"><text>x</text></a>',
    "hidden in a link": '<a href="java&#10;script:alert(1)"><path d="M0 0"/></a>',
    "foreign object": '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="alert(1)"/></body></foreignObject>',
    "iframe": '<iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.example"/>',
    "embed": '<embed xmlns="http://www.w3.org/1999/xhtml" src="x.svg"/>',
    "picture": f'<image {XLINK} xlink:href="https://evil.example/p.png" width="1" height="1"/>',
    "data picture": '<image href="data:image/svg+xml;base64,PHN2Zy8+" width="1" height="1"/>',
    "use of another file": f'<use {XLINK} xlink:href="https://evil.example/x.svg#a"/>',
    "use of data": '<use href="data:image/svg+xml,%3Csvg id=%22a%22/%3E#a"/>',
    "use of its own": '<use href="#a"/>',
    "style": "<style>*{background:url(https://evil.example/c)} @import 'x';</style>",
    "style by attribute": '<rect width="9" height="9" style="fill:url(https://evil.example/f)"/>',
    "style with a binding": '<rect width="9" height="9" style="-moz-binding:url(x.xml#a);behavior:url(x)"/>',
    "style with an expression": '<rect width="9" height="9" style="width:expression(alert(1))"/>',
    "style with an escape": '<rect width="9" height="9" style="fill:u\\72l(https://evil.example)"/>',
    "fill from elsewhere": '<rect width="9" height="9" fill="url(https://evil.example/f#a)"/>',
    "fill from data": "<rect width='9' height='9' fill='url(data:image/svg+xml,x#a)'/>",
    "fill in quotes": "<rect width='9' height='9' fill='url(\"//evil.example\")'/>",
    "filter": '<rect width="9" height="9" filter="url(https://evil.example/f#a)"/>',
    "filter's picture": f'<filter id="a"><feImage {XLINK} xlink:href="https://evil.example/p"/></filter>',
    "mask": '<rect width="9" height="9" mask="url(//evil.example#m)"/>',
    "pattern": f'<pattern id="p" {XLINK} xlink:href="https://evil.example#p"/>',
    "cursor": f'<cursor {XLINK} xlink:href="https://evil.example/c"/>',
    "animation": '<animate attributeName="href" values="javascript:alert(1)"/>',
    "set": f'<a><set attributeName="href" to="{JS}"/><path d="M0 0"/></a>',
    "animated handler": '<set attributeName="onload" to="alert(1)" begin="0s"/>',
    "animate on begin": '<animate onbegin="alert(1)" attributeName="x" dur="1s"/>',
    "motion": '<animateMotion path="M0 0" onend="alert(1)"/>',
    "discard": '<discard begin="0s" href="#a"/>',
    "handler element": '<handler type="text/javascript">alert(1)</handler>',
    "listener": '<listener event="load" handler="#h" xmlns="http://www.w3.org/2001/xml-events"/>',
    "switch": '<switch><foreignObject requiredExtensions="x"><p/></foreignObject></switch>',
    "video": '<video xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/>',
    "meta": '<meta xmlns="http://www.w3.org/1999/xhtml" http-equiv="refresh" content="0;url=x"/>',
    "base": '<base xmlns="http://www.w3.org/1999/xhtml" href="https://evil.example/"/>',
    "xml:base": '<g xml:base="https://evil.example/"><path d="M0 0"/></g>',
    "title with markup": "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>",
    "text with markup": "<text>&lt;img src=x onerror=alert(1)&gt;</text>",
    "attribute with markup": '<g id="&quot;&gt;&lt;script&gt;"><path d="M0 0"/></g>',
    "instruction": '<?xml-stylesheet href="https://evil.example/x.css"?>',
    "comment": "<!-- --><!--[if IE]><script>alert(1)</script><![endif]-->",
    "metadata": '<metadata><x onload="alert(1)"/></metadata>',
    "a svg inside": f'<svg {NS} onload="alert(1)"><script/></svg>',
    "math": '<math xmlns="http://www.w3.org/1998/Math/MathML" href="javascript:alert(1)"/>',
    "symbol": '<symbol id="s" onload="alert(1)"><script>1</script></symbol>',
    "view": '<view id="v" viewTarget="javascript:alert(1)"/>',
    "clip from elsewhere": '<g clip-path="url(https://evil.example#c)"><path d="M0 0"/></g>',
    "font": "<font-face-uri xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='//evil.example'/>",
    "unknown": '<blink data-x="javascript:1" href="javascript:1"/>',
}  # fmt: skip
REFUSED = {
    "entities": f'<!DOCTYPE svg [<!ENTITY a "x">]><svg {BOX}>{RECT}<text>&a;</text></svg>',
    "laughs": '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + f"<svg {BOX}>{RECT}</svg>",
    "outer entity": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + f"<svg {BOX}>&x;{RECT}</svg>",
    "parameter entity": '<!DOCTYPE svg [<!ENTITY % p SYSTEM "https://evil.example/d">%p;]>' + f"<svg {BOX}/>",
    "undeclared entity": f"<svg {BOX}>{RECT}<text>&nbsp;</text></svg>",
    "no xml": "GIF89a",
    "nothing": "",
    "html": "<html><body onload='x'/></html>",
    "no namespace": f'<svg viewBox="0 0 1 1">{RECT}</svg>',
    "script as the root": f"<script {NS}>alert(1)</script>",
    "not closed": f"<svg {BOX}>{RECT}",
    "two roots": f"<svg {BOX}>{RECT}</svg><svg {BOX}/>",
    "draws nothing": f"<svg {BOX}><script>1</script></svg>",
    "without a box": f'<svg {NS} width="100%" height="3em">{RECT}</svg>',
    "too large": f"<svg {BOX}>{RECT}{' ' * svg.MOST_BYTES}</svg>",
    "too large once it is written": f"<svg {BOX}>{RECT}<text>{'>' * 2_500}</text></svg>",
}  # fmt: skip
ELEMENTS = {
    *("svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
    *("text", "tspan", "title", "desc", "linearGradient", "radialGradient", "stop", "clipPath"),
}
_URL = re.compile(r"url\(#[A-Za-z][\w-]*\)", re.ASCII)


def is_calm(made: str) -> None:
    """Judge by another parser: each element and attribute is one that does nothing."""
    assert len(made.encode()) <= svg.MOST_BYTES
    assert "<!" not in made
    assert "<?" not in made
    for one in ET.fromstring(made).iter():  # noqa: S314 - it has no entity: the line above
        namespace, _, tag = one.tag.rpartition("}")
        assert namespace == "{http://www.w3.org/2000/svg"
        assert tag in ELEMENTS
        for name, value in one.attrib.items():
            assert re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name), name
            assert not name.lower().startswith("on")
            assert name not in {"href", "src", "style", "filter", "mask", "class", "data"}
            assert not set(value) & set(":;\\'\"<>&@/"), value
            assert "url" not in _URL.sub("", value).lower()


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
@pytest.mark.parametrize("place", ["after", "inside", "defs", "root"])
def test_no_known_attack_is_kept(vector: str, place: str) -> None:
    inside = {
        "after": f"{RECT}{vector}",
        "inside": f"<g>{vector}</g>{RECT}",
        "defs": f"<defs><clipPath id='c'>{vector}</clipPath></defs>{RECT}",
        "root": f"{vector}{RECT}",
    }[place]
    made = sanitised(f'<svg {BOX} onload="alert(1)">{inside}</svg>'.encode())
    is_calm(made)
    assert KEPT_RECT in made
    assert "evil" not in made
    assert "javascript" not in made
    assert sanitised(made.encode()) == made


@pytest.mark.parametrize("document", REFUSED.values(), ids=REFUSED)
def test_what_is_no_plain_svg_is_refused_with_a_reason(document: str) -> None:
    with pytest.raises(BadSvgError) as caught:
        sanitised(document.encode())
    assert len(caught.value.sentence) > 10
    assert not svg.is_sanitised(document)


def test_a_logo_as_vector_programs_write_it_keeps_its_looks() -> None:
    logo = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg {NS} width="40px" height="20" class="x"><!-- made by hand -->
<defs><linearGradient id="g" x1="0"><stop offset="0" stop-color="#C8321F"/></linearGradient></defs>
<path id="p" d="M0 0L40 20z" fill="url(#g)" style="stroke:#1C1626;stroke-width:2;font:x" stroke="red"/>
<g transform="translate(1, 2) rotate(3)"><text font-size="4">Tea &amp; more</text></g></svg>"""
    made = sanitised(logo.encode())
    is_calm(made)
    assert made == (
        '<svg viewBox="0 0 40 20" xmlns="http://www.w3.org/2000/svg"><defs>'
        '<linearGradient id="g" x1="0"><stop offset="0" stop-color="#C8321F"></stop>'
        '</linearGradient></defs><path d="M0 0L40 20z" fill="url(#g)" id="p" stroke="#1C1626" '
        'stroke-width="2"></path><g transform="translate(1, 2) rotate(3)">'
        '<text font-size="4">Tea &amp; more</text></g></svg>'
    )
    assert svg.is_sanitised(made)


def test_what_lies_too_deep_is_left_out() -> None:
    deep = f"<svg {BOX}>{RECT}{'<g>' * 100}{RECT}{'</g>' * 100}</svg>"
    assert sanitised(deep.encode()).count("<rect") == 1


def test_a_text_that_is_no_unicode_is_not_sanitised() -> None:
    assert not svg.is_sanitised("\ud800")


NAMES = st.sampled_from(
    [
        *sorted(ELEMENTS),
        *("script", "style", "a", "use", "image", "foreignObject", "animate", "set", "filter"),
        *("iframe", "handler", "mask", "pattern", "symbol", "SCRIPT", "svG"),
    ]
)
ATTRIBUTES = st.sampled_from(
    [
        *("fill", "stroke", "clip-path", "d", "id", "style", "href", "onload", "onClick", "class"),
        *("filter", "width", "viewBox", "transform", "font-family", "xml:base", "stop-color", "x"),
    ]
)
BITS = st.sampled_from(
    [
        *("url(", ")", "#a", "javascript:", "https://evil.example", "data:", "1", " ", "red", ";"),
        *(":", "fill", "expression(", "\\75rl(", "rotate(", "'", "@import", "/*", "*/", "\n"),
        *("\t", ",", "url(#a)", "&#10;", "%", "-moz-binding", "src(", "image(", "URL(", "(", "u"),
        *("r", "l"),
    ]
)
VALUES = st.lists(BITS, max_size=6).map("".join)


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, attributes, children: "<{}{}>{}</{}>".format(
            name,
            "".join(f' {one}="{value}"' for one, value in attributes.items()),
            "".join(children),
            name,
        ),
        NAMES,
        st.dictionaries(ATTRIBUTES, VALUES, max_size=4),
        st.lists(inner, max_size=3),
    )


TREES = st.recursive(
    st.sampled_from(["", RECT, "text", "<![CDATA[<script>]]>", "<!-- c -->", "&lt;script&gt;"]),
    _element,
    max_leaves=12,
)


@given(st.lists(TREES, max_size=4), st.dictionaries(ATTRIBUTES, VALUES, max_size=3))
def test_no_tree_of_bad_and_good_pieces_keeps_anything_active(
    trees: list[str], attributes: dict[str, str]
) -> None:
    facts = "".join(f' {name}="{value}"' for name, value in attributes.items())
    box = NS if "viewBox" in attributes else BOX
    document = f"<svg {box}{facts}>{RECT}{''.join(trees)}</svg>"
    try:
        made = sanitised(document.encode())
    except BadSvgError:
        return
    is_calm(made)
    assert sanitised(made.encode()) == made


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_are_refused_or_calm(data: bytes) -> None:
    for document in (data, f"<svg {BOX}>{RECT}".encode() + data + b"</svg>"):
        try:
            is_calm(sanitised(document))
        except BadSvgError:
            continue
