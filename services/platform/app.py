"""The platform's ASGI application: settings → database, policy, schema → routes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from litestar import Litestar

from libs.observability.metrics import Metrics
from libs.persistence.database import Clock, Database, system_clock
from libs.persistence.objects.store import Objects
from libs.persistence.sealing.vault import Vault
from libs.policy.rules import Policy
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.reading.engine import Engine
from libs.reading.naming import check_policy
from libs.reading.registry import Registry
from libs.reading.trusted import TrustedDocuments
from libs.serving.application import Opened, Shape, application
from libs.serving.asking import Callers
from libs.serving.budgets import Budgets
from libs.serving.callers import TenantNames
from libs.serving.compiled import CompiledService
from libs.serving.exports.endpoint import export_route
from libs.serving.exports.exporting import Exporting
from libs.serving.notices import Notices
from libs.serving.pages.stylesheet import stylesheet
from libs.serving.routes import Pages
from libs.serving.service import GraphQLService
from libs.serving.trusting import Trust
from libs.serving.visitors import Doors, Visitors
from libs.tenancy.tokens.verify import TokenVerifier
from libs.tenancy.viewers import Viewers
from services.platform.councils import web as council
from services.platform.events.web import EVENT_DOCUMENTS, event_pages
from services.platform.exports import EXPORTS
from services.platform.files.web import file_pages
from services.platform.links import web as links
from services.platform.members.actions.exporting import permit
from services.platform.relations import RELATIONS
from services.platform.requests.web import help_pages
from services.platform.resources import web as portal
from services.platform.schema import build_schema
from services.platform.settings import Settings
from services.platform.surveys.web import survey_pages
from services.platform.training.web import certificate_pages

OWN_DOCUMENTS: Final = (*EVENT_DOCUMENTS, council.DOCUMENT, *portal.DOCUMENTS, *EXPORTS.documents)
"""What pages and exports ask in GraphQL."""


@cache
def registry() -> Registry:
    """The schema's compiled types: the same for every app of the process. Raises UnfitDeclaration."""
    found = Registry(build_schema())
    check_policy(found, Policy.baseline(), RELATIONS)
    EXPORTS.check(found.schema)
    return found


def build_app(settings: Settings, *, clock: Clock = system_clock) -> Litestar:
    visitors, exporting = Visitors(), Exporting(permit)
    objects = settings.object_source().opened()
    shape = Shape(
        opening=lambda metrics: _opened(settings, clock, metrics, visitors, exporting),
        origins=settings.origins,
        tenants=TenantNames(settings.domain),
        explorer=settings.mode == "demo",
        people=_people_of(settings.demo_file) if settings.demo_file else None,
    )
    return application(
        shape,
        lambda service: _pages(service, visitors, objects, settings),
        lambda transport: [export_route(transport, EXPORTS, exporting)],
    )


def _pages(service: GraphQLService, visitors: Visitors, objects: Objects, settings: Settings) -> Pages:
    """What each platform serves below its own path beside /graphql."""
    return {
        council.NAME: council.council_page(service),
        **event_pages(service, visitors),
        **file_pages(visitors, objects, settings.scanner),
        **help_pages(visitors, settings.address_from),
        **links.link_pages(visitors),
        **survey_pages(visitors),
        **certificate_pages(visitors, settings.domain),
        **stylesheet(),
        **portal.portal_pages(service),
    }


@asynccontextmanager
async def _opened(
    settings: Settings, clock: Clock, metrics: Metrics, visitors: Visitors, exporting: Exporting
) -> AsyncGenerator[Opened, None]:
    database = await Database.open(
        settings.database_url,
        name="tsunagari-platform",
        size=settings.pool_size,
        clock=clock,
        statement_timeout_ms=settings.statement_seconds * 1_000,
    )
    leases = await Database.open(
        settings.database_url, name="tsunagari-leases", size=2, clock=clock, statement_timeout_ms=1_000
    )
    budgets = Budgets(leases, settings.terms, metrics)
    verifier, notices = TokenVerifier(settings.issuers), Notices(settings.database_url)
    viewers, vault = Viewers(database), Vault.in_folder(Path(settings.key_folder), settings.master)
    engine = Engine(registry(), RELATIONS, Policy.baseline(), database)
    callers = Callers(verifier, viewers)
    visitors.open(Doors(engine, viewers, vault, budgets, callers))
    exporting.open(engine, callers, vault)
    service = CompiledService(
        engine,
        Documents(registry().schema, Limits()),
        callers,
        database,
        notices,
        vault,
        budgets,
        Trust(TrustedDocuments(database, OWN_DOCUMENTS), settings.trusted_documents),
    )
    await notices.start()
    try:
        yield Opened(service, database)
    finally:
        await notices.close()
        await verifier.close()
        await budgets.close()
        await leases.close()
        await database.close()


def _people_of(demo_file: str) -> Any:  # noqa: ANN401 - the explorer's own type of function
    async def people() -> list[dict[str, Any]]:
        said = await asyncio.to_thread(Path(demo_file).read_bytes)
        return msgspec.json.decode(said)["people"]

    return people
