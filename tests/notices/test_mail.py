"""Mail to a real SMTP server: at once or gathered, tried again, given up, and never sent twice knowingly."""

import asyncio
import ssl
from datetime import UTC, datetime

import pytest

from libs.errors.problems import InvalidInput
from services.platform.notices.actions.deliveries import MOST_ATTEMPTS
from services.platform.notices.actions.mornings import next_morning
from services.platform.notices.actions.telling import of_organisation, people, tell
from services.platform.notices.models.kinds import KINDS
from services.platform.notices.sending.mail_server import MailServer, is_address
from tests.notices.certificates import pair
from tests.notices.conftest import ABOUT, PLATFORM_URL, SENDER, Desk, address
from tests.notices.mailbox import Mailbox, mailbox
from tests.notices.test_inbox import MARK_READ, PREFER

URGENT, GATHERED = "referral_sent", "note_written"


async def test_something_urgent_is_mailed_at_once_and_says_only_what_kind_waits(
    desk: Desk, box: Mailbox
) -> None:
    await desk.tell(URGENT, of_organisation(desk.organisations["sato"], "desk"), by="ines")
    assert await desk.deliver() == 1
    [mail] = box.received
    assert box.recipients == [address("sato")] == [mail["To"]]
    assert mail["From"] == SENDER
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    assert KINDS[URGENT].ja in body
    assert PLATFORM_URL in body
    assert "生駒市" in body
    told = f"{mail.as_string()}{body}"
    assert not [each for each in ("Ines", "Sato", "つながる生駒", "referral_") if each in told]
    [row] = await desk.deliveries()
    assert (row["state"], row["attempts"]) == ("sent", 1)
    assert box.ids() == [f"<{row['id']}@tsunagari.example>"]
    assert await desk.deliver() == 0


async def test_by_choice_in_english_at_once_or_not_at_all(desk: Desk, box: Mailbox) -> None:
    sato, hana = desk.person("sato"), desk.person("hana")
    await sato.do(PREFER, id=f"inbox_{desk.people['sato']}", language="EN", mailBoard="NOW")
    await hana.do(PREFER, id=f"inbox_{desk.people['hana']}", language="JA", mailReferrals="NONE")
    await desk.tell(GATHERED, people(desk.people["sato"]))
    await desk.tell(URGENT, people(desk.people["hana"]))
    await desk.deliver()
    [mail] = box.received
    assert KINDS[GATHERED].en in mail.get_content()
    assert mail["Subject"] == "A notice waits for you"
    assert await desk.kinds("hana") == ["REFERRAL_SENT"]


async def test_the_rest_comes_in_the_mornings_digest_once(desk: Desk, box: Mailbox) -> None:
    sato = people(desk.people["sato"])
    for kind in (GATHERED, GATHERED, "progress_due", "support_started"):
        await desk.tell(kind, sato)
    read = (await desk.inbox("sato"))["notices"]["nodes"][0]
    await desk.person("sato").do(MARK_READ, ids=[read["id"]])
    await desk.deliver()
    assert box.received == []
    assert len(await desk.rows("SELECT 1 FROM tsunagari.work_due")) == 1
    desk.cities.stage.clock.move(days=1)
    await desk.deliver()
    [body] = box.bodies()
    assert f"{KINDS[GATHERED].ja}(2件)" in body
    assert f"{KINDS['progress_due'].ja}(1件)" in body
    assert KINDS["support_started"].ja not in body
    await desk.tell(GATHERED, sato)
    for _ in range(3):
        desk.cities.stage.clock.move(days=1)
        await desk.deliver()
    assert len(box.received) == 2
    assert await desk.rows("SELECT 1 FROM tsunagari.work_due") == []
    await desk.tell(GATHERED, sato)
    desk.cities.stage.clock.move(days=1)
    await desk.deliver()
    assert len(set(box.ids())) == len(box.received) == 3


