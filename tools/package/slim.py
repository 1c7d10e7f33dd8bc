"""What Lambda need not carry: AWS services nobody calls, languages nobody reads, tools of builds.

What is left out is proved by what is left: the finished zip is imported, and a test walks the
whole journey in it.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from chalicelib.web.languages import DAY_FIRST, LANGUAGES

# Which calls the app makes; a client knows no other. A test compares this with what is called.
CALLS: Mapping[str, frozenset[str]] = {
    "dynamodb/2012-08-10": frozenset(
        {"BatchGetItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem"}
    ),
    "cognito-idp/2016-04-18": frozenset({"AdminCreateUser", "AdminGetUser"}),
    "ses/2010-12-01": frozenset({"SendEmail"}),
    "sqs/2012-11-05": frozenset({"ChangeMessageVisibility", "SendMessageBatch"}),
    "ssm/2014-11-06": frozenset({"GetParameter"}),
}
_DATA, _LOCALES = "botocore/data", "babel/locale-data"
_OF_ALL = ("_retry", "endpoints", "partitions", "sdk-default-configuration")
_OF_A_SERVICE = ("service-2", "endpoint-rule-set-1")
_KEPT_DATA = {f"{_DATA}/{name}.json" for name in _OF_ALL} | {
    f"{_DATA}/{service}/{name}.json" for service in CALLS for name in _OF_A_SERVICE
}
_OF_OTHERS = ("root", "en_001")  # which the languages and the dates of English build on
_KEPT_LOCALES = {
    f"{_LOCALES}/{name}.dat" for name in (*_OF_OTHERS, DAY_FIRST, *(code for code, _ in LANGUAGES))
}
_NEVER_IMPORTED = (
    "*.data/*",  # scripts
    "*.dist-info/RECORD",  # lists files that are no longer there; licences stay
    "babel/messages/*",  # gathers texts
    "cffi/*",  # builds extensions; PyNaCl needs its backend, a file beside it, alone
    "dateutil/zoneinfo/*.tar.gz",  # the standard library has the zones
    "pycparser/*",  # cffi's
    "qrcode/console_scripts.py",
    "qrcode/tests/*",
    "uharfbuzz/_harfbuzz_test*",
)

Json = dict[str, Any]


def needed(name: str) -> bool:
    """Tell whether a file of Chalice's zip is deployed."""
    if PurePosixPath(name).is_relative_to(_DATA):
        return name.removesuffix(".gz") in _KEPT_DATA
    if fnmatchcase(name, f"{_LOCALES}/*.dat"):
        return name in _KEPT_LOCALES
    return not any(fnmatchcase(name, pattern) for pattern in _NEVER_IMPORTED)


def slim(root: Path) -> None:
    """Cut botocore's data to what is called, and unpack it: the zip packs it anyway."""
    data = root / _DATA
    for path in sorted(data.rglob("*.json.gz")):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    _change(data / "endpoints.json", _endpoints)
    for service, calls in CALLS.items():
        _change(data / service / "service-2.json", partial(_cut, calls=calls))


def _change(path: Path, change: Callable[[Json], Json]) -> None:
    document = change(json.loads(path.read_text()))
    path.write_text(json.dumps(document, separators=(",", ":")))


def _endpoints(document: Json) -> Json:
    names = [service.partition("/")[0] for service in CALLS]
    for partition in document["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in names if name in services}
    return document


def _cut(model: Json, calls: frozenset[str]) -> Json:
    """Return a service's model with these calls and their shapes, without documentation."""
    operations = {name: model["operations"][name] for name in sorted(calls)}
    shapes: Json = {}
    waiting = list(_named(operations))
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            waiting += _named(shapes[name])
    cut: Json = _untold(model | {"operations": operations, "shapes": dict(sorted(shapes.items()))})
    return cut


def _named(part: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Return every shape that a part of a model names."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "shape" and isinstance(value, str):
                yield value
            else:
                yield from _named(value)
    elif isinstance(part, list):
        for value in part:
            yield from _named(value)


def _untold(part: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a part of a model without documentation."""
    if isinstance(part, dict):
        told = {k for k, value in part.items() if k == "documentation" and isinstance(value, str)}
        return {key: _untold(value) for key, value in part.items() if key not in told}
    return [_untold(value) for value in part] if isinstance(part, list) else part
