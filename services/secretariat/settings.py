"""The secretariat's settings: its own database role and its own issuers, beside those of the platforms."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.serving.environment import Environment, is_embedded
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
    people: tuple[dict[str, Any], ...] = field(default=(), repr=False)


def from_environment(variables: Mapping[str, str] = os.environ) -> Settings:
    """Raises InvalidInput naming the variable."""
    own = Environment(variables, PREFIX)
    shared = Environment(variables, "TSUNAGARI_")
    mode = shared.text("MODE", "production")
    if mode not in {"production", "demo"}:
        raise shared.wrong("MODE", "production か demo", "production or demo")
    settings = Settings(
        mode=mode,
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
    demonstrates = any(is_embedded(each) for each in settings.issuers) or settings.people
    if settings.mode == "production" and demonstrates:
        raise Environment({}, PREFIX).wrong(
            "ISSUERS",
            "本番のOpenID Connectの発行者（デモ用は使えません）",
            "your OpenID Connect issuer: the demo's own is refused in production",
        )
