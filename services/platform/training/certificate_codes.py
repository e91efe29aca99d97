"""The codes of a certificate, each a keyed hash: nobody makes one without the platform's key.

What is printed carries two. The certificate's own is of its row and course: not even who writes into the
table has a valid one. The other binds the printed name to it.
"""

import uuid
from typing import Final

from libs.japan.text import search_key
from libs.persistence.sealing.vault import Sealer
from services.platform import codes

NAME_CODE: Final = 8


def claim_hash(own: Sealer, code: str) -> bytes:
    """By which the certificate of a code to print it with is found."""
    return own.mark("certificate claim", code)


def code_of(own: Sealer, identity: uuid.UUID, course_id: uuid.UUID) -> str:
    """80 bits of a keyed hash of the row and its course: neither guessed nor moved to another."""
    return _letters(own.mark("certificate", f"{identity} {course_id}"), codes.LENGTH)


def name_code(own: Sealer, code: str, name: str) -> str:
    """By which the printed name is checked: spellings that a reader takes for the same have one."""
    return _letters(own.mark("certificate name", f"{code} {search_key(name)}"), NAME_CODE)


def code_hash(own: Sealer, code: str) -> bytes:
    """By which the certificate of a printed code is found."""
    return own.mark("certificate code", code)


def _letters(mark: bytes, count: int) -> str:
    number = int.from_bytes(mark, "big")
    return "".join(codes.ALPHABET[number >> 5 * place & 31] for place in range(count))
