"""What a platform counts of itself, and its monthly turn."""

import uuid
from datetime import timedelta

from libs.figures.measures import EVENTS, MEMBERS, PEOPLE, WORKING_GROUPS, Cell
from libs.figures.months import Month
from libs.figures.submission import Counts
from libs.persistence.actor import SYSTEM
from libs.persistence.database import Database
from libs.persistence.roles import APP
from libs.persistence.worker import Worker
from services.platform.figures.counts import happened, standing
from services.platform.figures.jobs import JOBS, KIND, schedule, submit_figures
from tests.figures import happenings
from tests.figures.happenings import Happenings
from tests.figures.nation import referrals
from tests.stage.cities import Cities
from tests.stage.stage import Stage

GROUPS, HELD, ACTIVE = WORKING_GROUPS.cells[0], EVENTS.cells[0], PEOPLE.cells[0]


async def _tenant(stage: Stage, slug: str) -> uuid.UUID:
    async with stage.sql() as admin:
        return await admin.fetchval("SELECT tenant_id FROM tsunagari.tenant WHERE slug = $1", slug)


def _this_month(stage: Stage) -> Month:
    return Month.of(stage.clock())


async def _counted(app: Database, tenant: uuid.UUID, month: Month) -> Counts:
    async with app.work(tenant, SYSTEM) as work:
        return {**await standing(work, month), **await happened(work, month)}


async def test_members_groups_and_people_as_they_stood_at_the_months_end(cities: Cities) -> None:
    """生駒市 has 2 public bodies, 2 NPOs and a company, and in them 5 people; then others join and leave."""
    stage, month = cities.stage, _this_month(cities.stage)
    ikoma = await _tenant(stage, "ikoma")
    async with stage.database() as app:
        platform = Happenings(app, ikoma)
        await platform.member("npo", month.ends)
        await platform.member("npo", month.begins, status="withdrawn")
        await platform.member("company", month.begins, status="applied")
        for created_at, state in ((month.begins, "active"), (month.begins, "closed"), (month.ends, "active")):
            await platform.group(created_at, state)
        counts = await _counted(app, ikoma, month)
        assert {cell: counts[cell] for cell in (*MEMBERS.cells, GROUPS, ACTIVE)} == {
            Cell("members", "government"): 2,
            Cell("members", "npo"): 2,
            Cell("members", "company"): 1,
            GROUPS: 1,
            ACTIVE: 5,
        }
        later = await _counted(app, ikoma, month.next)
        assert (later[Cell("members", "npo")], later[GROUPS], later[ACTIVE]) == (3, 2, 6)


async def test_another_citys_rows_do_not_count(cities: Cities) -> None:
    """高松市 has its hall and one NPO, whatever happens in 生駒市."""
    stage, month = cities.stage, _this_month(cities.stage)
    async with stage.database() as app:
        ikoma = Happenings(app, await _tenant(stage, "ikoma"))
        await ikoma.event(month.begins)
        await ikoma.referral(happenings.CONFIRMED, month.begins)
        counts = await _counted(app, await _tenant(stage, "takamatsu"), month)
    assert {cell: count for cell, count in counts.items() if count} == {
        Cell("members", "government"): 1,
        Cell("members", "npo"): 1,
        ACTIVE: 2,
    }


async def test_an_event_counts_once_in_each_month_in_which_it_was_held(cities: Cities) -> None:
    stage, month = cities.stage, _this_month(cities.stage)
    ikoma = await _tenant(stage, "ikoma")
    instant = timedelta(seconds=1)
    async with stage.database() as app:
        platform = Happenings(app, ikoma)
        await platform.event(month.begins, month.begins + timedelta(days=7), month.ends)
        await platform.event(month.ends - instant)
        await platform.event(month.begins - instant)
        await platform.event(month.begins, state="draft")
        await platform.event(month.begins, state="cancelled")
        await platform.event(month.begins, dropped=True)
        counts = {each: (await _counted(app, ikoma, month.later(each)))[HELD] for each in (-1, 0, 1, 2)}
    assert counts == {-1: 1, 0: 2, 1: 1, 2: 0}


