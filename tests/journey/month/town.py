"""生駒市 in June 2027: its people, its clock, its mail; each morning the worker does what is due."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from libs.japan.calendar import JST
from libs.persistence.sealing.vault import Vault
from libs.persistence.worker import Worker
from libs.tenancy.onboarding import Coordinator, NewTenant, onboard
from services.platform.files import jobs as files
from services.platform.notices import jobs as notices
from services.platform.notices.sending.mail_server import MailServer
from services.platform.notices.sending.outside import Outside
from services.platform.worker import jobs, schedule
from tests.members.said import does, own
from tests.notices.mailbox import Mailbox, mailbox
from tests.referrals.conftest import Loop
from tests.stage.cities import Cities
from tests.stage.stage import Person, Stage, settings_for
from tests.stage.tokens import ISSUER, key_folder

FIRST = datetime(2027, 6, 1, 9, tzinfo=JST)
SENDER = "oshirase@tsunagari.example"
SITE = "https://{tenant}.tsunagari.example/"
INBOX = "{ inbox { notices(first: 100) { nodes { kind about } } } }"


@dataclass
class Town:
    """The people by name through `cities`; `loop` once they sit in a working group."""

    cities: Cities
    worker: Worker
    box: Mailbox
    loop: Loop = field(init=False)
    remembered: dict[str, Any] = field(default_factory=dict[str, Any])
    """What a later day needs of an earlier one."""

    @property
    def stage(self) -> Stage:
        return self.cities.stage

    def person(self, name: str) -> Person:
        return self.cities.person(name)

    async def day(self, day: int, hour: int = 9, *, month: int = 6) -> None:
        """Every morning until that day's comes; then that hour."""
        until = FIRST.replace(month=month, day=day)
        while (now := self.stage.clock().astimezone(JST)).date() < until.date():
            await self._at(datetime.combine(now.date() + timedelta(days=1), FIRST.timetz()))
        await self._at(until.replace(hour=hour))

    async def works(self) -> None:
        """The worker, until nothing is due."""
        while await self.worker.do_due() + await self.worker.run_errands() + await self.worker.relay():
            pass

    async def told(self, name: str) -> list[str]:
        """The kinds of what somebody was told, newest first."""
        found = (await self.person(name).ask(INBOX)).data["inbox"]["notices"]["nodes"]
        return [each["kind"] for each in found]

    def mails(self, to: str) -> list[str]:
        """The texts of what came to an address, oldest first."""
        return [mail.get_content() for mail in self.box.received if mail["To"] == to]

    async def organisation(self, name: str) -> str:
        identity: str = (await own(self.person(name)))["id"]
        return identity

    async def has_mail(self, name: str) -> None:
        """From now on the person is reached by mail."""
        version = (await self.person(name).ask("{ me { version } }")).data["me"]["version"]
        await does(self.person(name), "editProfile", version=version, email=address(name))

    async def _at(self, moment: datetime) -> None:
        self.stage.clock.offset += max(timedelta(), moment - self.stage.clock())
        await self.works()


def address(name: str) -> str:
    return f"{name}@mail.example"


def at(day: int, hour: int, minute: int = 0, *, month: int = 6) -> str:
    """A time of the month as people in Japan write it."""
    return FIRST.replace(month=month, day=day, hour=hour, minute=minute).isoformat()


@asynccontextmanager
async def a_town(stage: Stage) -> AsyncGenerator[Town]:
    """Nobody but Mori, who coordinates, on the morning of the first of June."""
    stage.clock.offset = FIRST - (stage.clock() - stage.clock.offset)
    async with stage.onboarding() as database:
        mori = Coordinator("森 みどり", ISSUER, "mori")
        await onboard(database, NewTenant(["292095"], "ikoma", mori), schedule)
    async with mailbox() as box, stage.worker() as claims, stage.database() as tenants:
        outside = Outside(Vault.in_folder(key_folder()), MailServer.of(box.url(), SENDER), SITE)
        objects = settings_for(stage.name).object_source().opened()
        errands = {**files.errands(objects), **notices.errands(outside)}
        yield Town(Cities(stage), Worker(claims, tenants, jobs(outside), errands), box)
