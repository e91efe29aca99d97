"""Who one can be in the demo: invented people of every kind, each with a token that works by itself."""

from dataclasses import dataclass, field
from typing import Any

from libs.tenancy.tokens.embedded_issuer import EmbeddedIssuer

AUDIENCE = "tsunagari"
TOKEN_SECONDS = 30 * 24 * 3_600


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`subject` is the account; `tenant` a slug, None for the secretariat's staff."""

    subject: str
    name: str
    tenant: str | None
    organisation: str | None
    kind: str
    roles: tuple[str, ...]


@dataclass(slots=True)
class People:
    """The people of the demo and the issuer that signs for them."""

    issuer: EmbeddedIssuer
    everybody: list[DemoPerson] = field(default_factory=lambda: list(CAST))

    def token(self, subject: str, seconds: int = TOKEN_SECONDS) -> str:
        return self.issuer.sign(subject, audience=AUDIENCE, lifetime=seconds)

    def listed(self) -> list[dict[str, Any]]:
        """As demo.json shows them."""
        return [
            {
                "name": each.name,
                "tenant": each.tenant,
                "organisation": each.organisation,
                "kind": each.kind,
                "roles": list(each.roles),
                "token": self.token(each.subject),
            }
            for each in self.everybody
        ]


HEAD_ROLES = ("coordinator", "representative")
COMPANY_ROLES = ("representative", "desk")
EVERY_ROLE = ("representative", "desk", "caseworker")
NATIONAL = "孤独・孤立対策官民連携プラットフォーム"

CAST = (
    DemoPerson("mori", "森 みどり", "ikoma", "生駒市", "government", HEAD_ROLES),
    DemoPerson("hana", "花田 はな", "ikoma", "生駒市福祉総務課", "government", EVERY_ROLE),
    DemoPerson("ines", "イネス 井上", "ikoma", "NPO法人つながる生駒", "npo", EVERY_ROLE),
    DemoPerson("sato", "佐藤 さとる", "ikoma", "こども食堂ひだまり", "npo", EVERY_ROLE),
    DemoPerson("kato", "加藤 かつみ", "ikoma", "まちの電器株式会社", "company", COMPANY_ROLES),
    DemoPerson("oda", "織田 おりえ", "takamatsu", "高松市", "government", HEAD_ROLES),
    DemoPerson("ueda", "上田 うみ", "takamatsu", "社会福祉法人高松市社会福祉協議会", "npo", EVERY_ROLE),
    DemoPerson("kagawa", "香川 かおる", "takamatsu", "さぬき生活サービス株式会社", "company", COMPANY_ROLES),
    DemoPerson("nishi", "西 にしき", "soya", "宗谷つながり協議会", "government", HEAD_ROLES),
    DemoPerson("ehime", "愛野 えひめ", "ehime", "愛媛県", "government", HEAD_ROLES),
    DemoPerson("kuni", "国枝 くにこ", None, None, "secretariat", ("analyst",)),
    DemoPerson("abe", "阿部 あきら", "ikoma", "生駒市", "government", HEAD_ROLES),
    DemoPerson("zen", "全田 つなぐ", "zenkoku", NATIONAL, "government", HEAD_ROLES),
    DemoPerson("amino", "網野 ゆい", "zenkoku", "全国つながりネット(架空)", "npo", EVERY_ROLE),
    DemoPerson("kudo", "工藤 くらら", None, None, "secretariat", ("administrator",)),
)
