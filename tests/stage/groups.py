"""Working groups in which the cities' people sit."""

from tests.stage.cities import Cities

CREATE = """mutation ($input: CreateWorkingGroupInput!) { createWorkingGroup(input: $input) {
  ... on WorkingGroupPayload { workingGroup { id } } ... on UserError { en } } }"""
GIVE_SEAT = """mutation ($input: GiveSeatInput!) { giveSeat(input: $input) {
  ... on SeatPayload { seat { id } } ... on UserError { en } } }"""
OWN = "{ myOrganisation { id } }"


async def a_group(cities: Cities, name: str, *members: str) -> str:
    """A working group of 生駒市 with seats for these people's organisations; its id."""
    made = await cities.mori.do(CREATE, name=name)
    group: str = made["workingGroup"]["id"]
    for member in members:
        organisation = (await cities.person(member).ask(OWN)).data["myOrganisation"]["id"]
        seated = await cities.mori.do(GIVE_SEAT, workingGroupId=group, organisationId=organisation)
        assert "seat" in seated, seated
    return group
