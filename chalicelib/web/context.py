"""The composition root: what the routes are given. A laptop and the tests fill it differently."""

import secrets as entropy_source
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from chalicelib import egress, signing
from chalicelib.cognito import Cognito, Pool
from chalicelib.config import Settings, read_settings
from chalicelib.domain.board import Reading
from chalicelib.errands import Errands
from chalicelib.post import Post, post_of
from chalicelib.signing import Secrets
from chalicelib.store import setup
from chalicelib.store.insights import Figures
from chalicelib.usecases import telling
from chalicelib.usecases.announcing import Queue
from chalicelib.web.catalog import Catalog
from chalicelib.web.key_ring import KeyRing
from chalicelib.web.recent import Recent
from chalicelib.web.shelves import Shelves
from chalicelib.web.vault import Vault


def real_now() -> datetime:
    """Return the real instant: cookies, codes and tokens of devices live by it."""
    return datetime.now(UTC)


_SETTINGS = read_settings()


@dataclass
class Context:
    """`now` is business time, which a laptop may shift; `real_now` never is."""

    settings: Settings = _SETTINGS
    now: Callable[[], datetime] = real_now
    real_now: Callable[[], datetime] = real_now
    entropy: Callable[[int], bytes] = entropy_source.token_bytes
    catalog: Catalog = field(default_factory=Catalog)
    keys: KeyRing = field(default_factory=KeyRing)
    shelves: Shelves = field(default_factory=Shelves)
    figures: Recent[Figures] = field(default_factory=Recent)
    readings: Recent[Reading] = field(default_factory=Recent)
    post: Post | None = field(default_factory=lambda: post_of(_SETTINGS))
    vault: Vault = field(default_factory=lambda: Vault(partial(signing.fetch_secrets, _SETTINGS)))
    pool: Pool = field(default_factory=lambda: Cognito(_SETTINGS))
    errands: Queue = field(default_factory=lambda: Errands(_SETTINGS))
    egress: telling.Post = egress.post

    @property
    def secrets(self) -> Secrets:
        """The secrets, read from where the settings say, or as they were given."""
        return self.vault.open()

    def connect(
        self,
        settings: Settings,
        *,
        secrets: Secrets | None = None,
        now: Callable[[], datetime] = real_now,
    ) -> None:
        """Point everything at other tables, secrets and another business clock."""
        self.settings, self.now, self.post = settings, now, post_of(settings)
        self.vault = Vault(lambda: secrets or signing.fetch_secrets(settings))
        self.forget()
        self.pool, self.errands = Cognito(settings), Errands(settings)
        setup.connect(settings)

    def forget(self) -> None:
        """Drop everything that was read from tables and is in memory."""
        self.catalog, self.keys, self.shelves = Catalog(), KeyRing(), Shelves()
        self.figures, self.readings = Recent(), Recent()


context = Context()
setup.connect(context.settings)
