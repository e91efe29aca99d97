"""All scenes in one city on one day, and outside it a mail server and a system that take what comes."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from libs.persistence.sealing.vault import Vault
from libs.persistence.worker import Worker
from services.platform.notices.jobs import errands
from services.platform.notices.sending.mail_server import MailServer
from services.platform.notices.sending.outside import Outside
from services.platform.worker import jobs
from tests.channels.cast import Cast, gathered
from tests.channels.telling import Teller, Told
from tests.channels.ways import LONG_AGO, Scene
from tests.links.conftest import registered
from tests.links.documents import SEND_LINK
from tests.notices.certificates import pair
from tests.notices.mailbox import Mailbox, mailbox
from tests.notices.receiver import Receiver, receiver
from tests.rights.conftest import CASE, ERASE
from tests.stage.cities import Cities
from tests.stage.log_watch import keep_logs, own_lines
from tests.stage.stage import Person, staged, staged_on
from tests.stage.tokens import key_folder

WEEKS_LATER: Final = 41
"""Days: past the time to answer, the access after an end, and every basis that ends by itself."""
REGISTER: Final = """mutation ($input: RegisterWebhookInput!) { registerWebhook(input: $input) { __typename
  ... on WebhookSecretPayload { webhook { id } } ... on UserError { en } } }"""
LISTENING: Final = (("ines", False), ("sato", False), ("nao", False), ("kato", False), ("mori", True))


@dataclass
class World:
    """`box` and `system`: all that left the platform by itself. `logged`: the log lines of it."""

    cast: Cast
    outside: Outside
    box: Mailbox
    system: Receiver
    before: int
    told: list[Told] = field(default_factory=list[Told])

    @property
    def cities(self) -> Cities:
        return self.cast.loop.cities

    @property
    def logged(self) -> list[str]:
        return own_lines()[self.before :]

    def person(self, name: str) -> Person:
        return self.cities.person(name)

    async def tell(self, scene: Scene) -> Told:
        """Lets one more happen, today; it is not among those told."""
        teller = Teller(self.cast)
        await teller.call_sitting()
        return await teller.tell(scene, 0)

    async def deliver(self) -> None:
        """What the worker does, until nothing is due: the clock's steps, notices, mail, calls."""
        stage = self.cities.stage
        async with stage.worker() as claims, stage.database() as tenants:
            worker = Worker(claims, tenants, jobs(self.outside), errands(self.outside))
            while await worker.do_due() + await worker.run_errands():
                pass

    def left(self) -> str:
        """Every mail with its headers and every call with its head, as text."""
        mails = [f"{mail.as_string()}\n{mail.get_content()}" for mail in self.box.received]
        calls = [f"{json.dumps(head)}\n{body.decode()}" for head, body in self._calls()]
        return "\n".join((*mails, *calls))

    def _calls(self) -> Sequence[tuple[dict[str, str], bytes]]:
        return list(zip(self.system.heads, self.system.bodies, strict=True))


@asynccontextmanager
async def seen_anew(world: World) -> AsyncGenerator[World]:
    """The same world through an app of its own, begun now."""
    stage = world.cities.stage
    async with staged_on(stage.name, stage.clock) as anew:
        loop = replace(world.cast.loop, cities=Cities(anew))
        yield replace(world, cast=replace(world.cast, loop=loop))


@asynccontextmanager
async def told(cities_template: str, scenes: Sequence[Scene]) -> AsyncGenerator[World]:
    """The world in which these scenes have taken place."""
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(staged(cities_template))
        box = await stack.enter_async_context(mailbox())
        system = await stack.enter_async_context(receiver())
        keep_logs()
        before = len(own_lines())
        cast = await gathered(Cities(stage))
        world = World(cast, _outside(box), box, system, before)
        await _listening(world)
        await _happened(world, scenes)
        yield world


def _outside(box: Mailbox) -> Outside:
    mail = MailServer.of(box.url(), "oshirase@tsunagari.example")
    url = "https://ikoma.tsunagari.example/"
    return Outside(Vault.in_folder(key_folder()), mail, url, private_webhooks=True, trust=pair()[1])


async def _listening(world: World) -> None:
    """The systems of both sides, of another NPO, of the company and of the platform are called."""
    for name, of_platform in LISTENING:
        made = await world.person(name).do(REGISTER, url=world.system.url, ofPlatform=of_platform)
        assert made["__typename"] == "WebhookSecretPayload", made


async def _happened(world: World, scenes: Sequence[Scene]) -> None:
    """First what began weeks ago, then all else."""
    teller = Teller(world.cast)
    numbered = list(enumerate(scenes))
    await registered(world.cast.loop)
    for of_old in (True, False):
        await teller.call_sitting()
        for number, scene in numbered:
            if (scene.state in LONG_AGO) == of_old:
                world.told.append(await teller.tell(scene, number))
        await world.deliver()
        if of_old:
            world.cities.stage.clock.move(days=WEEKS_LATER)
            await world.deliver()
    for told in world.told:
        if told.scene.way.sender == "ines":
            await _beside(world, told)


async def _beside(world: World, told: Told) -> None:
    """What stands beside a referral and leads to it: a link to answer by, an erasure that is asked for."""
    ines = world.person("ines")
    if (told.scene.name, told.scene.state) == ("consent_npo", "sent"):
        sent = await ines.do(SEND_LINK, id=told.referral, version=told.version)
        assert sent["__typename"] == "AnswerLinkPayload", sent
    if told.scene.state == "withdrawn":
        version = (await ines.ask(CASE, id=told.case)).data["case"]["version"]
        asked = await ines.do(ERASE, id=told.case, version=version, reason="PERSON_ASKED")
        assert asked["__typename"] == "ErasurePayload", asked
