"""A row's texts into `sealed_text` and out of it."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from libs.persistence.sealing.vault import Place, Sealer
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.persistence.work import Work
from services.platform.referrals.models import sealed_text


async def seal_texts(
    work: Work, sealer: Sealer, case_id: uuid.UUID, of: tuple[str, uuid.UUID], texts: Mapping[str, str]
) -> dict[str, bytes]:
    """Writes each text under the case's key in place of an earlier one; the ciphertexts by column."""
    table, row = of
    sealed = {column: sealer.seal(Place(table, column, row), text) for column, text in texts.items()}
    for column, ciphertext in sealed.items():
        await work.rows(
            KEEP,
            id=uuid7(),
            case_id=case_id,
            of_table=table,
            of_row=row,
            of_column=column,
            ciphertext=ciphertext,
            created_at=work.now,
        )
    return sealed


async def sealed_texts(work: Work, table: str, row: uuid.UUID) -> dict[Place, bytes]:
    """The ciphertexts of one row by their places."""
    found = await work.rows(OF_ROW, of_table=table, of_row=row)
    return {Place(table, each["of_column"], row): each["ciphertext"] for each in found}


def open_texts(sealer: Sealer, sealed: Mapping[Place, bytes]) -> dict[str, str]:
    return {place.column: sealer.open(place, ciphertext) for place, ciphertext in sealed.items()}


_COLUMNS: dict[str, Any] = {
    name: parameter(sealed_text.c[name])
    for name in ("id", "case_id", "of_table", "of_row", "of_column", "ciphertext", "created_at")
}
_INSERT = insert(sealed_text).values(tenant_id=TENANT, **_COLUMNS)
KEEP = Statement(
    _INSERT.on_conflict_do_update(
        index_elements=["tenant_id", "of_row", "of_column"],
        set_={"ciphertext": _INSERT.excluded.ciphertext, "created_at": _INSERT.excluded.created_at},
    ).returning(sealed_text.c.id)
)
OF_ROW = Statement(
    sa.select(sealed_text.c.of_column, sealed_text.c.ciphertext).where(
        sealed_text.c.tenant_id == TENANT,
        sealed_text.c.of_table == parameter(sealed_text.c.of_table),
        sealed_text.c.of_row == parameter(sealed_text.c.of_row),
    )
)
