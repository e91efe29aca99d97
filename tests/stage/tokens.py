"""The tests' own issuer: its key is made once a run and shared by all workers."""

import os
from functools import cache
from pathlib import Path

from libs.tenancy.tokens.embedded_issuer import EMBEDDED_ISSUER_PREFIX, EmbeddedIssuer
from libs.tenancy.tokens.issuers import TrustedIssuer

FOLDER = "TSUNAGARI_TEST_KEYS"
ISSUER = f"{EMBEDDED_ISSUER_PREFIX}tests"
AUDIENCE = "tsunagari"


@cache
def issuer() -> EmbeddedIssuer:
    return EmbeddedIssuer.load_or_create(Path(os.environ[FOLDER]), ISSUER)


def trusted() -> TrustedIssuer:
    return TrustedIssuer(ISSUER, AUDIENCE, issuer().key_set())


def token_of(subject: str, *, lifetime: int = 3_600) -> str:
    return issuer().sign(subject, audience=AUDIENCE, lifetime=lifetime)


def key_folder() -> Path:
    """Where the platforms of this run keep the keys of cases; ids never repeat, so all of them share it."""
    return Path(os.environ[FOLDER]) / "cases"
