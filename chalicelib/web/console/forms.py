"""Forms of the console: fields and, where a page sends a file, that file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qs

from chalicelib.domain.errors import InvalidPayload, PayloadTooLarge
from chalicelib.domain.sentence import Sentence, said
from chalicelib.web.api import Routes

LONGEST = 4_000_000  # of a form with its file: Lambda takes 6 MB, of which base64 costs a third
_MOST_FIELDS = 6_000  # a grid of 300 pop-ups
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_MULTIPART = "multipart/form-data"
Choice = TypeVar("Choice", bound=StrEnum)


class BadFormError(ValueError):
    """The body is no form; the sentence says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Form:
    """What was posted: each field once, and the bytes of a file."""

    fields: Mapping[str, str]
    files: Mapping[str, bytes]

    def text(self, name: str) -> str:
        return self.fields.get(name, "")

    def whole(self, name: str) -> int:
        """Return a whole number, as long as one may be. Raises InvalidPayload."""
        text = self.text(name).strip()
        if not _WHOLE.fullmatch(text):
            raise InvalidPayload([(f"/{name}", said("is no whole number"))])
        return int(text)

    def one_of(self, known: type[Choice], name: str) -> Choice:
        """Return which of the known values was chosen. Raises InvalidPayload."""
        try:
            return known(self.text(name))
        except ValueError as error:
            told = said("is none of {known}", known=", ".join(known))
            raise InvalidPayload([(f"/{name}", told)]) from error


def read(routes: Routes) -> Form:
    """Return the posted form. Raises InvalidPayload, PayloadTooLarge."""
    raw = routes.request().raw_body or b""
    body = raw if isinstance(raw, bytes) else raw.encode()
    if len(body) > LONGEST:
        raise PayloadTooLarge
    kind = routes.header("content-type") or ""
    try:
        return _parts(kind, body) if kind.startswith(_MULTIPART) else Form(_fields(body), {})
    except BadFormError as error:
        raise InvalidPayload([("", error.sentence)]) from error
    except ValueError as error:
        raise InvalidPayload([("", said("this is no form that can be read"))]) from error


def _fields(body: bytes) -> dict[str, str]:
    """Return the fields, empty ones too. Raises ValueError for a body that is no form."""
    found = parse_qs(
        body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
    )
    return {name: _once(name, values) for name, values in found.items()}


def _once(name: str, values: list[str]) -> str:
    if len(values) > 1:
        raise BadFormError(said("{name} is given twice", name=name))
    return values[0].replace("\r\n", "\n")


def _parts(kind: str, body: bytes) -> Form:
    """Return the fields and files of a multipart body (RFC 7578). Raises ValueError."""
    head = b"Content-Type: " + kind.encode("ascii") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise BadFormError(said("the form has no parts"))
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise BadFormError(said("a part of the form has no name"))
        if name in fields or name in files:
            raise BadFormError(said("{name} is given twice", name=name))
        if part.get_filename() is None:
            fields[name] = content.decode()
        else:
            files[name] = content
    return Form(fields, files)
