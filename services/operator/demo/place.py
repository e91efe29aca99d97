"""Where the demo keeps its things: data under one folder, and demo.json where tools look for it."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil

from libs.persistence.roles import ROLES


@dataclass(frozen=True, slots=True)
class Place:
    """`data` is the demo's folder; `shown` the folder of demo.json (`.tsunagari` of the project)."""

    data: Path
    shown: Path

    @property
    def demo_file(self) -> Path:
        return self.shown / "demo.json"

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def objects(self) -> Path:
        """Files that people sent, sealed: where the platform keeps them beside its keys."""
        return self.data / "objects"

    @property
    def mail(self) -> Path:
        """What the platform mailed, a text for each: letters hold links and codes."""
        return self.data / "mail"

    @property
    def help_code(self) -> Path:
        """Holds the code with which somebody of the story reads the answer to their request."""
        return self.data / "help_code"

    @property
    def seeded(self) -> Path:
        """Holds the fingerprint of the schema and story that the data were made with."""
        return self.data / "seeded"

    def make(self) -> None:
        for folder in (self.data, self.shown, self.keys, self.mail, self.data / "logs"):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.keys, self.mail):
            folder.chmod(0o700)

    def log(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"

    def forget(self) -> None:
        """Removes an earlier demo's data, the database's too."""
        for folder in (self.postgres, self.keys, self.objects, self.mail):
            shutil.rmtree(folder, ignore_errors=True)
        self.seeded.unlink(missing_ok=True)

    def passwords(self) -> dict[str, str]:
        """One for each database role, made once, readable by the demo's user alone."""
        path = self.keys / "passwords.json"
        if not path.exists():
            made = {role: secrets.token_urlsafe(18) for role in ROLES}
            self.write_privately(path, json.dumps(made))
        return json.loads(path.read_text(encoding="utf-8"))

    def write_privately(self, path: Path, text: str) -> None:
        temporary = path.with_suffix(".new")
        temporary.touch(mode=0o600)
        temporary.chmod(0o600)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)

    def note_running(self) -> None:
        (self.data / "demo.pid").write_text(str(os.getpid()), encoding="utf-8")

    def note_ended(self) -> None:
        (self.data / "demo.pid").unlink(missing_ok=True)
        self.demo_file.unlink(missing_ok=True)

    def running_pid(self) -> int | None:
        """The demo's process, if one runs on this data."""
        try:
            pid = int((self.data / "demo.pid").read_text(encoding="utf-8"))
            said = " ".join(psutil.Process(pid).cmdline())
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return pid if "services.operator" in said or "tsunagari" in said else None
