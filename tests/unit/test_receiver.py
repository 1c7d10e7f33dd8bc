"""The address of a webhook: https, 443, a name; nothing that leads elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.receiver import Receiver, read

GOOD = {
    "https://shop.example.org": ("shop.example.org", "/"),
    "https://shop.example.org/": ("shop.example.org", "/"),
    "https://shop.example.org:443/a/b?c=d&e": ("shop.example.org", "/a/b?c=d&e"),
    "https://shop.example.org?c=d": ("shop.example.org", "/?c=d"),
    "HTTPS://Shop.Example.ORG/Path": ("shop.example.org", "/Path"),
    "https://shop.example.org./x": ("shop.example.org", "/x"),
    "https://bücher.example/x": ("xn--bcher-kva.example", "/x"),
    "https://xn--bcher-kva.example/x": ("xn--bcher-kva.example", "/x"),
    "https://例え.jp/": ("xn--r8jz45g.jp", "/"),
    "https://a.bc/%C3%BC": ("a.bc", "/%C3%BC"),
}
BAD = [
    *("", "shop.example.org", "//shop.example.org/", "/path", "https:", "https://", "https:///x"),
    *("http://shop.example.org/", "ftp://a.example/", "file:///etc/passwd", "gopher://a.b/"),
    *("https://shop.example.org:80/", "https://a.example:8443/", "https://a.example:0/"),
    *("https://a.example:x/", "https://a.example:99999/", "https://a.example:-1/"),
    *("https://user@a.example/", "https://user:word@a.example/", "https://a.example@127.0.0.1/"),
    *("https://a.example#@b.example/", "https://a.example/#x", "https://a.example/x#"),
    *("https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://0x7f000001/"),
    *("https://2130706433/", "https://017700000001/", "https://127.0.0.1./", "https://1.2.3.4/"),
    *("https://0/", "https://0x7f.0.0.0x1/", "https://0177.0.0.01/", "https://a.0x1/"),
    *("https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1%25eth0]/", "https://[/"),
    *("https://localhost/", "https://localhost./", "https://intranet/", "https://metadata/"),
    *("https://１２７.０.０.１/", "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/"),
    *("https://a..example/", "https://.example/", "https://-a.example/", "https://a-.example/"),
    *("https://a_b.example/", "https://a.example\\@b.example/", "https://a.ex ample/"),
    *(
        "https://a.example/\r\nHost: b",
        "https://a.example/\tx",
        " https://a.example/",
        "https://a/",
    ),
    *("https://a.example\u0000.b.example/", "https://a.example/\u00fc", "https://%61.example/"),
    *(f"https://{'a' * 64}.example/", f"https://a.example/{'x' * 500}", "https://a.example%2eb/"),
    f"https://{'.'.join(['a' * 60] * 5)}.example/",
]


@pytest.mark.parametrize("text", GOOD)
def test_a_public_name_is_read_as_dns_knows_it(text: str) -> None:
    host, path = GOOD[text]
    found = read(text)
    assert found == Receiver(host, path)
    assert read(found.url) == found


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    assert isinstance(read(text), str)


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    for said in (text, f"https://{text}", f"https://{text}.example/", f"https://a.example/{text}"):
        found = read(said)
        if isinstance(found, Receiver):
            assert found.url.isascii()
            assert not set(found.host) - set("abcdefghijklmnopqrstuvwxyz0123456789-.")
            assert not any(blank in found.path for blank in "\r\n\t \\")
            assert found.host.rpartition(".")[2][0].isalpha()


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_no_number_is_a_name(number: int, notation: str) -> None:
    assert isinstance(read(f"https://{notation.format(number)}/"), str)
    parts = [notation.format(part) for part in number.to_bytes(4)]
    for count in (2, 3, 4):
        assert isinstance(read(f"https://{'.'.join(parts[:count])}/"), str)
