"""A PostgreSQL 18 of our own for the demo and the tests: no installation, no container, no trace after us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from libs.persistence.embedded.binaries import binaries_for
from libs.persistence.embedded.cluster import SUPERUSER, ready_cluster
from libs.persistence.embedded.errors import folder_unusable
from libs.persistence.embedded.files import take
from libs.persistence.embedded.places import Home, home_for
from libs.persistence.embedded.ports import HOST
from libs.persistence.embedded.postmaster import Postmaster, Wish, launch
from libs.persistence.embedded.remains import clear_remains
from libs.persistence.embedded.settings import checked

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class EmbeddedServer:
    """A running server. `data` is where the data really lives; `url` holds a password: never log it."""

    host: str
    port: int
    data: Path
    superuser: str
    password: str = field(repr=False)
    postmaster: Postmaster = field(repr=False, compare=False)

    def url(self, database: str = "postgres", *, user: str | None = None, password: str | None = None) -> str:
        """postgresql://user:password@host:port/database, percent-encoded. Without `user`, the superuser's."""
        secret = self.password if user is None and password is None else password
        name = quote(user or self.superuser, safe="")
        login = name if secret is None else f"{name}:{quote(secret, safe='')}"
        return f"postgresql://{login}@{self.host}:{self.port}/{quote(database, safe='')}"

    def stop(self) -> None:
        """Fast shutdown, by force if need be. A second call does nothing; exit calls it as well."""
        self.postmaster.stop()


def start(
    folder: Path, *, durable: bool, port: int | None = None, settings: Mapping[str, str] = _NO_SETTINGS
) -> EmbeddedServer:
    """The server of `folder`, which is made on first use, once it accepts connections.

    It ends with this process, whatever ends that (on macOS: unless by kill -9; then the next start ends it).
    `durable=False` trades crash safety for speed: tests only. `settings` are PostgreSQL's, by name.
    Raises EmbeddedServerError (folder in use, other version, no unprivileged user, ...) and InvalidInput.
    """
    wish = Wish(port=port, durable=durable, settings=checked(settings))
    wanted = folder.resolve()
    try:
        return _start(home_for(wanted), wish)
    except OSError as error:
        raise folder_unusable(wanted, error) from error


def _start(home: Home, wish: Wish) -> EmbeddedServer:
    lock = take(home.lock)
    try:
        binaries = binaries_for(home.account)
        clear_remains(home)
        password = ready_cluster(home, binaries, durable=wish.durable)
        postmaster = launch(home, binaries, lock, wish)
    except BaseException:
        lock.release()
        raise
    return EmbeddedServer(HOST, postmaster.port, home.data, SUPERUSER, password, postmaster)
