"""The code to come back with: 80 random bits that can be read aloud, copied by hand and typed on a phone."""

import re
import secrets
import unicodedata
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (crockford.com/base32.html): I and L are read as 1, O as 0; U is left out."""
LENGTH: Final = 16
_GROUP: Final = 4
_LOOKALIKES: Final = str.maketrans("ILO", "110")
_BETWEEN: Final = re.compile(r"[\s\-‐‑‒–—―−ー・.]+")
_CODE: Final = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """Five bits a character."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """In groups of four."""
    return "-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def typed(text: str) -> str | None:
    """The code that somebody typed: full width, small letters, spaces and look-alikes are forgiven."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LOOKALIKES)
    return plain if _CODE.fullmatch(plain) else None
