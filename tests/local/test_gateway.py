"""What API Gateway and CloudFront would do, done here."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_app import small_app, unrouted

from local.gateway import Answer, Gateway
from local.rest import Request

GZIP = (("accept-encoding", "br, gzip"),)


class NoStrip:
    """A strip that marks what it saw."""

    def answer(self, request: Request) -> Answer:
        return Answer(200, (("Content-Type", "text/plain"),), request.path.encode())

    def inject(self, request: Request, answer: Answer) -> Answer:
        del request
        return answer.with_headers(("X-Strip", "yes"))


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    (tmp_path / "look.12345678.css").write_text("a{}" * 400)
    (tmp_path / "manifest.json").write_text("{}")
    return Gateway(small_app(), unrouted, tmp_path, NoStrip())


def test_a_page_is_compressed_for_who_accepts_it(gateway: Gateway) -> None:
    answer = gateway.answer(Request("GET", "/", GZIP))
    assert answer.header("content-encoding") == "gzip"
    assert answer.header("vary") == "Accept-Encoding"
    assert answer.header("content-length") == str(len(answer.body))
    assert b"hello" in gzip.decompress(answer.body)


def test_and_plain_for_who_does_not(gateway: Gateway) -> None:
    for headers in ((), (("accept-encoding", "br, gzip;q=0"),)):
        answer = gateway.answer(Request("GET", "/", headers))
        assert answer.header("content-encoding") is None
        assert b"hello" in answer.body


def test_a_small_answer_is_not_worth_it(gateway: Gateway) -> None:
    assert gateway.answer(Request("GET", "/p/rome", GZIP)).header("content-encoding") is None


def test_hashed_assets_last_and_others_are_asked_again(gateway: Gateway) -> None:
    lasting = gateway.answer(Request("GET", "/static/look.12345678.css", GZIP))
    assert lasting.status == 200
    assert "immutable" in (lasting.header("cache-control") or "")
    assert lasting.header("x-content-type-options") == "nosniff"
    assert gateway.answer(Request("GET", "/static/manifest.json")).header("cache-control") == (
        "no-cache"
    )
    known = (("if-none-match", lasting.header("etag") or ""),)
    again = gateway.answer(Request("GET", "/static/look.12345678.css", known))
    assert (again.status, again.body) == (304, b"")


def test_the_decoder_alone_may_run_webassembly(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "staff" / "decoder").mkdir(parents=True)
    (tmp_path / "staff" / "decoder" / "worker.12345678.js").write_text("")
    worker = gateway.answer(Request("GET", "/static/staff/decoder/worker.12345678.js"))
    assert "'wasm-unsafe-eval'" in (worker.header("content-security-policy") or "")
    sheet = gateway.answer(Request("GET", "/static/look.12345678.css"))
    assert sheet.header("content-security-policy") is None


@pytest.mark.parametrize(
    "path", ["/static/none.css", "/static/../test.py", "/static/%2e%2e/x.css", "/static/a%00.css"]
)
def test_assets_that_are_not_there_are_404(gateway: Gateway, path: str) -> None:
    assert gateway.answer(Request("GET", path)).status == 404


def test_the_strip_answers_for_itself_and_sees_every_page(gateway: Gateway) -> None:
    assert gateway.answer(Request("GET", "/_local/clock")).body == b"/_local/clock"
    assert gateway.answer(Request("GET", "/")).header("x-strip") == "yes"
    assert gateway.answer(Request("GET", "/static/manifest.json")).header("x-strip") is None


def test_without_a_strip_its_paths_belong_to_the_app(tmp_path: Path) -> None:
    gateway = Gateway(small_app(), unrouted, tmp_path)
    assert gateway.answer(Request("GET", "/_local/clock")).status == 404


def test_what_no_route_takes_is_answered_by_the_app(gateway: Gateway) -> None:
    assert gateway.answer(Request("GET", "/nowhere")).status == 404
    wrong = gateway.answer(Request("DELETE", "/echo"))
    assert (wrong.status, wrong.header("allow")) == (405, "POST")


def test_head_has_everything_but_the_body(gateway: Gateway) -> None:
    answer = gateway.answer(Request("HEAD", "/"))
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.header("content-length") or 0) > 1000


def test_a_204_has_no_body(gateway: Gateway) -> None:
    answer = gateway.answer(Request("GET", "/nothing"))
    assert (answer.status, answer.body) == (204, b"")


def test_several_cookies_stay_several(gateway: Gateway) -> None:
    headers = gateway.answer(Request("GET", "/cookies")).headers
    assert [value for name, value in headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_a_fault_of_the_app_tells_nothing(gateway: Gateway) -> None:
    answer = gateway.answer(Request("GET", "/fault"))
    assert answer.status == 500
    assert b"secret" not in answer.body


def test_a_fault_around_the_app_is_a_problem_too(tmp_path: Path) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("a secret detail")

    answer = Gateway(small_app(), broken, tmp_path).answer(Request("GET", "/nowhere"))
    assert answer.status == 500
    assert json.loads(answer.body)["reason"] == "try_again"


def test_two_requests_at_once_keep_their_own_request_and_context(gateway: Gateway) -> None:
    def ask(name: str) -> dict[str, str]:
        request = Request("GET", f"/meet/{name}?name={name}", id=f"id-{name}")
        found: dict[str, str] = json.loads(gateway.answer(request).body)
        return found

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, ["ada", "bob"]))
    assert answers == [
        {"path": name, "query": name, "request": f"id-{name}"} for name in ("ada", "bob")
    ]
