"""The demo's story, told through the product's own doors: every row was written by somebody who may."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from libs.persistence.database import Database
from libs.persistence.roles import APP, ONBOARDING
from libs.persistence.sealing.vault import Vault
from libs.tenancy.onboarding import Coordinator, NewTenant, onboard
from libs.tenancy.tokens.issuers import TrustedIssuer
from services.operator.demo import chapters
from services.operator.demo.nation import appoint_staff, publish_last_month, take_into_library
from services.operator.demo.people import AUDIENCE, NATIONAL, People
from services.operator.demo.story_clock import StoryClock
from services.operator.demo.teller import Teller
from services.platform.app import build_app
from services.platform.settings import Settings
from services.platform.worker import schedule

TENANTS: tuple[tuple[tuple[str, ...], str, str, str | None], ...] = (
    (("292095",), "ikoma", "mori", None),
    (("372013",), "takamatsu", "oda", None),
    (("012149", "015113"), "soya", "nishi", "宗谷つながり協議会"),
    (("380008",), "ehime", "ehime", None),
    ((), "zenkoku", "zen", NATIONAL),
)


async def tell(urls: Mapping[str, str], people: People, keys: Path, console: Console) -> str:
    """Onboards the platforms and lets their people act; the code of somebody who asked for help.

    Raises where anything is refused.
    """
    clock = StoryClock()
    clock.last_month()
    await _onboard(urls[ONBOARDING], people, clock)
    trusted = TrustedIssuer(people.issuer.issuer, AUDIENCE, people.issuer.key_set())
    settings = Settings(mode="demo", database_url=urls[APP], issuers=(trusted,), key_folder=str(keys))
    app = build_app(settings, clock=clock)
    database = await Database.open(urls[APP], name="tsunagari-demo", size=2, clock=clock)
    vault = Vault.in_folder(keys)
    async with app.lifespan(), _client(app) as client:
        teller = Teller(client, people, database, vault, clock)
        for chapter in chapters.ALL:
            with console.status(chapter.__doc__ or chapter.__name__):
                await chapter(teller, console)
    await database.close()
    await publish_last_month(urls)
    await appoint_staff(urls, people)
    await take_into_library(urls, people)
    return teller.help_code


async def _onboard(url: str, people: People, clock: StoryClock) -> None:
    database = await Database.open(url, name="tsunagari-demo", size=1, clock=clock)
    names = {each.subject: each.name for each in people.everybody}
    try:
        for codes, slug, subject, name in TENANTS:
            coordinator = Coordinator(names[subject], people.issuer.issuer, subject)
            await onboard(database, NewTenant(codes, slug, coordinator, name, national=not codes), schedule)
    finally:
        await database.close()


def _client(app: Any) -> httpx.AsyncClient:  # noqa: ANN401 - an ASGI application
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://demo.invalid")
