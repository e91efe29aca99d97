"""As whom PostgreSQL runs. It refuses root, so root lends it the user nobody or the data's owner."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from libs.persistence.embedded.errors import no_account, others_data

_SHELL = "/bin/sh"
_TEST = 'for path do test -x "$path" || exit 1; done'


class Identity(TypedDict, total=False):
    """Arguments of `subprocess` that give a child its user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """User and group the server runs as. `switched` when they are not our own."""

    uid: int
    gid: int
    switched: bool

    def identity(self) -> Identity:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switched else {}

    def reaches(self, *paths: Path) -> bool:
        """Whether this account may enter the folders and run the files. The system itself is asked, since
        access lists, mounts and security modules decide beyond the mode bits."""
        if not self.switched:
            return True
        command = [_SHELL, "-c", _TEST, _SHELL, *map(str, paths)]
        try:
            answer = subprocess.run(command, cwd="/", check=False, **self.identity())  # noqa: S603 - fixed text
        except OSError as error:  # no right to change user, or a container that knows no such user
            raise no_account() from error
        return answer.returncode == 0

    def give(self, path: Path) -> None:
        """Make `path`, which is ours, this account's own."""
        if self.switched:
            os.chown(path, self.uid, self.gid)


def account_for(data: Path) -> Account:
    """Raises EmbeddedServerError where root finds no user to lend, and where the data is somebody else's."""
    owner = _owner(data)
    if os.geteuid() == 0:
        return owner if owner and owner.uid != 0 else _nobody()
    if owner and owner.uid != os.geteuid():
        raise others_data(data)
    return Account(os.geteuid(), os.getegid(), switched=False)


def _owner(data: Path) -> Account | None:
    try:
        found = data.stat()
    except FileNotFoundError:
        return None
    return Account(found.st_uid, found.st_gid, switched=True)


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise no_account() from error
    return Account(entry.pw_uid, entry.pw_gid, switched=True)
