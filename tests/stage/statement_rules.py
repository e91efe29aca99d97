"""What every SQL text of the product must hold, read from PostgreSQL's own parse tree (pglast).

Each tenant table is bound to `tenant_id = $n` in each query block that names it: that is what routes a
statement to one shard, and the second wall beside row-level security. Tables without a tenant are exempt by
the closed list of `Table.info["shared"]` and by nothing else.
"""

from collections.abc import Iterator
from functools import cache
from itertools import dropwhile
from typing import Any, cast

import pglast

from libs.persistence.roles import SCHEMA
from migrations.metadata import metadata

TENANT = frozenset(table.name for table in metadata.tables.values() if "shared" not in table.info)
SHARED = frozenset(table.name for table in metadata.tables.values() if "shared" in table.info)
SYSTEM_SCHEMAS = ("pg_catalog", "information_schema")
SETTINGS = "app."

# pglast builds its node classes at run time: they are typed here, where they enter
ast: Any = cast("Any", pglast).ast
enums: Any = cast("Any", pglast).enums
Node = Any
Names = frozenset[str]

OUTER = {enums.JoinType.JOIN_LEFT: "rarg", enums.JoinType.JOIN_RIGHT: "larg"}


@cache
def broken_rules(text: str) -> tuple[str, ...]:
    """Every rule that this text breaks, in words; () for a good one."""
    try:
        statements = [raw.stmt for raw in cast("Any", pglast).parse_sql(text)]
    except cast("Any", pglast).parser.ParseError as error:
        return (f"PostgreSQL's parser refuses it: {error}",)
    return (
        *_several(statements),
        *(broken for each in statements for broken in _statement(each, frozenset())),
    )


def _several(statements: list[Node]) -> Iterator[str]:
    """One statement a call; an opening is one string because its round trip would be another, and so is the
    end of the transaction before it."""
    settings = list(dropwhile(lambda each: isinstance(each, ast.TransactionStmt), statements))
    if len(statements) > 1 and not (
        len(settings) < len(statements) and all(isinstance(each, ast.VariableSetStmt) for each in settings)
    ):
        yield "several statements in one string"


def _statement(node: Node, ctes: Names) -> Iterator[str]:
    kind = type(node).__name__
    check = {
        "SelectStmt": _select,
        "InsertStmt": _insert,
        "UpdateStmt": _update,
        "DeleteStmt": _delete,
        "VariableSetStmt": _setting,
    }.get(kind)
    if check is not None:
        yield from check(node, ctes)
    elif kind not in {"TransactionStmt", "ListenStmt"}:
        yield f"{kind} is no statement of a service"


def _select(node: Node, ctes: Names) -> Iterator[str]:
    ctes = ctes | _named(node.withClause)
    yield from _with(node.withClause, ctes)
    for side in (node.larg, node.rarg):
        if side is not None:
            yield from _select(side, ctes)
    sources = list(node.fromClause or ())
    yield from _bound(sources, node.whereClause, ctes)
    yield from _inside(node, {"withClause", "larg", "rarg", "fromClause"}, ctes)


def _insert(node: Node, ctes: Names) -> Iterator[str]:
    ctes = ctes | _named(node.withClause)
    yield from _with(node.withClause, ctes)
    yield from _known(node.relation, ctes)
    if node.relation.relname in TENANT:
        yield from _inserted_tenant(node)
    yield from _inside(node, {"withClause", "relation"}, ctes)


def _inserted_tenant(node: Node) -> Iterator[str]:
    table = node.relation.relname
    columns = [column.name for column in node.cols or ()]
    if "tenant_id" not in columns:
        yield f"INSERT into {table} gives no tenant_id"
        return
    place = columns.index("tenant_id")
    select = node.selectStmt
    if select.valuesLists is None:
        value = select.targetList[place].val if select.targetList else None
        good = _is_parameter(value) or _column(value) == "tenant_id"
        if not node.returningClause and not node.onConflictClause:
            yield f"INSERT … SELECT into {table} returns nothing: Citus refuses it under row security"
    else:
        good = all(_is_parameter(row[place]) for row in select.valuesLists)
    if not good:
        yield f"INSERT into {table}: tenant_id is no parameter"
    if node.onConflictClause is not None and any(
        isinstance(found, ast.FuncCall) for found in _all(node.onConflictClause.targetList)
    ):
        yield f"ON CONFLICT on {table} calls a function: write excluded.*"


def _update(node: Node, ctes: Names) -> Iterator[str]:
    ctes = ctes | _named(node.withClause)
    yield from _with(node.withClause, ctes)
    if any(target.name == "tenant_id" for target in node.targetList):
        yield f"UPDATE of {node.relation.relname} changes tenant_id"
    yield from _bound([node.relation, *(node.fromClause or ())], node.whereClause, ctes)
    yield from _inside(node, {"withClause", "relation", "fromClause"}, ctes)


def _delete(node: Node, ctes: Names) -> Iterator[str]:
    ctes = ctes | _named(node.withClause)
    yield from _with(node.withClause, ctes)
    yield from _bound([node.relation, *(node.usingClause or ())], node.whereClause, ctes)
    yield from _inside(node, {"withClause", "relation", "usingClause"}, ctes)


def _setting(node: Node, _ctes: Names) -> Iterator[str]:
    if not node.is_local:
        yield f"SET {node.name} outlives its transaction: write SET LOCAL"


