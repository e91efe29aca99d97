"""All that lies in the database, as text: whoever has its disks or a copy of it reads as much."""

from libs.persistence.connections import Connection


async def everything(sql: Connection) -> dict[str, str]:
    """Each table's whole content as text, with binary columns read as UTF-8 where they are."""
    tables = await sql.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'tsunagari'")
    return {
        table["tablename"]: "\n".join(
            f"{row[0]} {_bytes(row[1])}"
            for row in await sql.fetch(
                f"SELECT row_to_json(t)::text, t::text FROM tsunagari.{table['tablename']} t"
            )
        )
        for table in tables
    }


def _bytes(row: str) -> str:
    """The row with every \\x… literal decoded too: a text kept as plain bytes is found."""
    parts = [part.split('"')[0].rstrip(",)") for part in row.split("\\x")[1:]]
    return " ".join(_decoded(part) for part in parts)


def _decoded(part: str) -> str:
    digits = "".join(character for character in part if character in "0123456789abcdef")
    return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8", "replace")
