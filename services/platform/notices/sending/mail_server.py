"""Mail over SMTP (RFC 5321), with TLS, in a thread of its own: one connection a mail."""

import asyncio
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

from libs.errors.problems import InvalidInput
from services.platform.notices.sending.outcome import NotSent

SECONDS: Final = 15
"""For each answer of the server."""
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
PORTS: Final = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
SETTING: Final = "TSUNAGARI_SMTP_URL"

# RFC 5321 in plain ASCII: nothing in it can be a command, a header or a second address
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class MailServer:
    """`security`: smtps (TLS from the first byte), smtp (STARTTLS, or nothing is sent), smtp+plain (none)."""

    host: str
    port: int
    security: str
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str, sender: str | None) -> "MailServer":
        """From `smtps://user:password@host:port`. Raises InvalidInput naming the setting, never its value."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
        except (ValueError, KeyError):
            raise _wrong_url() from None
        if not parts.hostname or (parts.scheme == "smtp+plain" and parts.hostname not in LOOPBACK):
            raise _wrong_url()
        if sender is None or not is_address(sender):
            raise _wrong_sender()
        user, password = (
            None if each is None else unquote(each) for each in (parts.username, parts.password)
        )
        return cls(parts.hostname, port, parts.scheme, sender, user, password)

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    async def send(self, mail: EmailMessage, trust: ssl.SSLContext) -> None:
        """Raises NotSent."""
        await asyncio.to_thread(self._send, mail, trust)

    def _send(self, mail: EmailMessage, trust: ssl.SSLContext) -> None:
        to = str(mail["To"])
        if not is_address(to):
            raise NotSent("address", final=True)
        try:
            server = self._connected(trust)
            try:
                self._introduce(server, trust)
                server.send_message(mail, self.sender, [to])
            finally:
                _leave(server)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise NotSent(f"smtp_{code}", final=code >= _SERVER_ERROR) from None
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as refused:
            raise NotSent(f"smtp_{refused.smtp_code}", final=refused.smtp_code >= _SERVER_ERROR) from None
        except smtplib.SMTPResponseException as refused:
            # greeting, STARTTLS or login: the server's or the operator's fault, and not this mail's
            raise NotSent(f"smtp_{refused.smtp_code}") from None
        except smtplib.SMTPServerDisconnected:
            raise NotSent("connection") from None
        except smtplib.SMTPException:
            raise NotSent("smtp") from None
        except ssl.SSLError:
            raise NotSent("tls") from None
        except TimeoutError:
            raise NotSent("timeout") from None
        except (OSError, UnicodeError):
            raise NotSent("connection") from None

    def _connected(self, trust: ssl.SSLContext) -> smtplib.SMTP:
        if self.security == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=trust)
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)

    def _introduce(self, server: smtplib.SMTP, trust: ssl.SSLContext) -> None:
        server.ehlo(self.domain)
        if self.security == "smtp":
            server.starttls(context=trust)
            server.ehlo(self.domain)
        if self.user is not None:
            server.login(self.user, self.password or "")


def _leave(server: smtplib.SMTP) -> None:
    """What was accepted is accepted, however the farewell goes."""
    with suppress(OSError):  # smtplib's errors are some
        server.quit()
    server.close()


def is_address(text: str) -> bool:
    """Whether a server takes it as one recipient and as nothing else."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None  # noqa: PLR2004 - RFC 5321, 4.5.3.1.3


def _wrong_url() -> InvalidInput:
    return InvalidInput(
        SETTING,
        f"環境変数 {SETTING} には smtps://利用者:パスワード@ホスト:465 か smtp://…:587(STARTTLS)を設定してください。"
        "暗号化しない smtp+plain:// は同じ機械のサーバーにだけ使えます。",
        f"{SETTING} needs smtps://user:password@host:465 or smtp://…:587 (STARTTLS). "
        "smtp+plain:// without TLS is for a server on this machine only.",
    )


def _wrong_sender() -> InvalidInput:
    return InvalidInput(
        "TSUNAGARI_MAIL_FROM",
        "環境変数 TSUNAGARI_MAIL_FROM に差出人のメールアドレスを設定してください。",
        "Set TSUNAGARI_MAIL_FROM to the address that mail comes from.",
    )
