"""`viewerCan`: the steps that the asker may take on a row now, by the predicates that actions refuse by."""

from collections.abc import Iterator
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.expression import ColumnElement, FromClause

from libs.policy.access import Access
from libs.policy.grants import Grant
from libs.policy.steps import Step, granted, is_granted
from libs.reading.blocks import Block
from libs.reading.fields import Field, codes_of
from libs.reading.sqljson import EMPTY, text_literal


def steps_json(access: Access, block: Block, field: Field) -> ColumnElement[Any]:
    """The steps' names as a JSON list, in the enum's order."""
    parts = [
        sa.case((_is_open(access, block, step), text_literal(name)))
        for name, step in _steps(access, block.stored.object, field)
    ]
    return sa.func.to_json(sa.func.array_remove(array(parts), sa.null())) if parts else EMPTY


def relations_needed(access: Access, object: str, field: Field) -> set[str]:
    """What the block must compute of each row, once for all its steps and masks."""
    grants = [granted(access, step) for _, step in _steps(access, object, field) if step.is_plain]
    return {part for grant in grants if isinstance(grant, Grant) for way in grant.ways for part in way}


def _steps(access: Access, object: str, field: Field) -> Iterator[tuple[str, Step]]:
    """Those that the policy does not refuse on every row."""
    if field.enum is None:
        return
    for name, code in codes_of(field.enum).items():
        step = access.relations.steps.of(object, code)
        if granted(access, step) is not False:
            yield name, step


def _is_open(access: Access, block: Block, step: Step) -> ColumnElement[bool]:
    guards = [guard.holds(cast("FromClause", block), access.asker) for guard in step.guards]
    return sa.and_(is_theirs(access, block, step), *guards)


def is_theirs(access: Access, block: Block, step: Step) -> ColumnElement[bool]:
    grant = granted(access, step)
    if step.is_plain and isinstance(grant, Grant):
        return block.opens(grant)
    return is_granted(access, step, cast("FromClause", block))
