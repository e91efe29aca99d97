"""The allow list: issuers whose tokens count, and the audience that names us there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from libs.errors.problems import InvalidInput
from libs.tenancy.tokens.addresses import is_permitted


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An OpenID Connect issuer, exactly as its tokens' `iss` spells it, and the `aud` that means us.

    `jwks` is a JSON Web Key Set known beforehand (the embedded issuer, tests): nothing is fetched then.
    The same issuer may be listed with several audiences: each municipality can be a client of its own there.
    Raises InvalidInput for an address that is neither https nor http on a loopback host.
    """

    issuer: str
    audience: str
    jwks: Mapping[str, object] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        if not is_permitted(self.issuer) or "?" in self.issuer:
            raise InvalidInput(
                "issuer",
                "発行者(issuer)はhttpsのURLで、クエリ・フラグメント・認証情報なしで指定してください。",
                "Give the issuer as an https URL without query, fragment or credentials.",
            )
        if not self.audience:
            raise InvalidInput(
                "audience",
                "このサービスを示すaudienceを指定してください。",
                "Give the audience that names this service at the issuer.",
            )