async def test_referrals_count_by_the_month_sent_as_far_as_they_ever_got(cities: Cities) -> None:
    stage, month = cities.stage, _this_month(cities.stage)
    ikoma = await _tenant(stage, "ikoma")
    async with stage.database() as app:
        platform = Happenings(app, ikoma)
        for steps in (
            happenings.RETURNED_TO_DRAFT,
            happenings.SENT,
            happenings.DECLINED,
            happenings.ACCEPTED,
            happenings.WITHDRAWN_AFTER_ACCEPTANCE,
            happenings.REPORTED,
            happenings.CLOSED_BY_CLOCK,
            happenings.CONFIRMED,
        ):
            await platform.referral(steps, month.begins)
        await platform.referral(happenings.CONFIRMED, month.begins - timedelta(minutes=1))
        by_month = [await _counted(app, ikoma, month.later(each)) for each in (-1, 0, 1)]
    expected = [referrals(1, 1, 1, 1), referrals(7, 5, 3, 1), referrals(0, 0, 0, 0)]
    assert [{cell: counts[cell] for cell in expected[0]} for counts in by_month] == expected


async def test_each_turn_submits_the_month_and_counts_the_earlier_ones_again(cities: Cities) -> None:
    stage, month = cities.stage, _this_month(cities.stage)
    ikoma = await _tenant(stage, "ikoma")
    async with stage.database() as app:
        platform = Happenings(app, ikoma)
        sent = await platform.referral(happenings.SENT, month.begins)
        async with app.work(ikoma, SYSTEM) as work:
            await schedule(work)
        assert await _turn(stage, app) == 0
        stage.clock.offset += month.ends - stage.clock() + timedelta(hours=4)
        assert await _turn(stage, app) == 1
        assert await _submitted(stage, ikoma, month) == (5, referrals(1, 0, 0, 0))
        await platform.step(sent, 4, "accept_referral", stage.clock())
        stage.clock.offset += month.next.ends - stage.clock() + timedelta(hours=4)
        assert await _turn(stage, app) == 1
        assert await _submitted(stage, ikoma, month) == (5, referrals(1, 1, 0, 0))
        assert await _submitted(stage, ikoma, month.next) == (5, referrals(0, 0, 0, 0))
        assert await _submitted(stage, ikoma, month.later(-1)) == (None, {})


async def _turn(stage: Stage, app: Database) -> int:
    async with stage.worker() as claims:
        return await Worker(claims, app, JOBS).do_due()


async def _submitted(stage: Stage, tenant: uuid.UUID, month: Month) -> tuple[int | None, dict[Cell, int]]:
    """People active, and the referrals, as this platform submitted them."""
    async with stage.sql(APP) as app, app.transaction():
        await app.execute(f"SET LOCAL app.tenant_id = '{tenant}'")
        rows = await app.fetch("SELECT * FROM tsunagari.figure_submission WHERE month = $1", month.first_day)
    found = {Cell(row["measure"], row["breakdown"]): row["value"] for row in rows}
    return found.get(ACTIVE), {cell: count for cell, count in found.items() if cell.measure == "referrals"}


async def test_a_turn_that_fires_twice_changes_nothing_and_goes_on_once(cities: Cities) -> None:
    stage, month = cities.stage, _this_month(cities.stage)
    ikoma = await _tenant(stage, "ikoma")
    stage.clock.offset += month.ends - stage.clock() + timedelta(hours=4)
    async with stage.database() as app:
        for _ in range(2):
            async with app.work(ikoma, SYSTEM) as work:
                await submit_figures(work, ikoma)
            assert await _submitted(stage, ikoma, month) == (5, referrals(0, 0, 0, 0))
    async with stage.sql() as admin:
        due = await admin.fetch(
            "SELECT due_at FROM tsunagari.work_due WHERE kind = $1 AND tenant_id = $2", KIND, ikoma
        )
    assert [row["due_at"] for row in due] == [month.next.ends + timedelta(hours=3)]
