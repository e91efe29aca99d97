"""Webhooks: signed, called where they lead and nowhere near, given up where nobody answers."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest

from services.platform.notices.actions.telling import coordinators, of_organisation, people
from services.platform.notices.sending.addresses import is_public, resolved
from services.platform.notices.sending.outcome import NotSent
from tests.notices.certificates import pair
from tests.notices.conftest import ABOUT, Desk
from tests.notices.receiver import Receiver, receiver

ERRORS = "... on UserError { code ja en } ... on InvalidInput { field detail } ... on WrongState { state }"
REGISTER = f"""mutation ($input: RegisterWebhookInput!) {{ registerWebhook(input: $input) {{ __typename
  ... on WebhookSecretPayload {{ secret webhook {{ id version url state ofPlatform organisation {{ id }} }} }}
  {ERRORS} }} }}"""
ROTATE = f"""mutation ($input: RotateWebhookSecretInput!) {{ rotateWebhookSecret(input: $input) {{ __typename
  ... on WebhookSecretPayload {{ secret webhook {{ id version }} }} {ERRORS} }} }}"""
ENABLE = f"""mutation ($input: EnableWebhookInput!) {{ enableWebhook(input: $input) {{ __typename
  ... on WebhookPayload {{ webhook {{ id version state failingSince }} }} {ERRORS} }} }}"""
REMOVE = f"""mutation ($input: RemoveWebhookInput!) {{ removeWebhook(input: $input) {{ __typename
  ... on WebhookPayload {{ webhook {{ id version state }} }} {ERRORS} }} }}"""
MINE = "{ myWebhooks { totalCount nodes { id url state version } } }"


@pytest.fixture
async def system() -> Any:
    async with receiver() as made:
        yield made


async def registered(desk: Desk, system: Receiver, who: str = "sato", **more: Any) -> dict[str, Any]:
    """A webhook of theirs; from now on calls go into private networks too, as the tests need."""
    desk.outside = replace(desk.outside, private_webhooks=True, trust=pair()[1])
    made = await desk.person(who).do(REGISTER, url=system.url, **more)
    assert made["__typename"] == "WebhookSecretPayload", made
    return made


def signed_by(secret: str, head: dict[str, str], body: bytes) -> bool:
    """By the specification's own words: HMAC-SHA256 over id.timestamp.body with the secret's bytes."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in head["webhook-signature"].split(" ")


async def test_an_organisations_system_is_called_with_kind_object_and_time(
    desk: Desk, system: Receiver
) -> None:
    made = await registered(desk, system)
    await desk.tell("referral_sent", of_organisation(desk.organisations["sato"], "desk"), by="ines")
    await desk.tell("referral_sent", of_organisation(desk.organisations["hana"], "desk"), by="ines")
    await desk.tell("assigned", people(desk.people["sato"]))
    await desk.deliver()
    [head], [body] = system.heads, system.bodies
    assert head[":"] == "POST /hook?of=us HTTP/1.1"
    assert head["host"] == f"localhost:{system.port}"
    assert signed_by(made["secret"], head, body)
    assert not signed_by(made["secret"], head, body + b" ")
    said = json.loads(body)
    assert said["type"] == "referral_sent"
    assert said["data"] == {"id": f"referral_{ABOUT[1]}"}
    assert set(said) == {"type", "timestamp", "data"}
    [row] = [each for each in await desk.deliveries() if each["channel"] == "webhook"]
    assert head["webhook-id"] == str(row["id"])
    assert row["state"] == "sent"


async def test_the_secret_is_kept_sealed_and_shown_once(desk: Desk, system: Receiver) -> None:
    made = await registered(desk, system)
    [row] = await desk.rows("SELECT * FROM tsunagari.webhook")
    assert made["secret"].encode() not in row["secret"]
    assert made["secret"] not in str(row)
    listed = (await desk.person("sato").ask(MINE)).data["myWebhooks"]
    assert [each["url"] for each in listed["nodes"]] == [system.url]
    assert "secret" not in json.dumps(listed)


async def test_after_a_rotation_both_secrets_sign_for_a_day(desk: Desk, system: Receiver) -> None:
    old = await registered(desk, system)
    new = await desk.person("sato").do(ROTATE, id=old["webhook"]["id"], version=1)
    assert new["secret"] != old["secret"]
    for days in (0, 2):
        desk.cities.stage.clock.move(days=days)
        await desk.tell("referral_sent", of_organisation(desk.organisations["sato"], "desk"), by="ines")
        await desk.deliver()
    (first, second), (one, two) = system.heads, system.bodies
    assert signed_by(old["secret"], first, one)
    assert signed_by(new["secret"], first, one)
    assert signed_by(new["secret"], second, two)
    assert not signed_by(old["secret"], second, two)


async def test_coordinators_register_for_what_coordinators_are_told(desk: Desk, system: Receiver) -> None:
    refused = await desk.person("sato").do(REGISTER, url=system.url, ofPlatform=True)
    assert refused["code"] == "NOT_ALLOWED"
    await registered(desk, system, "mori", ofPlatform=True)
    await desk.tell("answer_overdue", coordinators())
    await desk.tell("assigned", of_organisation(desk.organisations["mori"], "representative"))
    await desk.deliver()
    assert [json.loads(each)["type"] for each in system.bodies] == ["answer_overdue"]
    await desk.rows("UPDATE tsunagari.coordinator_appointment SET until = since RETURNING id")
    await desk.tell("answer_overdue", coordinators())
    await desk.deliver()
    assert len(system.bodies) == 1


