"""Which master keys a deployment has: what its settings name first is current, the others still open."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from libs.errors.problems import InvalidInput
from libs.persistence.sealing.master_files import MasterFiles, master_numbers
from libs.persistence.sealing.master_key import MasterKey, MasterKeys, from_text
from libs.persistence.sealing.transit import TransitMasterKey


@dataclass(frozen=True, slots=True)
class MasterSource:
    """A key service's key before a text before the key folder's files; `before`: earlier texts.

    So a deployment moves from one to another: it names the new one, restarts, and rewraps.
    """

    text: str | None = field(default=None, repr=False)
    before: tuple[str, ...] = field(default=(), repr=False)
    url: str | None = None
    token_file: str | None = None
    authority_file: str | None = None

    @property
    def is_files_alone(self) -> bool:
        return self.url is None and self.text is None

    def opened(self, folder: Path) -> MasterKey:
        """Raises InvalidInput for a key that is none, is open to others, or lacks its token's file."""
        found = list(self._named())
        if not found or master_numbers(folder):
            found.append(MasterFiles(folder))
        return found[0] if len(found) == 1 else MasterKeys(found)

    def _named(self) -> Iterator[MasterKey]:
        if self.url is not None:
            authority = None if self.authority_file is None else Path(self.authority_file)
            yield TransitMasterKey(self.url, self._token_file(), authority)
        for text in (*([] if self.text is None else [self.text]), *self.before):
            yield from_text(text)

    def _token_file(self) -> Path:
        if self.token_file is None:
            raise InvalidInput(
                "master_key_token_file",
                "鍵サービスのトークンのファイルを指定してください。",
                "Name the file of the key service's token.",
            )
        return Path(self.token_file)
