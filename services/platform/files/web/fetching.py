"""GET /t/{tenant}/files/{link}: the content, if the person of the link may see the file at this moment."""

from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from libs.errors.problems import NotFound
from libs.persistence.database import Context
from libs.persistence.objects.store import Objects
from libs.persistence.statements import Statement, parameter
from libs.persistence.tables import TENANT
from libs.serving.asking import Asking
from libs.serving.downloads import Download
from libs.serving.pages.requests import PageRequest
from libs.serving.signed_in import act
from libs.serving.visitors import Visitors
from libs.tenancy.models import person
from libs.tenancy.tokens.identity import Identity
from libs.tenancy.viewers import Address
from services.platform.files.actions.opening import follow_link
from services.platform.files.links import FileLink, read_link
from services.platform.files.models import place_of


@dataclass(frozen=True, slots=True)
class Fetching:
    visitors: Visitors
    objects: Objects

    async def prepare(self, request: PageRequest) -> Download:
        """Raises NotFound: forged, ended, another platform's and no longer allowed are one answer."""
        link, asking = await self._followed(request)
        found = await act(self.visitors, asking, partial(follow_link, link=link))
        content = found.content
        sealer = await self.visitors.vault.of_tenant(found.tenant_id)
        stored = await self.objects.get(found.tenant_id, content.object_id)
        pieces = sealer.open_stream(place_of(content.object_id), stored)
        return Download(content.name, content.media_type, content.size, pieces)

    async def _followed(self, request: PageRequest) -> tuple[FileLink, Asking]:
        read, doors = read_link(request.key or ""), self.visitors.doors
        if read is None or read[0].has_ended(self.visitors.now()):
            raise _gone()
        link, mark = read
        tenant_id = (await doors.viewers.of(None, Address(request.tenant))).tenant_id
        if not link.is_marked(await self.visitors.vault.of_tenant(tenant_id), mark):
            raise _gone()
        async with doors.engine.database.reading(Context(tenant_id)) as connection:
            row = await connection.fetchrow(
                WHO.sql, *WHO.arguments({"viewer_tenant": tenant_id, "id": link.person})
            )
        if row is None:
            raise _gone()
        identity = Identity(row["issuer"], row["subject"], int(link.expires.timestamp()))
        address = Address(request.tenant, link.organisation)
        return link, Asking(identity, address, doors.viewers)


def _gone() -> NotFound:
    return NotFound(
        "このリンクは使えません。期限は数分です。元の画面に戻り、もう一度ファイルを開いてください。",
        "This link cannot be used: it lasts a few minutes. Go back and open the file again.",
    )


WHO = Statement(
    sa.select(person.c.issuer, person.c.subject).where(
        person.c.tenant_id == TENANT,
        person.c.id == parameter(person.c.id),
        person.c.issuer.is_not(None),
        person.c.subject.is_not(None),
    )
)
