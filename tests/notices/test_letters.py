"""Letters with a secret: sealed until they are sent, gone afterwards, in nobody's log and no other table."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from libs.errors.problems import InvalidInput
from services.platform.notices.actions.letters import post_letter
from services.platform.notices.models.letters import LETTERS, Letter, Wording, register
from tests.notices.conftest import Desk
from tests.notices.mailbox import Mailbox

CODE, TO = "hush-4711", "npo@small.example"
INVITED = Letter(
    "test_invited",
    frozenset({"code", "until"}),
    Wording("ご案内", "コードは {code} です。{until} まで有効です。"),
    Wording("An invitation", "Your code is {code}. It is good until {until}."),
)


@pytest.fixture(autouse=True)
def invited() -> Iterator[None]:
    register(INVITED)
    yield
    del LETTERS[INVITED.name]


async def post(desk: Desk, *, language: str = "ja", to: str = TO, **values: str) -> None:
    said = {"code": CODE, "until": "明日"} | values
    async with desk.work("ines") as work:
        await post_letter(
            work,
            desk.outside.vault,
            to=to,
            language=language,
            template=INVITED.name,
            values=said,
            expires_at=work.now + timedelta(hours=1),
        )


async def test_it_waits_sealed_and_is_gone_when_it_was_sent(desk: Desk, box: Mailbox) -> None:
    await post(desk)
    [waiting] = await desk.deliveries()
    assert CODE.encode() not in waiting["sealed"]
    assert TO.encode() not in waiting["sealed"]
    assert TO not in str(waiting)
    await desk.deliver()
    [mail] = box.received
    assert mail["To"] == TO
    assert mail["Subject"] == "ご案内"
    assert mail.get_content().strip() == f"コードは {CODE} です。明日 まで有効です。"
    [sent] = await desk.deliveries()
    assert (sent["state"], sent["sealed"]) == ("sent", None)


async def test_in_english(desk: Desk, box: Mailbox) -> None:
    await post(desk, language="en", until="tomorrow")
    await desk.deliver()
    assert box.received[0].get_content().strip() == f"Your code is {CODE}. It is good until tomorrow."


async def test_too_old_it_is_not_sent_and_its_secret_gone(desk: Desk, box: Mailbox) -> None:
    """Also while it is being tried again: the next try is never later than its end."""
    box.answers["RCPT"] = ["451 later"] * 20
    await post(desk)
    for _ in range(7):
        await desk.deliver()
        desk.cities.stage.clock.move(minutes=25)
    [row] = await desk.deliveries()
    assert (row["state"], row["last_code"], row["sealed"]) == ("dead", "expired", None)
    assert box.received == []


async def test_a_value_cannot_add_a_header_or_a_recipient(desk: Desk, box: Mailbox) -> None:
    await post(desk, code="x\r\nBcc: y@evil.example\r\n.\r\nMAIL FROM:<z@evil.example>")
    await desk.deliver()
    [mail] = box.received
    assert mail["Bcc"] is None
    assert box.recipients == [TO]


@pytest.mark.parametrize("to", ["", "nobody", "a@mail.example\r\nBcc: x@evil.example", "a b@mail.example"])
async def test_an_address_that_is_none_is_refused_at_once(desk: Desk, to: str) -> None:
    with pytest.raises(InvalidInput):
        await post(desk, to=to)
    assert await desk.deliveries() == []


async def test_another_row_or_tenant_cannot_open_it(desk: Desk, box: Mailbox) -> None:
    """A ciphertext that was moved is unreadable: the letter is dead, and nothing is sent."""
    await post(desk)
    await post(desk)
    first, second = await desk.deliveries()
    await desk.rows(
        "UPDATE tsunagari.notice_delivery SET sealed = $2 WHERE id = $1 RETURNING id",
        first["id"],
        second["sealed"],
    )
    await desk.deliver()
    assert len(box.received) == 1
    moved = next(row for row in await desk.deliveries() if row["id"] == first["id"])
    assert (moved["state"], moved["last_code"]) == ("dead", "key")


async def test_without_a_mail_server_the_operator_sees_it(desk: Desk) -> None:
    await post(desk)
    await desk.deliver()
    [row] = await desk.deliveries()
    assert (row["state"], row["last_code"], row["sealed"]) == ("dead", "no_mail_server", None)


def test_words_must_ask_for_the_letters_own_places() -> None:
    with pytest.raises(ValueError, match="other places"):
        register(Letter("test_wrong", frozenset({"code"}), INVITED.ja, INVITED.en))
    with pytest.raises(ValueError, match="registered already"):
        register(INVITED)
