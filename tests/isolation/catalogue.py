"""The migrated schema as PostgreSQL describes it."""

from pathlib import Path

from libs.persistence.connections import Connection
from libs.persistence.roles import APP, OWNER, ROLES, SCHEMA
from migrations.metadata import metadata

RULES = Path(__file__).with_name("catalogue_rules.sql").read_text(encoding="utf-8")

# the closed list: each of these tables says in its model why it has no tenant
SHARED = {
    table.name: str(table.info["shared"]) for table in metadata.tables.values() if "shared" in table.info
}
REGISTERS = ("tenant",)
SERVICES = (APP, *(role for role in ROLES if role not in {OWNER, APP}))

TABLES = """SELECT c.relname FROM pg_class c
  WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> 'alembic_version' ORDER BY 1"""

GRANTS = """SELECT given.name, given.role, string_agg(given.right, ', ' ORDER BY given.right) AS rights
  FROM (
    SELECT c.relname::text AS name, x.grantee::regrole::text AS role, x.privilege_type AS right
    FROM pg_class c CROSS JOIN aclexplode(c.relacl) x
    WHERE c.relnamespace = to_regnamespace($1) AND x.grantee <> c.relowner
    UNION ALL
    SELECT c.relname || '.' || a.attname, x.grantee::regrole::text, x.privilege_type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid CROSS JOIN aclexplode(a.attacl) x
    WHERE c.relnamespace = to_regnamespace($1)
  ) given GROUP BY 1, 2 ORDER BY 1, 2"""


async def violations(connection: Connection) -> list[str]:
    """Each broken rule with its object, as one line."""
    rows = await connection.fetch(RULES, SCHEMA, list(SHARED), list(REGISTERS), OWNER, list(SERVICES))
    return [f"{row['rule']}: {row['obj']} {row['detail']}".rstrip() for row in rows]


async def tenant_tables(connection: Connection) -> list[str]:
    """Every table that the catalogue has and the closed list has not."""
    return [row["relname"] for row in await connection.fetch(TABLES, SCHEMA) if row["relname"] not in SHARED]


async def grants(connection: Connection) -> list[str]:
    """Which role may do what with which table, one a line, as the approved copy has it."""
    rows = await connection.fetch(GRANTS, SCHEMA)
    return [f"{row['name']} | {row['role']} | {row['rights']}" for row in rows]
