"""What others will read on a board or in an ask is looked through for personal data before it is kept."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from libs.errors.problems import InvalidInput
from libs.japan.personal_data import Finding, scan
from libs.policy.acting import Acting
from services.platform.referrals.actions.sealing import open_texts, sealed_texts
from services.platform.referrals.actions.settings import rules
from services.platform.referrals.identity_matching import identity_findings
from services.platform.referrals.models import codes

NEVER_CONFIRMED: Final = "my_number"
"""番号法 20条 forbids collecting and keeping it: no confirmation lets it through."""

KINDS: Final = {
    "telephone": ("電話番号", "telephone number"),
    "email": ("メールアドレス", "mail address"),
    "my_number": ("マイナンバー", "My Number"),
    "postal_code": ("郵便番号", "postal code"),
    "address": ("住所", "address"),
    "birth_date": ("生年月日", "birth date"),
    "person_name": ("ご本人の氏名", "the person's name"),
    "person_kana": ("ご本人の氏名(カナ)", "the person's name in kana"),
    "contact": ("ご本人の連絡先", "the person's contact"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Texts by input field. `case_id` where the writer holds the case: only then are they compared with it,
    or a stranger could learn a name by trying names. `confirmed`: the writer saw the findings and keeps them.
    """

    texts: Mapping[str, str]
    case_id: uuid.UUID | None = None
    confirmed: bool = False


async def refuse_personal_data(acting: Acting, shown: Shown) -> None:
    """Raises InvalidInput with kinds and offsets of what was found, never the text itself."""
    identity = {} if shown.case_id is None else await _identity(acting, shown.case_id)
    for field, text in shown.texts.items():
        findings = [*scan(text), *identity_findings(text, identity)]
        if findings and not await _may_stay(acting, shown, findings):
            raise _refusal(field, findings, may_confirm=await _confirms(acting))


async def _identity(acting: Acting, case_id: uuid.UUID) -> dict[str, str]:
    sealer = await acting.vault.sealer(acting.work.tenant_id, case_id)
    texts = open_texts(sealer, await sealed_texts(acting.work, "case_file", case_id))
    return {item: text for item, text in texts.items() if item in codes.IDENTITY}


async def _may_stay(acting: Acting, shown: Shown, findings: list[Finding]) -> bool:
    if any(finding.kind == NEVER_CONFIRMED for finding in findings):
        return False
    return shown.confirmed and await _confirms(acting)


async def _confirms(acting: Acting) -> bool:
    return (await rules(acting.work))["card_scan"] == "confirm"


def _refusal(field: str, findings: list[Finding], *, may_confirm: bool) -> InvalidInput:
    found = [KINDS[finding.kind] for finding in findings]
    ja = "、".join(dict.fromkeys(name for name, _ in found))
    en = ", ".join(dict.fromkeys(name for _, name in found))
    places = " ".join(f"{finding.kind}:{finding.start}-{finding.end}" for finding in findings)
    confirm = may_confirm and all(finding.kind != NEVER_CONFIRMED for finding in findings)
    return InvalidInput(
        field,
        f"「{field}」に{ja}らしきものがあります。{_ADVICE_JA[confirm]}",
        f"'{field}' seems to hold: {en}. {_ADVICE_EN[confirm]}",
        detail=f"{'CONFIRM' if confirm else 'PERSONAL_DATA'} {places}",
    )


_ADVICE_JA: Final = {
    True: "取り除くか、問題がなければ confirmFindings を付けて送り直してください。",
    False: "取り除いてから送り直してください。",
}
_ADVICE_EN: Final = {
    True: "Remove it, or send again with confirmFindings where it identifies nobody.",
    False: "Remove it and send again.",
}
