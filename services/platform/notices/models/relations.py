"""What relates an asker to notices: each finds their own and nobody else's, whatever their office."""

import sqlalchemy as sa

from libs.policy.predicates import Asker
from services.platform.relations import RELATIONS

Bool = sa.ColumnElement[bool]
Row = sa.FromClause


def _sent_to_asker(row: Row, asker: Asker) -> Bool:
    return row.c.person_id == asker.person


def _is_asker(row: Row, asker: Asker) -> Bool:
    return row.c.id == asker.person


def _askers_organisations(row: Row, asker: Asker) -> Bool:
    return row.c.organisation_id == asker.organisation


RELATIONS.register("webhook", "own", _askers_organisations)
RELATIONS.register("notice", "self", _sent_to_asker)
RELATIONS.register("inbox", "self", _is_asker)
