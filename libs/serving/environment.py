"""A service's settings from environment variables; a wrong one stops the start and says how to mend it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from libs.errors.problems import InvalidInput
from libs.tenancy.tokens.embedded_issuer import EMBEDDED_ISSUER_PREFIX
from libs.tenancy.tokens.issuers import TrustedIssuer

MOST = 100
MOST_AMOUNT = 1_000_000_000
MOST_DIGITS = 20
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables that begin with `prefix`. Every reading raises InvalidInput naming the variable."""

    variables: Mapping[str, str]
    prefix: str

    def required(self, name: str) -> str:
        value = self.variables.get(self.prefix + name)
        if not value:
            raise self.wrong(name, "値", "a value")
        return value

    def text(self, name: str, default: str) -> str:
        return self.variables.get(self.prefix + name, default)

    def optional(self, name: str) -> str | None:
        return self.variables.get(self.prefix + name)

    def words(self, name: str) -> frozenset[str]:
        """What stands between commas."""
        return frozenset(filter(None, self.text(name, "").split(",")))

    def number(self, name: str, default: int) -> int:
        """From 1 to 100."""
        text = self.text(name, str(default))
        if not text.isdecimal() or not 1 <= int(text) <= MOST:
            raise self.wrong(name, f"1から{MOST}までの数", f"a number from 1 to {MOST}")
        return int(text)

    def amount(self, name: str, default: int) -> int:
        """From 0, which says how much it stands for at its variable, to a thousand million."""
        text = self.text(name, str(default))
        if not text.isdecimal() or len(text) > MOST_DIGITS or int(text) > MOST_AMOUNT:
            raise self.wrong(name, f"0から{MOST_AMOUNT}までの数", f"a number from 0 to {MOST_AMOUNT}")
        return int(text)

    def one_of(self, name: str, words: Sequence[Word]) -> Word:
        """One of these words; the first where none is given."""
        text = self.text(name, words[0])
        for word in words:
            if word == text:
                return word
        raise self.wrong(name, " か ".join(words), " or ".join(words))

    def issuers(self, name: str) -> tuple[TrustedIssuer, ...]:
        """At least one OpenID Connect issuer, as JSON."""
        try:
            listed = msgspec.json.decode(self.required(name), type=list[TrustedIssuer])
        except (msgspec.MsgspecError, InvalidInput) as error:
            example = '[{"issuer":"https://login.example.jp","audience":"tsunagari"}]'
            raise self.wrong(name, f"JSON: {example}", f"JSON: {example}") from error
        if not listed:
            raise self.wrong(name, "少なくとも一つの発行者", "at least one issuer")
        return tuple(listed)

    def mode(self) -> str:
        """`production`, or `demo`, which has people to be."""
        mode = self.text("MODE", "production")
        if mode not in {"production", "demo"}:
            raise self.wrong("MODE", "production か demo", "production or demo")
        return mode

    def refuse_demo(self, name: str) -> InvalidInput:
        """What production answers to the demo's issuer."""
        return self.wrong(
            name,
            "https の OpenID Connect 発行者（本番ではデモ用のものは使えません）",
            "an OpenID Connect issuer by https; the demo's own is refused in production",
        )

    def wrong(self, name: str, ja: str, en: str) -> InvalidInput:
        variable = self.prefix + name
        return InvalidInput(
            variable,
            f"環境変数 {variable} には{ja}を設定してください。",
            f"The environment variable {variable} needs {en}.",
        )


def is_unfit(issuer: TrustedIssuer) -> bool:
    """What production refuses: the demo's own issuer, and one that is reached without TLS."""
    return issuer.issuer.startswith((EMBEDDED_ISSUER_PREFIX, "http://"))