async def test_what_is_told_while_a_digest_is_gathered_comes_the_next_morning(
    desk: Desk, box: Mailbox
) -> None:
    """It saw that something waits and arranged nothing; what waited was taken before it was committed."""
    sato = people(desk.people["sato"])
    await desk.tell(GATHERED, sato)
    desk.cities.stage.clock.move(days=1)
    async with desk.work("ines") as work:
        await tell(work, "progress_due", ABOUT, sato)
        await desk.deliver()
    assert len(box.received) == 1
    desk.cities.stage.clock.move(days=1)
    await desk.deliver()
    assert KINDS["progress_due"].ja in box.bodies()[1]


def test_the_morning_is_japans() -> None:
    assert next_morning(datetime(2026, 11, 27, 22, 59, tzinfo=UTC)) == datetime(2026, 11, 27, 23, tzinfo=UTC)
    assert next_morning(datetime(2026, 11, 27, 23, 0, tzinfo=UTC)) == datetime(2026, 11, 28, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("where", "answer", "code"),
    [
        ("RCPT", "451 come back later", "smtp_451"),
        ("END", "421 too busy", "smtp_421"),
        ("DATA", "CUT", "connection"),
        ("END", "CUT", "connection"),
        ("EHLO", "CUT", "connection"),
    ],
)
async def test_what_fails_for_now_is_tried_again_under_the_same_id(
    desk: Desk, box: Mailbox, where: str, answer: str, code: str
) -> None:
    box.answers[where] = [answer]
    await desk.tell(URGENT, people(desk.people["sato"]))
    await desk.deliver()
    [row] = await desk.deliveries()
    assert (row["state"], row["last_code"], row["attempts"]) == ("waiting", code, 1)
    assert await desk.deliver() == 0
    desk.cities.stage.clock.move(minutes=2)
    assert await desk.deliver() == 1
    assert box.ids() == [f"<{row['id']}@tsunagari.example>"]
    assert await desk.states() == ["sent"]


@pytest.mark.parametrize(("where", "answer"), [("RCPT", "550 nobody here"), ("END", "554 no thanks")])
async def test_what_is_refused_for_good_is_a_dead_letter(
    desk: Desk, box: Mailbox, where: str, answer: str
) -> None:
    box.answers[where] = [answer]
    await desk.tell(URGENT, people(desk.people["sato"]))
    await desk.deliver()
    [row] = await desk.deliveries()
    assert (row["state"], row["last_code"]) == ("dead", f"smtp_{answer[:3]}")
    desk.cities.stage.clock.move(days=1)
    assert await desk.deliver() == 0


async def test_after_the_last_try_it_is_a_dead_letter(desk: Desk) -> None:
    async with mailbox() as gone:
        desk.mailing(gone)
    await desk.tell(URGENT, people(desk.people["sato"]))
    waited: list[int] = []
    for _ in range(MOST_ATTEMPTS):
        assert await desk.deliver() == 1
        due = await desk.rows("SELECT due_at FROM tsunagari.work_due WHERE kind = 'notices.deliver'")
        now = desk.cities.stage.clock()
        waited += [round((row["due_at"] - now).total_seconds() / 60) for row in due]
        desk.cities.stage.clock.move(hours=8)
    [row] = await desk.deliveries()
    assert (row["state"], row["last_code"], row["attempts"]) == ("dead", "connection", MOST_ATTEMPTS)
    assert len(waited) == MOST_ATTEMPTS - 1
    assert waited[0] <= 2
    assert 280 <= waited[-1] <= 440


async def test_two_workers_never_send_one_twice(desk: Desk, box: Mailbox) -> None:
    box.open.clear()
    await desk.tell(URGENT, people(desk.people["sato"]), people(desk.people["hana"]))
    first = asyncio.create_task(desk.deliver())
    await box.arrived.wait()
    assert await desk.deliver() == 0
    # the clock's own transactions are not held up, nor is one left open meanwhile
    held = await desk.rows(
        "SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND state = 'idle in transaction' "
        "AND application_name = 'tests'",
        desk.cities.stage.name,
    )
    assert held == []
    box.open.set()
    assert await first == 2
    assert sorted(box.recipients) == [address("hana"), address("sato")]


