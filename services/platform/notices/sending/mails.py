"""The mails' words: what kind of thing waits and where, and nothing else."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from services.platform.notices.models.kinds import KINDS
from services.platform.notices.models.letters import Letter

SUBJECT: Final = {"ja": "お知らせがあります", "en": "A notice waits for you"}
DIGEST_SUBJECT: Final = {"ja": "未読のお知らせ", "en": "Unread notices"}
OPEN: Final = {
    "ja": "プラットフォームにログインしてご確認ください。",
    "en": "Please sign in to the platform to see it.",
}
FOOT: Final = {
    "ja": "このメールは配信専用です。個人情報は記載していません。\n"
    "受け取り方は、プラットフォームの「受信箱」で変えられます。",
    "en": "This address takes no replies. No personal data are in this mail.\n"
    "How you are told can be changed in your inbox on the platform.",
}


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    body: str


def of_notice(kind: str, language: str, platform: str, url: str) -> Words:
    said = KINDS[kind]
    text = said.en if language == "en" else said.ja
    return Words(SUBJECT[language], _body([text], language, platform, url))


def of_digest(kinds: Mapping[str, int], language: str, platform: str, url: str) -> Words:
    """`kinds` with how many unread notices there are of each."""
    lines = [
        f"- {KINDS[kind].en} ({count})" if language == "en" else f"・{KINDS[kind].ja}({count}件)"
        for kind, count in kinds.items()
    ]
    return Words(DIGEST_SUBJECT[language], _body(lines, language, platform, url))


def of_letter(letter: Letter, language: str, values: Mapping[str, str]) -> Words:
    return Words(letter.wording(language).subject, letter.body(language, values))


def mail(words: Words, *, sender: str, to: str, delivery: uuid.UUID, at: datetime) -> EmailMessage:
    """Its Message-ID is the delivery's: a mail that comes twice has the same.

    A header cannot hold a line break: EmailMessage refuses it.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = to
    made["Subject"] = words.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{delivery}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers, please
    made.set_content(words.body, cte="base64")
    return made


def _body(lines: list[str], language: str, platform: str, url: str) -> str:
    return "\n".join((platform, "", *lines, "", OPEN[language], url, "", FOOT[language], ""))
