"""The platform's settings, read once from the environment; a wrong one stops the start and says the mend."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from libs.errors.problems import InvalidInput
from libs.tenancy.tokens.embedded_issuer import EMBEDDED_ISSUER_PREFIX
from libs.tenancy.tokens.issuers import TrustedIssuer

PREFIX = "TSUNAGARI_"


@dataclass(frozen=True, slots=True)
class Settings:
    """`mode` production refuses the embedded issuer; `database_url` logs in as the app role.

    `key_folder` holds the wrapped keys of cases and must not be in the database's backups; `master_key` (32
    bytes in base64) stands in place of the file there.
    """

    mode: str
    database_url: str = field(repr=False)
    issuers: tuple[TrustedIssuer, ...]
    key_folder: str
    master_key: str | None = field(default=None, repr=False)
    domain: str | None = None
    origins: frozenset[str] = frozenset()
    pool_size: int = 6
    log_level: str = "INFO"
    demo_file: str | None = None


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises InvalidInput naming the variable."""
    mode = environment.get(f"{PREFIX}MODE", "production")
    if mode not in {"production", "demo"}:
        raise _wrong("MODE", "production か demo", "production or demo")
    settings = Settings(
        mode=mode,
        database_url=_required(environment, "DATABASE_URL"),
        issuers=_issuers(_required(environment, "ISSUERS")),
        key_folder=_required(environment, "KEY_FOLDER"),
        master_key=environment.get(f"{PREFIX}MASTER_KEY"),
        domain=environment.get(f"{PREFIX}DOMAIN"),
        origins=frozenset(filter(None, environment.get(f"{PREFIX}ORIGINS", "").split(","))),
        pool_size=_number(environment, "POOL_SIZE", 6),
        log_level=environment.get(f"{PREFIX}LOG_LEVEL", "INFO"),
        demo_file=environment.get(f"{PREFIX}DEMO_FILE"),
    )
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """What production must never run with: the demo's issuer, its list of tokens, an issuer without TLS."""
    unfit = [
        each for each in settings.issuers if each.issuer.startswith((EMBEDDED_ISSUER_PREFIX, "http://"))
    ]
    if settings.mode == "production" and (unfit or settings.demo_file):
        raise _wrong(
            "ISSUERS",
            "https の OpenID Connect 発行者(本番ではデモ用のものは使えません)",
            "an OpenID Connect issuer by https; the demo's own is refused in production",
        )


def _issuers(text: str) -> tuple[TrustedIssuer, ...]:
    try:
        listed = msgspec.json.decode(text, type=list[TrustedIssuer])
    except (msgspec.MsgspecError, InvalidInput) as error:
        example = '[{"issuer":"https://login.example.jp","audience":"tsunagari"}]'
        raise _wrong("ISSUERS", f"JSON: {example}", f"JSON: {example}") from error
    if not listed:
        raise _wrong("ISSUERS", "少なくとも一つの発行者", "at least one issuer")
    return tuple(listed)


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(PREFIX + name)
    if not value:
        raise _wrong(name, "値", "a value")
    return value


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(PREFIX + name)
    if text is None:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= 100:  # noqa: PLR2004 - said in the text
        raise _wrong(name, "1から100までの数", "a number from 1 to 100")
    return int(text)


def _wrong(name: str, ja: str, en: str) -> InvalidInput:
    variable = PREFIX + name
    return InvalidInput(
        variable,
        f"環境変数 {variable} には{ja}を設定してください。",
        f"The environment variable {variable} needs {en}.",
    )