async def test_who_has_no_address_or_has_left_by_then_is_not_mailed(desk: Desk, box: Mailbox) -> None:
    await desk.rows(
        "UPDATE tsunagari.person SET email = NULL WHERE id = $1 RETURNING id", desk.people["hana"]
    )
    await desk.tell(URGENT, people(desk.people["sato"], desk.people["hana"], desk.people["kato"]))
    await desk.rows(
        # as the representative's removePerson leaves it: somebody who acts for nobody here
        "UPDATE tsunagari.membership SET until = $2 WHERE person_id = $1 RETURNING id",
        desk.people["kato"],
        desk.cities.stage.clock(),
    )
    await desk.deliver()
    assert box.recipients == [address("sato")]
    assert sorted(await desk.states()) == ["sent", "skipped"]


async def test_without_a_mail_server_notices_stay_in_the_inbox(desk: Desk) -> None:
    await desk.tell(URGENT, people(desk.people["sato"]))
    await desk.deliver()
    assert await desk.states() == ["skipped"]
    assert await desk.kinds("sato") == ["REFERRAL_SENT"]


@pytest.mark.parametrize(
    "wrong", ["a@b@mail.example", "a>b@mail.example", "x y@mail.example", "名@mail.example"]
)
async def test_an_address_that_could_be_more_than_one_is_refused(
    desk: Desk, box: Mailbox, wrong: str
) -> None:
    await desk.rows(
        "UPDATE tsunagari.person SET email = $2 WHERE id = $1 RETURNING id", desk.people["sato"], wrong
    )
    await desk.tell(URGENT, people(desk.people["sato"]))
    await desk.deliver()
    [row] = await desk.deliveries()
    assert (row["state"], row["last_code"]) == ("dead", "address")
    assert box.commands == []


@pytest.mark.parametrize("injected", ["a@mail.example\r\nBcc: x@evil.example", "a@mail.example\nDATA"])
def test_no_line_break_is_ever_part_of_an_address(injected: str) -> None:
    assert not is_address(injected)


async def test_tls_is_insisted_on_and_the_servers_name_checked(desk: Desk) -> None:
    serving, trusting = pair()
    async with mailbox(serving) as box:
        desk.mailing(box, "smtp", "desk:pass%40word@", trust=trusting)
        await desk.tell(URGENT, people(desk.people["sato"]))
        await desk.deliver()
        assert len(box.received) == 1
        verbs = [each.split(" ", 1)[0].upper() for each in box.commands]
        assert verbs.index("STARTTLS") < verbs.index("AUTH") < verbs.index("MAIL")
        desk.mailing(box, "smtp", trust=ssl.create_default_context())
        await desk.tell(URGENT, people(desk.people["sato"]))
        await desk.deliver()
        assert len(box.received) == 1
    async with mailbox() as bare:
        desk.mailing(bare, "smtp", trust=trusting)
        await desk.tell(URGENT, people(desk.people["sato"]))
        await desk.deliver()
        assert bare.received == []
    codes = sorted(row["last_code"] or "" for row in await desk.deliveries())
    assert codes == ["", "smtp", "tls"]


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("smtp+plain://mail.example:25", SENDER),
        ("http://mail.example", SENDER),
        ("smtps://", SENDER),
        ("smtps://mail.example:port", SENDER),
        ("smtps://user:secret@mail.example", None),
        ("smtps://user:secret@mail.example", "no address"),
    ],
)
def test_a_wrong_setting_is_named_and_not_repeated(url: str, sender: str | None) -> None:
    with pytest.raises(InvalidInput) as refused:
        MailServer.of(url, sender)
    assert refused.value.field in {"TSUNAGARI_SMTP_URL", "TSUNAGARI_MAIL_FROM"}
    assert "secret" not in f"{refused.value.ja}{refused.value.en}"


def test_the_password_is_in_no_repr() -> None:
    server = MailServer.of("smtps://user:hush@mail.example", SENDER)
    assert (server.port, server.user, server.password) == (465, "user", "hush")
    assert "hush" not in repr(server)
