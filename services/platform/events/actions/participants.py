"""Who registered, sealed under the event's own key: erased, it takes all of them along in every copy."""

import uuid
from typing import Final

import msgspec

from libs.persistence.sealing.vault import Place, Sealer, Vault
from libs.persistence.work import Work

LANGUAGES: Final = ("ja", "en")


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A resident has a name and the code to come back with; an organisation only has answers."""

    name: str = ""
    kana: str = ""
    email: str = ""
    telephone: str = ""
    code: str = ""
    language: str = "ja"
    answers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return "Participant()"


async def key_of(vault: Vault, work: Work, event_id: uuid.UUID) -> Sealer:
    """The event's key, made with its first registration. Raises KeyErased."""
    return await vault.create(work.tenant_id, event_id)


def seal(sealer: Sealer, place_id: uuid.UUID, participant: Participant) -> bytes:
    return sealer.seal(_place(place_id), msgspec.json.encode(participant).decode())


def unseal(sealer: Sealer, place_id: uuid.UUID, sealed: bytes | None) -> Participant:
    """Empty where nothing was sealed. Raises Unreadable."""
    if sealed is None:
        return Participant()
    return msgspec.json.decode(sealer.open(_place(place_id), sealed), type=Participant)


def _place(place_id: uuid.UUID) -> Place:
    return Place("place", "sealed", place_id)