def _bound(sources: list[Node], where: Node, ctes: Names) -> Iterator[str]:
    """Each tenant table among the sources has its conjunct; a sub-query among them is its own block."""
    tables = dict(_tables(sources))
    for table in tables.values():
        yield from _known(table, ctes)
    tenants = {alias for alias, table in tables.items() if _is_tenant(table, ctes)}
    held = _held(where) | {alias for source in sources for alias in _held_by_join(source)}
    if None in held and len(tables) == 1:
        held |= set(tables)
    for alias in sorted(tenants - held):
        yield f"{tables[alias].relname} AS {alias} is read without tenant_id = $n"
    for source in sources:
        yield from _inside_source(source, ctes)


def _tables(sources: list[Node]) -> Iterator[tuple[str, Node]]:
    for source in sources:
        if isinstance(source, ast.RangeVar):
            yield (source.alias.aliasname if source.alias else source.relname), source
        elif isinstance(source, ast.JoinExpr):
            yield from _tables([source.larg, source.rarg])


def _is_tenant(table: Node, ctes: Names) -> bool:
    return table.relname in TENANT and (table.schemaname is not None or table.relname not in ctes)


def _known(table: Node, ctes: Names) -> Iterator[str]:
    if table.schemaname in SYSTEM_SCHEMAS or (table.schemaname is None and table.relname in ctes):
        return
    if table.relname not in TENANT | SHARED and not table.relname.startswith("pg_"):
        yield f"{table.relname} is no table of the product"
    elif table.schemaname != SCHEMA and not table.relname.startswith("pg_"):
        yield f"{table.relname} is named without its schema"


def _held(condition: Node) -> set[str | None]:
    """Aliases whose tenant_id this condition, if true, has bound to a parameter; None for a bare column."""
    if isinstance(condition, ast.BoolExpr) and condition.boolop == enums.BoolExprType.AND_EXPR:
        return {alias for each in condition.args for alias in _held(each)}
    if not _is_equality(condition):
        return set()
    for column, value in ((condition.lexpr, condition.rexpr), (condition.rexpr, condition.lexpr)):
        if _column(column) == "tenant_id" and _is_parameter(value):
            return {_qualifier(column)}
    return set()


def _held_by_join(source: Node) -> set[str | None]:
    """An ON of an outer join binds only the side that it may leave empty."""
    if not isinstance(source, ast.JoinExpr):
        return set()
    below = _held_by_join(source.larg) | _held_by_join(source.rarg)
    held = _held(source.quals)
    if source.jointype == enums.JoinType.JOIN_FULL:
        return below
    if source.jointype in OUTER:
        held &= {alias for alias, _ in _tables([getattr(source, OUTER[source.jointype])])}
    return below | held


def _inside_source(source: Node, ctes: Names) -> Iterator[str]:
    if isinstance(source, ast.JoinExpr):
        yield from _inside_source(source.larg, ctes)
        yield from _inside_source(source.rarg, ctes)
        yield from _expressions(source.quals, ctes)
    elif not isinstance(source, ast.RangeVar):
        yield from _expressions(source, ctes)


def _inside(node: Node, but: set[str], ctes: Names) -> Iterator[str]:
    for part in node:
        if part not in but:
            yield from _expressions(getattr(node, part), ctes)


def _expressions(node: Node, ctes: Names) -> Iterator[str]:
    """Query blocks anywhere below."""
    if isinstance(node, ast.SelectStmt):
        yield from _select(node, ctes)
    elif isinstance(node, ast.FuncCall) and _sets_context(node):
        yield "set_config of the product's context: SET LOCAL alone reaches every shard"
    elif isinstance(node, tuple):
        for each in cast("tuple[Node, ...]", node):
            yield from _expressions(each, ctes)
    elif isinstance(node, ast.Node):
        for part in node:
            yield from _expressions(getattr(node, part), ctes)


def _with(clause: Node, ctes: Names) -> Iterator[str]:
    for each in clause.ctes if clause else ():
        yield from _statement(each.ctequery, ctes)


def _named(clause: Node) -> Names:
    return frozenset(each.ctename for each in clause.ctes) if clause else frozenset()


def _all(node: Node) -> Iterator[Node]:
    if isinstance(node, tuple):
        for each in cast("tuple[Node, ...]", node):
            yield from _all(each)
    elif isinstance(node, ast.Node):
        yield node
        for part in node:
            yield from _all(getattr(node, part))


def _is_equality(node: Node) -> bool:
    return (
        isinstance(node, ast.A_Expr)
        and node.kind == enums.A_Expr_Kind.AEXPR_OP
        and [name.sval for name in node.name] == ["="]
    )


def _is_parameter(node: Node) -> bool:
    return isinstance(node, ast.ParamRef) or (
        isinstance(node, ast.TypeCast) and isinstance(node.arg, ast.ParamRef)
    )


def _column(node: Node) -> str | None:
    if not isinstance(node, ast.ColumnRef):
        return None
    last: Node = node.fields[-1]
    return last.sval if isinstance(last, ast.String) else None


def _qualifier(node: Node) -> str | None:
    return node.fields[-2].sval if len(node.fields) > 1 else None


def _sets_context(node: Node) -> bool:
    if node.funcname[-1].sval != "set_config":
        return False
    name: Node = node.args[0]
    return not isinstance(name, ast.A_Const) or str(name.val.sval).startswith(SETTINGS)
