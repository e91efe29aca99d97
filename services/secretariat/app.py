"""The secretariat's ASGI application: settings → database, staff, schema → routes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from litestar import Litestar

from libs.persistence.database import Clock, Database, system_clock
from libs.reading.bounds import Limits
from libs.reading.documents import Documents
from libs.serving.application import Opened, Shape, application
from libs.tenancy.tokens.verify import TokenVerifier
from services.secretariat.library import Library
from services.secretariat.reading import Reading
from services.secretariat.schema import core_schema
from services.secretariat.service import FiguresService
from services.secretariat.settings import Settings
from services.secretariat.staff import Staff


def build_app(settings: Settings, *, clock: Clock = system_clock) -> Litestar:
    return application(
        Shape(
            opening=lambda _: _opened(settings, clock),
            origins=settings.origins,
            explorer=settings.mode == "demo",
        )
    )


@asynccontextmanager
async def _opened(settings: Settings, clock: Clock) -> AsyncGenerator[Opened, None]:
    database = await Database.open(
        settings.database_url, name="tsunagari-secretariat", size=settings.pool_size, clock=clock
    )
    verifier = TokenVerifier(settings.issuers)
    documents = Documents(core_schema(), Limits())
    try:
        yield Opened(
            FiguresService(
                core_schema(), documents, Staff(verifier, database), Reading(database), Library(database)
            ),
            database,
        )
    finally:
        await verifier.close()
        await database.close()
