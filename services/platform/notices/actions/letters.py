"""A letter with a secret in it: sealed under the tenant's key in the transaction that made the secret."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from uuid_utils.compat import uuid7

from libs.errors.problems import InvalidInput
from libs.persistence.sealing.vault import Place, Sealer, Vault
from libs.persistence.work import Work
from services.platform.inputs import mail_address
from services.platform.notices.actions.telling import DELIVER
from services.platform.notices.models import notice_delivery
from services.platform.notices.models.letters import LETTERS, SITE

ADDRESS_LENGTH: Final = 200


class Sealed(msgspec.Struct, frozen=True):
    """What nobody but the mail server shall read."""

    to: str
    values: dict[str, str]


async def post_letter(  # noqa: PLR0913 - a letter is all of this
    work: Work,
    vault: Vault,
    *,
    to: str,
    language: str,
    template: str,
    values: Mapping[str, str],
    expires_at: datetime,
) -> uuid.UUID:
    """Leaves the letter for the worker to send; the id of its delivery. After `expires_at` it is not sent.

    Raises InvalidInput for an address that is none, KeyError for a letter that nobody registered or a value
    that it asks for and is not given.
    """
    address = mail_address(to, "email", ADDRESS_LENGTH)
    if address is None:
        raise InvalidInput(
            "email", "メールアドレスを入力してください。", "Give a mail address.", detail="REQUIRED"
        )
    letter = LETTERS[template]
    said = Sealed(address, {name: values[name] for name in letter.places - {SITE}})
    identity = uuid7()
    await work.insert(
        notice_delivery,
        id=identity,
        channel="letter",
        kind=template,
        language=language,
        sealed=seal(await vault.of_tenant(work.tenant_id), identity, said),
        expires_at=expires_at,
        created_at=work.now,
    )
    work.later(DELIVER, identity, work.now)
    return identity


def seal(sealer: Sealer, identity: uuid.UUID, said: Sealed) -> bytes:
    return sealer.seal(_place(identity), msgspec.json.encode(said).decode())


def unseal(sealer: Sealer, identity: uuid.UUID, sealed: bytes) -> Sealed:
    """Raises Unreadable."""
    return msgspec.json.decode(sealer.open(_place(identity), sealed), type=Sealed)


def _place(identity: uuid.UUID) -> Place:
    return Place("notice_delivery", "sealed", identity)
