"""Who reads: cookies and languages from headers that anyone may send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.reader import cookies_of, reader_of


@pytest.mark.parametrize(
    "header",
    [
        "__Host-visitor=abc.def",
        '__Host-visitor=abc.def; theirs={"a":1}',
        'theirs={"a":[1,2]}; __Host-visitor=abc.def',
        "broken; =; ;;__Host-visitor=abc.def ; a b=c",
        "x[1]=é; __Host-visitor=abc.def",
    ],
)
def test_our_cookie_is_found_beside_those_of_others(header: str) -> None:
    assert cookies_of(header)["__Host-visitor"] == "abc.def"


@pytest.mark.parametrize(
    "header",
    ["ar; q=0.9, en; q=0.1", "en;Q=0.1,ar;Q=0.9", "en ; q = 0.1 ,\tar-EG ; q=.9", "AR, en"],
)
def test_a_browser_may_write_its_languages_with_blanks_and_in_any_case(header: str) -> None:
    assert reader_of({"accept-language": header}, "/", "request-1").language == "ar"


@given(st.text(), st.text())
def test_no_header_breaks_the_reader(cookie: str, language: str) -> None:
    reader = reader_of({"cookie": cookie, "accept-language": language}, "/", "request-1")
    assert reader.theme in {"", "light", "dark"}
    assert reader.language