async def test_others_neither_see_nor_change_it(desk: Desk, system: Receiver) -> None:
    made = await registered(desk, system)
    identity = made["webhook"]["id"]
    for name in ("ines", "mori", "ueda"):
        person = desk.person(name)
        seen = (await person.ask("query ($id: ID!) { node(id: $id) { id } }", id=identity)).data["node"]
        assert seen is None
        for mutation in (ROTATE, ENABLE, REMOVE):
            assert (await person.do(mutation, id=identity, version=1))["__typename"] == "NotFound"
        assert (await person.ask(MINE)).data["myWebhooks"]["totalCount"] == 0


async def test_who_does_not_represent_registers_nothing(desk: Desk, system: Receiver) -> None:
    await desk.rows(
        "UPDATE tsunagari.membership SET roles = '{desk,caseworker}' WHERE person_id = $1 RETURNING id",
        desk.people["sato"],
    )
    await desk.rows("UPDATE tsunagari.platform_settings SET access_version = access_version + 1 RETURNING id")
    assert (await desk.person("sato").do(REGISTER, url=system.url))["code"] == "NOT_ALLOWED"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",
        "https://user:pass@hooks.example/",
        "https://hooks.example/#part",
        "https://",
        "ftp://hooks.example",
        "https://例え.example/",
        "https://hooks.example:99999/",
        "https://hooks.example/a b",
    ],
)
async def test_only_a_plain_https_address_is_taken(desk: Desk, url: str) -> None:
    refused = await desk.person("sato").do(REGISTER, url=url)
    assert (refused["field"], refused["detail"]) == ("url", "WEB_ADDRESS")


async def test_nothing_near_is_called(desk: Desk, system: Receiver) -> None:
    """The demand is planted: with the guard off the very same call arrives."""
    await registered(desk, system)
    desk.outside = replace(desk.outside, private_webhooks=False)
    await desk.tell("referral_sent", of_organisation(desk.organisations["sato"], "desk"), by="ines")
    await desk.deliver()
    assert system.heads == []
    [row] = [each for each in await desk.deliveries() if each["channel"] == "webhook"]
    assert (row["state"], row["last_code"]) == ("waiting", "address")
    desk.outside = replace(desk.outside, private_webhooks=True)
    desk.cities.stage.clock.move(minutes=5)
    await desk.deliver()
    assert len(system.heads) == 1


@pytest.mark.parametrize(
    "near",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:a00:1::",
        "2001:db8::1",
        "nonsense",
    ],
)
def test_no_address_of_a_nearer_network_is_public(near: str) -> None:
    assert not is_public(near)


@pytest.mark.parametrize("far", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are(far: str) -> None:
    assert is_public(far)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0x7f000001", "2130706433", "127.1", "[::1]"])
async def test_no_spelling_of_loopback_passes(host: str) -> None:
    with pytest.raises(NotSent):
        await resolved(host, 443, private=False)


async def test_a_redirect_is_not_followed(desk: Desk, system: Receiver) -> None:
    await registered(desk, system)
    system.statuses = ["302 Found\r\nLocation: https://localhost/other"]
    await desk.tell("referral_sent", of_organisation(desk.organisations["sato"], "desk"), by="ines")
    await desk.deliver()
    assert len(system.heads) == 1
    [row] = [each for each in await desk.deliveries() if each["channel"] == "webhook"]
    assert (row["state"], row["last_code"]) == ("waiting", "http_302")


async def test_who_does_not_answer_for_days_is_disabled_and_its_owner_told(
    desk: Desk, system: Receiver
) -> None:
    made = await registered(desk, system)
    identity = made["webhook"]["id"]
    system.statuses = ["500 Oops"] * 20
    await desk.tell("referral_sent", of_organisation(desk.organisations["sato"], "desk"), by="ines")
    for _ in range(10):
        await desk.deliver()
        desk.cities.stage.clock.move(hours=8)  # past the longest pause: six hours and a fifth
    assert len(system.heads) == 10
    assert len({head["webhook-id"] for head in system.heads}) == 1
    await desk.tell("referral_sent", of_organisation(desk.organisations["sato"], "desk"), by="ines")
    await desk.deliver()
    assert len(system.heads) == 10
    state = (await desk.person("sato").ask(MINE)).data["myWebhooks"]["nodes"][0]
    assert state["state"] == "DISABLED"
    assert "DELIVERY_FAILED" in await desk.kinds("sato")
    enabled = await desk.person("sato").do(ENABLE, id=identity, version=state["version"])
    assert enabled["webhook"] == {
        "id": identity,
        "version": state["version"] + 1,
        "state": "ACTIVE",
        "failingSince": None,
    }


async def test_whoever_says_gone_is_not_called_again(desk: Desk, system: Receiver) -> None:
    await registered(desk, system)
    system.statuses = ["410 Gone"]
    for _ in range(2):
        await desk.tell("referral_sent", of_organisation(desk.organisations["sato"], "desk"), by="ines")
        await desk.deliver()
    assert len(system.heads) == 1
    assert (await desk.person("sato").ask(MINE)).data["myWebhooks"]["nodes"][0]["state"] == "DISABLED"


async def test_a_removed_one_is_neither_listed_nor_called(desk: Desk, system: Receiver) -> None:
    made = await registered(desk, system)
    await desk.tell("referral_sent", of_organisation(desk.organisations["sato"], "desk"), by="ines")
    sato = desk.person("sato")
    assert (await sato.do(REMOVE, id=made["webhook"]["id"], version=9))["code"] == "STALE_VERSION"
    removed = await sato.do(REMOVE, id=made["webhook"]["id"], version=1)
    assert removed["webhook"]["state"] == "REMOVED"
    again = await sato.do(ROTATE, id=made["webhook"]["id"], version=2)
    assert (again["code"], again["state"]) == ("WRONG_STATE", "removed")
    await desk.deliver()
    assert system.heads == []
    assert (await sato.ask(MINE)).data["myWebhooks"]["totalCount"] == 0
