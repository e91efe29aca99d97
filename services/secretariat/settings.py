"""The secretariat's settings: its own database role and its own issuers, beside those of the platforms."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from libs.serving.environment import Environment, is_unfit
from libs.tenancy.tokens.issuers import TrustedIssuer

PREFIX = "TSUNAGARI_SECRETARIAT_"


@dataclass(frozen=True, slots=True)
class Settings:
    """`mode` production refuses the embedded issuer; `database_url` logs in as the secretariat role."""

    mode: str
    database_url: str = field(repr=False)
    issuers: tuple[TrustedIssuer, ...]
    origins: frozenset[str] = frozenset()
    pool_size: int = 4
    log_level: str = "INFO"


def from_environment(variables: Mapping[str, str] = os.environ) -> Settings:
    """Raises InvalidInput naming the variable."""
    own = Environment(variables, PREFIX)
    shared = Environment(variables, "TSUNAGARI_")
    settings = Settings(
        mode=shared.mode(),
        database_url=own.required("DATABASE_URL"),
        issuers=own.issuers("ISSUERS"),
        origins=own.words("ORIGINS"),
        pool_size=own.number("POOL_SIZE", 4),
        log_level=shared.text("LOG_LEVEL", "INFO"),
    )
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """What production must never run with. Raises InvalidInput."""
    if settings.mode == "production" and any(map(is_unfit, settings.issuers)):
        raise Environment({}, PREFIX).refuse_demo("ISSUERS")
