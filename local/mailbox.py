"""The mails of a local run: they go to nobody, and lie on a page of their own until it ends."""

import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape

from chalicelib.post import Mail
from local.gateway import Answer

_KEPT = 20
_LINK = re.compile(r"https?://[^\s]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The last mails, the newest first; before them, who was invited to the console."""

    mails: deque[Mail] = field(default_factory=lambda: deque(maxlen=_KEPT))
    letters: Callable[[], Iterable[Mail]] = tuple  # of the pool of people, which sends by itself

    def put(self, mail: Mail) -> None:
        """Take a mail in place of a mail service."""
        self.mails.appendleft(mail)

    def page(self) -> Answer:
        """Return all of them as a page; links can be followed."""
        told = "".join(map(_told, (*self.letters(), *self.mails))) or "<p>No mail yet.</p>"
        body = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            "<title>Mailbox of this laptop</title></head><body><main>"
            f"<h1>Mailbox of this laptop</h1>{told}</main></body></html>"
        )
        headers = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "default-src 'none'; base-uri 'none'"),
        )
        return Answer(200, headers, body.encode())


def _told(mail: Mail) -> str:
    text = _LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', escape(mail.text))
    lines = text.replace("\n", "<br>")
    head = f"<h2>{escape(mail.subject)}</h2><p>To {escape(mail.to)}</p>"
    return f"<article>{head}<p>{lines}</p></article>"
