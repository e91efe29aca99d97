"""What the engine promises, as people meet it over HTTP."""

from libs.persistence.roles import SCHEMA
from tests.stage.cities import Cities

DIRECTORY = "{ organisations { totalCount nodes { id name } } }"


async def test_ines_is_answered_rightly_after_the_access_of_her_city_changed(cities: Cities) -> None:
    """Her viewer is remembered; the statement itself finds that it is outdated, and she notices nothing."""
    before = await cities.ines.ask(DIRECTORY)
    async with cities.stage.sql() as admin:
        await admin.execute(f"UPDATE {SCHEMA}.platform_settings SET access_version = access_version + 1")
    after = await cities.ines.ask(DIRECTORY)
    assert after.status == 200
    assert after.data == before.data


async def test_ines_sees_no_more_than_anyone_once_her_membership_has_ended(cities: Cities) -> None:
    mine = "{ me { name } organisations { totalCount } }"
    before = (await cities.ines.ask(mine)).data
    assert before["me"] is not None
    async with cities.stage.sql() as admin:
        await admin.execute(
            f"UPDATE {SCHEMA}.membership SET until = since + interval '1 microsecond' "
            f"WHERE person_id IN (SELECT id FROM {SCHEMA}.person WHERE subject = 'ines')"
        )
    after = (await cities.ines.ask(mine)).data
    anyone = (await cities.anyone.ask("{ organisations { totalCount } }")).data
    assert after["organisations"] == anyone["organisations"] != before["organisations"]


async def test_introspection_beside_data_takes_the_variables_of_both(cities: Cities) -> None:
    """They are sent once and read twice: by the compiler and by graphql-core."""
    said = await cities.ines.ask(
        """query ($order: OrganisationOrder, $kind: OrganisationKind, $yes: Boolean!) {
        organisations(order: $order, kind: $kind) { totalCount }
        __type(name: "OrganisationKind") @include(if: $yes) { name } }""",
        order="NEWEST",
        kind="NPO",
        yes=True,
    )
    assert said.data["__type"] == {"name": "OrganisationKind"}
    assert said.data["organisations"]["totalCount"] == 2
