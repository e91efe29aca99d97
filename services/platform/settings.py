"""The platform's settings, read once from the environment; a wrong one stops the start and says the mend."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from libs.errors.problems import InvalidInput
from libs.persistence.objects.source import ObjectSource
from libs.persistence.sealing.master_source import MasterSource
from libs.persistence.sealing.vault import Vault
from libs.serving.environment import Environment, is_unfit
from libs.serving.pages.senders import SOURCE
from libs.serving.trusting import MODES, Mode
from libs.tenancy.budgets.terms import Terms
from libs.tenancy.tokens.issuers import TrustedIssuer
from services.platform.files.scanning import Clamd, NoScanner, Scanner
from services.platform.notices.sending.mail_server import MailServer
from services.platform.notices.sending.outside import Outside

PREFIX = "TSUNAGARI_"


@dataclass(frozen=True, slots=True)
class Settings:
    """`mode` production refuses the embedded issuer; `database_url` logs in as the app role.

    `key_folder` holds the wrapped keys of cases and must not be in the database's backups; `master` names the
    master key where it is no file there. `objects` is the store of files, else a folder beside the keys'.
    `scanner` looks for malware in what is sent. `address_from` says where the address of who sends a form is
    read.
    """

    mode: str
    database_url: str = field(repr=False)
    issuers: tuple[TrustedIssuer, ...]
    key_folder: str
    master: MasterSource = field(default_factory=MasterSource)
    objects: ObjectSource | None = None
    domain: str | None = None
    origins: frozenset[str] = frozenset()
    pool_size: int = 6
    log_level: str = "INFO"
    demo_file: str | None = None
    statement_seconds: int = 5
    terms: Terms = field(default_factory=Terms)
    trusted_documents: Mode = "optional"
    address_from: str | None = None
    scanner: Scanner = field(default_factory=NoScanner)

    def object_source(self) -> ObjectSource:
        return self.objects or beside(self.key_folder)


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What the worker needs besides its databases. Without `smtp_url` this deployment sends no mail.

    `public_url` is where people sign in, with `{tenant}` in the place of a platform's slug if each has its
    own address; `private_webhooks` lets webhooks lead into private networks.
    """

    key_folder: str
    master: MasterSource = field(default_factory=MasterSource)
    objects: ObjectSource | None = None
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    public_url: str = ""
    private_webhooks: bool = False

    def object_source(self) -> ObjectSource:
        return self.objects or beside(self.key_folder)

    def outside(self) -> Outside:
        """Raises InvalidInput naming the variable."""
        server = None if self.smtp_url is None else MailServer.of(self.smtp_url, self.mail_from)
        return Outside(
            Vault.in_folder(Path(self.key_folder), self.master),
            server,
            self.public_url,
            private_webhooks=self.private_webhooks,
        )


def worker_from_environment(variables: Mapping[str, str] = os.environ) -> WorkerSettings:
    """Raises InvalidInput naming the variable."""
    environment = Environment(variables, PREFIX)
    smtp_url = environment.optional("SMTP_URL")
    return WorkerSettings(
        key_folder=environment.required("KEY_FOLDER"),
        master=master_source(environment),
        objects=object_source(environment),
        smtp_url=smtp_url,
        mail_from=environment.optional("MAIL_FROM"),
        # a mail without the way to the platform would be of no use
        public_url=environment.text("PUBLIC_URL", "")
        if smtp_url is None
        else environment.required("PUBLIC_URL"),
        private_webhooks=environment.one_of("PRIVATE_WEBHOOKS", ("no", "yes")) == "yes",
    )


def from_environment(variables: Mapping[str, str] = os.environ) -> Settings:
    """Raises InvalidInput naming the variable."""
    environment = Environment(variables, PREFIX)
    settings = Settings(
        mode=environment.mode(),
        database_url=environment.required("DATABASE_URL"),
        issuers=environment.issuers("ISSUERS"),
        key_folder=environment.required("KEY_FOLDER"),
        master=master_source(environment),
        objects=object_source(environment),
        domain=environment.optional("DOMAIN"),
        origins=environment.words("ORIGINS"),
        pool_size=environment.number("POOL_SIZE", 8),
        log_level=environment.text("LOG_LEVEL", "INFO"),
        demo_file=environment.optional("DEMO_FILE"),
        statement_seconds=environment.number("STATEMENT_SECONDS", 5),
        terms=_terms(environment),
        trusted_documents=environment.one_of("TRUSTED_DOCUMENTS", MODES),
        address_from=_address_from(environment),
        scanner=_scanner(environment),
    )
    check(settings)
    return settings


def master_source(environment: Environment) -> MasterSource:
    return MasterSource(
        text=environment.optional("MASTER_KEY"),
        before=tuple(sorted(environment.words("MASTER_KEYS_BEFORE"))),
        url=environment.optional("MASTER_KEY_URL"),
        token_file=environment.optional("MASTER_KEY_TOKEN_FILE"),
        authority_file=environment.optional("MASTER_KEY_AUTHORITY_FILE"),
    )


def object_source(environment: Environment) -> ObjectSource | None:
    place = environment.optional("OBJECTS")
    if place is None:
        return None
    return ObjectSource(
        place,
        endpoint=environment.optional("OBJECTS_ENDPOINT"),
        region=environment.optional("OBJECTS_REGION"),
        key_id=environment.optional("OBJECTS_KEY_ID"),
        secret=environment.optional("OBJECTS_SECRET"),
    )


def beside(key_folder: str) -> ObjectSource:
    """Where nothing is said: a folder of this machine, apart from the keys as backups need it."""
    return ObjectSource(str(Path(key_folder).parent / "objects"))


def _scanner(environment: Environment) -> Scanner:
    url = environment.optional("SCANNER")
    if url is None:
        return NoScanner()
    try:
        return Clamd.of(url)
    except ValueError:
        raise environment.wrong("SCANNER", "clamd://ホスト:ポート", "clamd://host:port") from None


def _address_from(environment: Environment) -> str | None:
    source = environment.optional("ADDRESS_FROM")
    if source is not None and not SOURCE.fullmatch(source):
        raise InvalidInput(
            PREFIX + "ADDRESS_FROM",
            "peer か、プロキシが付けるヘッダー名(小文字)を指定してください。例: x-real-ip",
            "Name peer, or a header that your proxy sets, in lower case: x-real-ip",
        )
    return source


def _terms(environment: Environment) -> Terms:
    usual = Terms()
    return Terms(
        per_second=environment.amount("TENANT_COST_PER_SECOND", usual.per_second),
        burst_seconds=environment.number("TENANT_BURST_SECONDS", usual.burst_seconds),
        person_percent=environment.number("PERSON_PERCENT", usual.person_percent),
    )


def check(settings: Settings) -> None:
    """What production must never run with: the demo's issuer, its list of tokens, an issuer without TLS."""
    if settings.mode == "production" and (settings.demo_file or any(map(is_unfit, settings.issuers))):
        raise Environment({}, PREFIX).refuse_demo("ISSUERS")
