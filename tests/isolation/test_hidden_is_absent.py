"""Every root field that takes an id, as people of another city and strangers: hidden and absent are one.

Fields and inputs are read from the schema, so a new one is covered without being named.
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any, cast

import graphql

from services.platform.app import registry
from tests.referrals.conftest import Loop
from tests.referrals.test_secrets import full_life
from tests.stage.stage import Person, Said

_core = cast("Any", graphql)  # its own annotations leave out type arguments

VALUES: dict[str, Any] = {
    "String": "x",
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "Date": "2030-01-01",
    "DateTime": "2030-01-01T10:00:00+09:00",
}


async def test_another_city_cannot_tell_a_hidden_object_from_none(loop: Loop) -> None:
    await full_life(loop)
    hidden = await _one_of_each(loop)
    assert len(hidden) >= 10, "too few kinds of objects to prove anything"
    told = [
        (what, kind)
        for kind, identity in hidden.items()
        for what, differs in await _differences(loop.person("ueda"), kind, identity)
        if differs
    ]
    assert told == []


async def test_a_stranger_in_the_city_cannot_either(loop: Loop) -> None:
    await full_life(loop)
    hidden = await _one_of_each(loop)
    del hidden["platform"]  # that there is a platform is public
    async with loop.cities.stage.sql() as sql:
        await sql.execute("UPDATE tsunagari.organisation SET published = false")
    told = [
        (what, kind)
        for kind, identity in hidden.items()
        for what, differs in await _differences(loop.person("stranger"), kind, identity)
        if differs
    ]
    assert told == []


async def test_the_sweep_sees_a_difference_where_there_is_one(loop: Loop) -> None:
    """The positive control: to whom the objects belong, they are not absent."""
    await full_life(loop)
    hidden = await _one_of_each(loop)
    differing = [
        what
        for kind in ("organisation", "referral", "working_group")
        for what, said in await _differences(loop.person("ines"), kind, hidden[kind])
        if said
    ]
    assert {"referral", "node", "acceptReferral"} <= set(differing)


async def _differences(person: Person, kind: str, identity: str) -> list[tuple[str, bool]]:
    """Each root field with whether its answer for this id differs from that for an id that never was."""
    never = f"{kind}_{uuid.uuid4()}"
    found: list[tuple[str, bool]] = []
    for what, document, variables in _requests():
        answers: list[str] = []
        for each in (identity, never):
            said = await person.ask(document, **_filled(variables, each))
            answers.append(_comparable(said, each))
        found.append((what, answers[0] != answers[1]))
    return found


def _comparable(said: Said, identity: str) -> str:
    return f"{said.status} {json.dumps(said.body, sort_keys=True)}".replace(identity, "ID")


def _filled(template: Any, identity: str) -> Any:
    return json.loads(json.dumps(template).replace('"@ID"', json.dumps(identity)))


def _requests() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(field, document, variables with @ID in the places of ids) for every root field that takes one."""
    schema = cast("Any", registry().schema)
    for name, field in schema.query_type.fields.items():
        for argument, definition in field.args.items():
            if str(_core.get_named_type(definition.type)) == "ID":
                document = f"query ($id: ID!) {{ {name}({argument}: $id) {{ __typename }} }}"
                yield name, document, {"id": "@ID"}
    for name, field in schema.mutation_type.fields.items():
        input_type = field.args["input"].type
        value = _value(input_type)
        if "@ID" in json.dumps(value):
            selection = "{ __typename ... on UserError { code en ja } }"
            yield (
                name,
                f"mutation ($input: {input_type}) {{ {name}(input: $input) {selection} }}",
                {"input": value},
            )


def _value(kind: Any) -> Any:
    if _core.is_non_null_type(kind):
        return _value(kind.of_type)
    if _core.is_list_type(kind):
        return [_value(kind.of_type)]
    if isinstance(kind, _core.GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, _core.GraphQLScalarType):
        return "@ID" if kind.name == "ID" else VALUES[kind.name]
    assert isinstance(kind, _core.GraphQLInputObjectType)
    return {
        name: _value(field.type)
        for name, field in kind.fields.items()
        if _core.is_required_input_field(field) or str(_core.get_named_type(field.type)) == "ID"
    }


async def _one_of_each(loop: Loop) -> dict[str, str]:
    """One id of 生駒市 for every compiled type, by its prefix."""
    async with loop.cities.stage.sql() as sql:
        tenant = await sql.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = 'ikoma'")
        found: dict[str, str] = {}
        for stored in registry().stored.values():
            identity = await sql.fetchval(
                f"SELECT id FROM {stored.table.fullname} WHERE tenant_id = $1 ORDER BY id LIMIT 1", tenant
            )
            if identity is not None:
                found[stored.prefix] = f"{stored.prefix}_{identity}"
    return found
