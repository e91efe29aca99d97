"""From submissions to a release, as the roles do it; a whole small nation worked out by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from libs.errors.problems import InvalidInput
from libs.figures.measures import CELLS, EVENTS, MEMBERS, PEOPLE, Cell
from libs.figures.publishing import publish
from libs.persistence.roles import PUBLISHER
from tests.figures.nation import nothing, referrals, reporting_nation, small_nation
from tests.stage.stage import Stage

SENT, ACCEPTED, REPORTED, CONFIRMED = referrals(0, 0, 0, 0)

WITHHELD = (None, "withheld", 1, 0)
UNREPORTED = (None, "not_reported", 0, 1)


def shown(value: int, withheld: int = 0, not_reported: int = 0) -> tuple[int, str, int, int]:
    return (value, "value", withheld, not_reported)


async def test_a_small_nation_worked_out_by_hand(stage: Stage) -> None:
    """Referrals: 生駒市 25/12/9/0, 奈良県 none, 北奈良 (joint, one prefecture) 14/10/10/10,
    生駒・四條畷 (joint, two prefectures) 30/20/11/3, the national platform 9/9/9/9; 高松市 said nothing."""
    nation = await reporting_nation(stage)
    release = await nation.publish()
    assert await nation.places(release, SENT) == {
        "nation": shown(25 + 0 + 14 + 30, 1, 1),
        "29": shown(25 + 0 + 14),
        "37": UNREPORTED,
        "ikoma": shown(25),
        "nara-pref": shown(0),
        "kita-nara": shown(14),
        "ikoma-shijonawate": shown(30),
        "takamatsu": UNREPORTED,
        "national": WITHHELD,
    }
    assert await nation.places(release, ACCEPTED) == {
        "nation": shown(12 + 0 + 10 + 20, 1, 1),
        "29": shown(12 + 0 + 10),
        "37": UNREPORTED,
        "ikoma": shown(12),
        "nara-pref": shown(0),
        "kita-nara": shown(10),
        "ikoma-shijonawate": shown(20),
        "takamatsu": UNREPORTED,
        "national": WITHHELD,
    }
    assert await nation.places(release, REPORTED) == {
        "nation": shown(0 + 10 + 11, 2, 1),
        "29": shown(0 + 10, 1),
        "37": UNREPORTED,
        "ikoma": WITHHELD,
        "nara-pref": shown(0),
        "kita-nara": shown(10),
        "ikoma-shijonawate": shown(11),
        "takamatsu": UNREPORTED,
        "national": WITHHELD,
    }
    assert await nation.places(release, CONFIRMED) == {
        "nation": shown(0 + 0 + 10, 2, 1),
        "29": shown(0 + 0 + 10),
        "37": UNREPORTED,
        "ikoma": shown(0),
        "nara-pref": shown(0),
        "kita-nara": shown(10),
        "ikoma-shijonawate": WITHHELD,
        "takamatsu": UNREPORTED,
        "national": WITHHELD,
    }


async def test_every_cell_of_every_place_has_its_line(stage: Stage) -> None:
    nation = await reporting_nation(stage)
    release = await nation.publish()
    lines = await nation.published(release)
    assert len(lines) == release.figures == (1 + 2 + 6) * len(CELLS)
    assert [line[0] for line in lines] == sorted(
        (line[0] for line in lines), key=["nation", "prefecture", "tenant"].index
    )


async def test_joint_figures_are_never_split_between_prefectures(stage: Stage) -> None:
    """A joint platform of two prefectures alone in the nation: neither prefecture has a line."""
    nation = await small_nation(stage, "ikoma-shijonawate")
    await nation.submit("ikoma-shijonawate", nothing() | {EVENTS.cells[0]: 4})
    release = await nation.publish()
    assert await nation.places(release, EVENTS.cells[0]) == {
        "nation": shown(4),
        "ikoma-shijonawate": shown(4),
    }


async def test_members_and_events_are_shown_however_few(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma")
    npos = Cell(MEMBERS.name, "npo")
    await nation.submit("ikoma", nothing() | {npos: 1, EVENTS.cells[0]: 2, PEOPLE.cells[0]: 2})
    release = await nation.publish()
    assert (await nation.places(release, npos))["ikoma"] == shown(1)
    assert (await nation.places(release, EVENTS.cells[0]))["29"] == shown(2)
    assert (await nation.places(release, PEOPLE.cells[0]))["ikoma"] == WITHHELD


async def test_below_ten_one_referral_more_leaves_no_trace(stage: Stage) -> None:
    nation = await reporting_nation(stage)
    await nation.submit("takamatsu", nothing() | referrals(1, 1, 1, 1))
    before = await nation.published(await nation.publish())
    for counts in (referrals(2, 1, 1, 1), referrals(9, 9, 9, 9)):
        await nation.submit("takamatsu", nothing() | counts)
        assert await nation.published(await nation.publish()) == before
    await nation.submit("takamatsu", nothing() | referrals(10, 9, 9, 9))
    assert await nation.published(await nation.publish()) != before


async def test_a_release_stays_as_it_is_when_the_month_is_published_again(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma")
    await nation.submit("ikoma", nothing() | referrals(20, 0, 0, 0))
    first = await nation.publish()
    kept = await nation.published(first)
    await nation.submit("ikoma", nothing() | referrals(31, 30, 0, 0))
    second = await nation.publish()
    assert await nation.published(first) == kept
    assert (await nation.places(first, SENT))["ikoma"] == shown(20)
    assert (await nation.places(second, SENT))["ikoma"] == shown(31)


async def test_what_was_submitted_after_the_cut_off_is_not_reported(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma", "takamatsu")
    await nation.submit("ikoma", nothing())
    cut_off = stage.clock()
    stage.clock.move(days=1)
    await nation.submit("takamatsu", nothing())
    async with stage.database(PUBLISHER) as publisher:
        release = await publish(publisher, nation.month, cut_off)
    assert await nation.places(release, SENT) == {
        "nation": shown(0, not_reported=1),
        "29": shown(0),
        "37": UNREPORTED,
        "ikoma": shown(0),
        "takamatsu": UNREPORTED,
    }


async def test_a_platform_founded_later_is_no_part_of_the_month(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma")
    await nation.found("takamatsu")
    release = await nation.publish()
    assert set(await nation.places(release, SENT)) == {"nation", "29", "ikoma"}
    stage.clock.move(days=32)
    later = await nation.publish(nation.month.next)
    assert set(await nation.places(later, SENT)) == {"nation", "29", "37", "ikoma", "takamatsu"}


async def test_a_month_is_published_only_when_it_is_over(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma")
    async with stage.database(PUBLISHER) as publisher:
        for month, as_of in (
            (nation.month, nation.month.ends - timedelta(seconds=1)),
            (nation.month, stage.clock() + timedelta(minutes=1)),
        ):
            with pytest.raises(InvalidInput) as refused:
                await publish(publisher, month, as_of)
            assert refused.value.field == "asOf"
            assert "公表" in refused.value.ja
        assert (await publish(publisher, nation.month, nation.month.ends)).figures > 0


@pytest.mark.parametrize(
    "counts",
    [
        {Cell("members", "npo"): 1},
        {Cell("loneliness", "all"): 1},
        referrals(1, 2, 0, 0),
        {EVENTS.cells[0]: -1},
    ],
    ids=["part of a measure", "unknown measure", "more accepted than sent", "negative"],
)
async def test_counts_that_cannot_be_are_refused(stage: Stage, counts: dict[Cell, int]) -> None:
    nation = await small_nation(stage, "ikoma")
    with pytest.raises(ValueError, match=next(iter(counts)).measure):
        await nation.submit("ikoma", counts)
    await nation.submit("ikoma", referrals(2, 1, 0, 0))


async def test_a_running_month_is_not_submitted(stage: Stage) -> None:
    nation = await small_nation(stage, "ikoma")
    with pytest.raises(ValueError, match="has not ended"):
        await replace(nation, month=nation.month.later(2)).submit("ikoma", nothing())
