"""What Lambda need not carry: AWS services nobody calls, languages nobody reads, tools of builds.

What is taken out is proved by what is left: the finished zip is imported, and a test walks the
whole journey in it.
"""

import gzip
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

# Which calls the app makes; a client knows no other. tests/infra compares this with the roles.
CALLS: Mapping[str, frozenset[str]] = {
    "dynamodb": frozenset(
        {"BatchGetItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem"}
    ),
    "ssm": frozenset({"GetParameter"}),
}
_SHARED = frozenset(
    {"_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json"}
)
_LOCALES = frozenset({"root"})
_NEVER_IMPORTED = (
    "*.data",  # scripts
    "*.dist-info/RECORD",  # lists files that are no longer there; licences stay
    "babel/messages",  # gathers texts
    "cffi",  # builds extensions; cryptography needs its backend, a file beside it, alone
    "dateutil/zoneinfo/*.tar.gz",  # the standard library has the zones
    "pycparser",  # cffi's
    "qrcode/console_scripts.py",
    "qrcode/tests",
)

Json = dict[str, Any]


def slim(root: Path, languages: Iterable[str]) -> None:
    """Take out of an unpacked deployment what it does not need."""
    _botocore(root / "botocore" / "data")
    _babel(root / "babel" / "locale-data", {*languages, *_LOCALES})
    for pattern in _NEVER_IMPORTED:
        for path in [*root.glob(pattern)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _botocore(data: Path) -> None:
    for path in sorted(data.iterdir()):
        if path.is_dir() and path.name not in CALLS:
            shutil.rmtree(path)
        elif path.is_file() and _plain_name(path) not in _SHARED:
            path.unlink()
    for path in [*data.rglob("*.json.gz")]:
        _unpacked(path)
    _change(data / "endpoints.json", _endpoints)
    for service, calls in CALLS.items():
        newest = _only_the_newest(data / service)
        for path in [*newest.iterdir()]:
            if path.name not in {"service-2.json", "endpoint-rule-set-1.json"}:
                path.unlink()
        _change(newest / "service-2.json", lambda model, calls=calls: _service(model, calls))


def _babel(data: Path, kept: set[str]) -> None:
    for path in data.glob("*.dat"):
        if path.stem not in kept:
            path.unlink()


def _plain_name(path: Path) -> str:
    return path.name.removesuffix(".gz")


def _unpacked(path: Path) -> None:
    """Unpack a file: the zip packs it anyway, and each cold start would unpack it again."""
    path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    path.unlink()


def _only_the_newest(service: Path) -> Path:
    *older, newest = sorted(service.iterdir())
    for path in older:
        shutil.rmtree(path)
    return newest


def _change(path: Path, change: Any) -> None:  # noqa: ANN401 - a function of JSON
    document = change(json.loads(path.read_text()))
    path.write_text(json.dumps(document, separators=(",", ":")))


def _endpoints(document: Json) -> Json:
    for partition in document["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in CALLS if name in services}
    return document


def _service(model: Json, calls: frozenset[str]) -> Json:
    """Return a service's model with these calls and their shapes, without documentation."""
    operations = {name: model["operations"][name] for name in sorted(calls)}
    shapes: Json = {}
    waiting = list(_named(operations))
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            waiting += _named(shapes[name])
    slimmed: Json = _without_documentation(
        model | {"operations": operations, "shapes": dict(sorted(shapes.items()))}
    )
    return slimmed


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


def _without_documentation(part: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(part, dict):
        return {
            key: _without_documentation(value)
            for key, value in part.items()
            if not (key == "documentation" and isinstance(value, str))
        }
    if isinstance(part, list):
        return [_without_documentation(value) for value in part]
    return part
