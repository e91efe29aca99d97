"""Who somebody is on which platform: from the database, anew whenever access changed."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from libs.errors.problems import InvalidInput, NotFound, Unauthenticated
from libs.tenancy.onboarding import set_status
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewer import Viewer, account_of
from libs.tenancy.viewers import Address, Viewers
from tests.stage.founded import Founded, founded
from tests.stage.tokens import ISSUER


def _identity(subject: str, issuer: str = ISSUER) -> Identity:
    return Identity(issuer=issuer, subject=subject, expires_at=2**31)


@pytest.fixture
async def two() -> AsyncGenerator[Founded]:
    """生駒市 and 高松市; each one's coordinator signs in under the platform's name."""
    async with founded() as platform:
        await platform.found("ikoma", "292095")
        await platform.found("takamatsu", "372013")
        yield platform


async def test_who_belongs_to_one_platform_need_not_name_it(two: Founded) -> None:
    viewer = await Viewers(two.app).of(_identity("ikoma"), Address())
    assert viewer.tenant_id == two.tenants["ikoma"]
    assert viewer.kinds == {"anyone", "government", "coordinator"}
    assert viewer.roles == {"representative"}
    assert viewer.facts == {"tenant"}


async def test_who_belongs_to_two_must_choose(two: Founded) -> None:
    await _also(two, "ikoma", two.tenants["takamatsu"])
    viewers = Viewers(two.app)
    with pytest.raises(InvalidInput) as refused:
        await viewers.of(_identity("ikoma"), Address())
    assert refused.value.detail == "CHOOSE_PLATFORM"
    chosen = await viewers.of(_identity("ikoma"), Address("takamatsu"))
    assert chosen.tenant_id == two.tenants["takamatsu"]


async def _also(platform: Founded, subject: str, tenant: uuid.UUID) -> None:
    await platform.admin.execute(
        "INSERT INTO tsunagari.account_tenant (account, tenant_id) VALUES ($1, $2)",
        account_of(ISSUER, subject), tenant,
    )  # fmt: skip


async def test_a_suspended_platform_does_not_count(two: Founded) -> None:
    await _also(two, "ikoma", two.tenants["takamatsu"])
    await set_status(two.onboarding, "takamatsu", "suspended")
    viewer = await Viewers(two.app).of(_identity("ikoma"), Address())
    assert viewer.tenant_id == two.tenants["ikoma"]


async def test_elsewhere_everybody_is_anyone(two: Founded) -> None:
    viewers = Viewers(two.app)
    guest = await viewers.of(_identity("ikoma"), Address("takamatsu"))
    nobody = await viewers.of(None, Address("takamatsu"))
    for viewer in (guest, nobody):
        assert (viewer.kinds, viewer.roles, viewer.facts, viewer.person_id) == (
            {"anyone"},
            set(),
            set(),
            None,
        )
    assert (guest.is_signed_in, nobody.is_signed_in) == (True, False)


async def test_the_same_subject_of_another_issuer_is_somebody_else(two: Founded) -> None:
    viewer = await Viewers(two.app).of(_identity("ikoma", "https://elsewhere.example"), Address("ikoma"))
    assert viewer.person_id is None


async def test_an_issuer_that_the_platform_no_longer_trusts_opens_nothing(two: Founded) -> None:
    viewers = Viewers(two.app)
    before = await viewers.of(_identity("ikoma"), Address("ikoma"))
    await two.admin.execute("DELETE FROM tsunagari.tenant_issuer WHERE tenant_id = $1", two.tenants["ikoma"])
    viewers.forget(_identity("ikoma"), Address("ikoma"))
    after = await viewers.of(_identity("ikoma"), Address("ikoma"))
    assert before.person_id is not None
    assert (after.person_id, after.kinds) == (None, {"anyone"})


@pytest.mark.parametrize("address", [Address("nowhere"), Address("ikoma", uuid.UUID(int=7))])
async def test_an_unknown_platform_or_organisation_is_not_found(two: Founded, address: Address) -> None:
    with pytest.raises(NotFound):
        await Viewers(two.app).of(_identity("ikoma"), address)


async def test_a_foreign_organisation_is_as_unknown_as_an_invented_one(two: Founded) -> None:
    theirs = await two.admin.fetchval(
        "SELECT id FROM tsunagari.organisation WHERE tenant_id = $1", two.tenants["takamatsu"]
    )
    with pytest.raises(NotFound):
        await Viewers(two.app).of(_identity("ikoma"), Address("ikoma", theirs))


async def test_an_account_without_any_platform_must_sign_in_elsewhere(two: Founded) -> None:
    with pytest.raises(Unauthenticated):
        await Viewers(two.app).of(_identity("stranger"), Address())
    with pytest.raises(InvalidInput):
        await Viewers(two.app).of(None, Address())


@pytest.mark.parametrize("change", [
    "UPDATE tsunagari.person SET status = 'removed'",
    "UPDATE tsunagari.membership SET until = now()",
    "UPDATE tsunagari.organisation SET status = 'suspended'",
    "UPDATE tsunagari.coordinator_appointment SET until = now()",
    "DELETE FROM tsunagari.tenant_issuer",
])  # fmt: skip
async def test_each_loss_of_access_raises_the_version_that_statements_compare(
    two: Founded, change: str
) -> None:
    viewers = Viewers(two.app)
    before = await viewers.of(_identity("ikoma"), Address("ikoma"))
    await two.admin.execute(f"{change} WHERE tenant_id = '{two.tenants['ikoma']}'")
    viewers.forget(_identity("ikoma"), Address("ikoma"))
    after = await viewers.of(_identity("ikoma"), Address("ikoma"))
    assert after.access_version > before.access_version
    assert after.kinds < before.kinds
    other = await viewers.of(_identity("takamatsu"), Address("takamatsu"))
    assert "coordinator" in other.kinds


async def test_an_appointment_ends_by_the_clock(two: Founded) -> None:
    end = two.clock() + timedelta(days=1)
    await two.admin.execute("UPDATE tsunagari.coordinator_appointment SET until = $1", end)
    viewers = Viewers(two.app)
    assert "coordinator" in (await _viewer(viewers)).kinds
    two.clock.move(days=2)
    assert "coordinator" not in (await _viewer(viewers)).kinds


async def test_a_membership_begins_by_the_clock(two: Founded) -> None:
    begin = two.clock() + timedelta(days=1)
    await two.admin.execute("UPDATE tsunagari.membership SET since = $1", begin)
    viewers = Viewers(two.app)
    assert (await _viewer(viewers)).organisation_id is None
    two.clock.move(days=2)
    assert (await _viewer(viewers)).organisation_id is not None


async def _viewer(viewers: Viewers) -> Viewer:
    return await viewers.of(_identity("ikoma"), Address("ikoma"))


async def test_viewers_asked_for_at_once_are_each_their_own(two: Founded) -> None:
    viewers = Viewers(two.app)
    asked = ["ikoma", "takamatsu"] * 10
    found = await asyncio.gather(*(viewers.of(_identity(name), Address(name)) for name in asked))
    assert [viewer.tenant_id for viewer in found] == [two.tenants[name] for name in asked]
