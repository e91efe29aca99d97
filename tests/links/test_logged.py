"""What was opened by a link is counted and printed like every other opening, without anybody's name."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

from tests.links.conftest import Office
from tests.rights.conftest import EXPORT_LOG, WORKSHEET

BY = "こども食堂ひだまり"


async def test_the_holder_prints_what_was_opened_by_a_link(office: Office) -> None:
    await office.opened()
    said = await office.loop.person("ines").do(EXPORT_LOG, of=office.referral["case"], form="CSV")
    (row,) = csv.DictReader(io.StringIO(said["document"].removeprefix("\ufeff")))
    assert (row["person"], row["by_link"], row["organisation"], row["level"]) == ("", "True", BY, "L2")
    of_referral = await office.loop.person("sato").do(EXPORT_LOG, of=office.id, form="JSON")
    assert [each["by_link"] for each in json.loads(of_referral["document"])] == [True]


async def test_the_breach_worksheet_names_the_organisation_whose_link_opened_it(office: Office) -> None:
    await office.opened()
    now = office.loop.cities.stage.clock()
    spread: dict[str, Any] = {
        "since": (now - timedelta(hours=1)).isoformat(),
        "until": (now + timedelta(hours=1)).isoformat(),
    }
    said = await office.loop.person("mori").do(WORKSHEET, **spread, discoveredOn="2026-04-01")
    (line,) = said["lines"]
    assert (line["organisation"], line["person"], line["openings"], said["cases"]) == (BY, None, 1, 1)
