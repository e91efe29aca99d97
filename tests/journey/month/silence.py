"""A referral that nobody answers, and a consent that is taken back."""

from tests.journey.month.town import Town, address
from tests.referrals import documents as said
from tests.referrals.conftest import NAME


async def ines_refers_twice(town: Town) -> None:
    """To Kato's company, which will say nothing; to Hana's department, which accepts at once."""
    loop = town.loop
    case = await loop.case()
    quiet = await loop.sent(case, "kato", (await loop.consent(case, "kato", days=200))["id"])
    other = await loop.case()
    agreed = await loop.consent(other, "hana", days=200)
    sent = await loop.sent(other, "hana", agreed["id"], needCategory="FOOD")
    taken = await loop.step("hana", said.ACCEPT, id=sent["id"], version=sent["version"])
    assert (await loop.reveal("hana", taken["id"], "L3"))["personName"] == NAME
    town.remembered |= {"quiet": quiet["id"], "taken": taken["id"], "agreed": agreed}


async def the_consent_is_taken_back(town: Town) -> None:
    """At the very next request nothing opens any more."""
    loop, agreed, taken = town.loop, town.remembered["agreed"], town.remembered["taken"]
    back = await town.person("ines").do(said.WITHDRAW_CONSENT, id=agreed["id"], version=agreed["version"])
    assert back["consent"]["withdrawnAt"] is not None
    assert (await loop.reveal("hana", taken, "L3"))["__typename"] == "NotAllowed"
    assert (await loop.read("ines", taken) or {})["withdrawCode"] == "CONSENT_REVOKED"


async def the_silence_was_heard(town: Town) -> None:
    """Kato was reminded, then Mori was told; the mails say that something waits, and of nobody."""
    told = [kind for kind in reversed(await town.told("kato")) if kind.startswith("ANSWER")]
    assert told == ["ANSWER_DUE_HALF", "ANSWER_DUE_SOON", "ANSWER_OVERDUE"]
    assert {"ANSWER_OVERDUE", "REFERRAL_EXPIRED"} <= set(await town.told("mori"))
    assert (await town.loop.read("ines", town.remembered["quiet"]) or {})["state"] == "EXPIRED"
    digests = [body for body in town.mails(address("kato")) if "件)" in body]
    assert any("回答期限の半分が過ぎました。" in body for body in digests)
    assert not any(NAME in body for body in town.mails(address("kato")))
