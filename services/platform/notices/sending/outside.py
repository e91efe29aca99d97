"""What the worker needs to reach people outside: mail server, the platform's address, keys, trust."""

import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from libs.persistence.sealing.vault import Vault
from services.platform.notices.sending.mail_server import MailServer


@dataclass(frozen=True, slots=True)
class Outside:
    """`mail` None: this deployment sends none. `public_url` may hold `{tenant}`, the platform's slug.

    `private_webhooks` lets webhooks lead into private networks.
    """

    vault: Vault
    mail: MailServer | None
    public_url: str
    private_webhooks: bool = False
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def platform_url(self, slug: str) -> str:
        return self.public_url.replace("{tenant}", slug)

    def site(self, slug: str) -> str:
        """Scheme and host of it, before a path of ours."""
        parts = urlsplit(self.platform_url(slug))
        return f"{parts.scheme}://{parts.netloc}"
