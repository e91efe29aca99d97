"""Events from draft to cancellation, as people of each kind meet them."""

from typing import Any

from tests.events.stage import EVENT, a_talk, announced, drafted
from tests.stage.cities import Cities


async def test_scratch(cities: Cities) -> None:
    draft = await drafted(cities.ines)
    print(draft)
    shown = await announced(cities.ines, to_everybody=True)
    print(await cities.kato.ask(EVENT, id=shown["id"]))
    print(await cities.anyone.ask(EVENT, id=shown["id"]))
    print(await cities.anyone.ask(EVENT, id=draft["id"]))
