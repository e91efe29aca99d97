"""Accounts as an operator names them: an issuer's address and the subject that it knows somebody by."""

from typing import Final

from libs.errors.problems import InvalidInput
from libs.japan.text import clean
from libs.tenancy.tokens.addresses import is_permitted

SUBJECT_LENGTH: Final = 255


def checked_issuer(issuer: str) -> str:
    """Raises InvalidInput for what no token could name as its issuer."""
    if not is_permitted(issuer):
        raise InvalidInput(
            "issuer",
            "発行者(issuer)は https:// で始まるURLで指定してください。",
            "Give the issuer as a URL that begins with https://",
        )
    return issuer


def checked_subject(subject: str) -> str:
    """Raises InvalidInput for what no token could carry as its subject (OpenID Connect Core 2: up to 255)."""
    cleaned = clean(subject, "subject", SUBJECT_LENGTH)
    if not cleaned:
        raise InvalidInput(
            "subject",
            "発行者での利用者番号(sub)を指定してください。",
            "Give the account's subject at the issuer.",
        )
    return cleaned
