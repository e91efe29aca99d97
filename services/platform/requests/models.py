"""Requests for help, their sealed texts, who opened them, and how many came lately."""

from typing import Final

import sqlalchemy as sa

from libs.persistence.tables import one_of, references, references_tenant, tenant_table
from libs.policy.predicates import Asker
from libs.reading.declare import Row
from libs.tenancy.models import TIME, version
from services.platform.referrals.models.codes import PURPOSES
from services.platform.relations import RELATIONS

ABOUT: Final = ("self", "other")
STATES: Final = ("waiting", "answered", "taken", "withdrawn")
LIVE: Final = ("waiting", "answered", "taken")
AUTHORS: Final = ("person", "desk")
PARTS: Final = ("words", "name", "contact")
WORDS: Final = "words"

# its id is the name of its key in the vault, and that of the case which it becomes
help_request = tenant_table(
    "help_request",
    # whose desk it came to: it stays there when the municipality chooses another
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("about", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False, server_default="waiting"),
    # keyed hashes: of the code to come back with, and of the form as it was sent, by which a form that is
    # sent twice is one request
    sa.Column("code_hash", sa.LargeBinary(), nullable=False),
    sa.Column("form_hash", sa.LargeBinary(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    # of the last words on either side
    sa.Column("updated_at", TIME, nullable=False),
    sa.Column("read_at", TIME),
    sa.Column("answered_at", TIME),
    sa.Column("reminded_at", TIME),
    sa.Column("erased_at", TIME),
    version(),
    one_of("about", ABOUT),
    one_of("state", STATES),
    sa.UniqueConstraint("tenant_id", "code_hash"),
    sa.UniqueConstraint("tenant_id", "form_hash"),
    sa.Index("help_request_tenant_id_organisation_id_id_idx", "tenant_id", "organisation_id", "id"),
    references("organisation", "organisation_id"),
)

# append-only: what was written stands as it was
request_text = tenant_table(
    "request_text",
    sa.Column("request_id", sa.Uuid(), nullable=False),
    sa.Column("author", sa.Text(), nullable=False),
    sa.Column("part", sa.Text(), nullable=False),
    # null where the person without account wrote
    sa.Column("person_id", sa.Uuid()),
    sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
    sa.Column("at", TIME, nullable=False),
    one_of("author", AUTHORS),
    one_of("part", PARTS),
    sa.Index("request_text_tenant_id_request_id_id_idx", "tenant_id", "request_id", "id"),
    references("help_request", "request_id"),
    references("person", "person_id"),
)

# append-only: who opened a request's words, and why
request_access = tenant_table(
    "request_access",
    sa.Column("request_id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Uuid(), nullable=False),
    sa.Column("purpose_code", sa.Text(), nullable=False),
    # under the request's key, null where no words were given
    sa.Column("sealed_purpose", sa.LargeBinary()),
    sa.Column("at", TIME, nullable=False),
    one_of("purpose_code", PURPOSES),
    sa.Index("request_access_tenant_id_request_id_id_idx", "tenant_id", "request_id", "id"),
    references("help_request", "request_id"),
    references("person", "person_id"),
    references("organisation", "organisation_id"),
)

# one row a tenant, its id the tenant's: what came since, no address of anybody
help_rate = tenant_table(
    "help_rate",
    sa.Column("since", TIME, nullable=False),
    sa.Column("sent", sa.Integer(), nullable=False),
    sa.Column("wrong_codes", sa.Integer(), nullable=False),
    references_tenant(),
)


def of_desk(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    return row.c.organisation_id == asker.organisation


def _held(row: Row, asker: Asker) -> "sa.ColumnElement[bool]":
    return row.c.id == asker.held


RELATIONS.register("request", "own", of_desk)
RELATIONS.register("request_access", "own", of_desk)
RELATIONS.register("request", "holder", _held)
