"""HTTP requests as API Gateway's events."""

import base64

from local.rest import Match, Request, Routes, event_of

ROUTES = Routes(["/", "/p/{popup_id}", "/p/istanbul", "/V/{token}", "/V/{token}/state", "/staff"])


def test_a_fixed_segment_wins_over_a_captured_one() -> None:
    assert ROUTES.match("/p/istanbul") == Match("/p/istanbul")
    assert ROUTES.match("/p/rome") == Match("/p/{popup_id}", {"popup_id": "rome"})


def test_a_slash_at_the_end_does_not_count() -> None:
    assert ROUTES.match("/staff/").resource == "/staff"
    assert ROUTES.match("/").resource == "/"


def test_what_no_route_takes_has_no_resource() -> None:
    for path in ("/nowhere", "/p/", "/p//x", "/V/a/b/c", "/STAFF"):
        assert ROUTES.match(path).resource is None


def test_path_parts_stay_percent_encoded() -> None:
    assert ROUTES.match("/V/a%2Fb").captured == {"token": "a%2Fb"}


def test_an_event_has_what_lambda_gets() -> None:
    request = Request(
        "POST",
        "/p/rome?s=a&s=b&c=",
        (("host", "here"), ("cookie", "a=1"), ("cookie", "b=2"), ("content-type", "text/plain")),
        b"caf\xc3\xa9",
        id="request-1",
    )
    event = event_of(request, ROUTES.match(request.path), ["application/octet-stream"])
    assert event["requestContext"]["resourcePath"] == "/p/{popup_id}"
    assert event["requestContext"]["requestId"] == "request-1"
    assert event["pathParameters"] == {"popup_id": "rome"}
    assert event["multiValueQueryStringParameters"] == {"s": ["a", "b"], "c": [""]}
    assert event["queryStringParameters"] == {"s": "b", "c": ""}
    assert event["headers"]["cookie"] == "b=2"
    assert event["multiValueHeaders"]["cookie"] == ["a=1", "b=2"]
    assert event["headers"]["x-forwarded-proto"] == "http"
    assert (event["body"], event["isBase64Encoded"]) == ("café", False)


def test_a_binary_body_travels_as_base64() -> None:
    request = Request("POST", "/", (("content-type", "application/octet-stream"),), b"\xff\x00")
    event = event_of(request, ROUTES.match("/"), ["application/octet-stream"])
    assert base64.b64decode(event["body"]) == b"\xff\x00"
    assert event["isBase64Encoded"]


def test_text_that_is_no_utf_8_still_arrives() -> None:
    event = event_of(Request("POST", "/", (), b"\xff\xfe"), ROUTES.match("/"), [])
    assert event["body"] == "\ufffd\ufffd"


def test_without_a_query_there_is_none_at_all() -> None:
    event = event_of(Request("GET", "/"), ROUTES.match("/"), [])
    assert event["multiValueQueryStringParameters"] is None
    assert event["body"] is None
