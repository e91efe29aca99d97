"""The public part of services and places: the portal's data, as the public's policy shows it."""

from typing import Final

from libs.serving.responses import reading
from libs.serving.routes import Pages
from libs.serving.service import GraphQLService
from services.platform.resources.web import hsds_pages, open_data
from services.platform.resources.web.portal import LIST, ONE

DOCUMENTS: Final = (LIST, ONE)


def portal_pages(service: GraphQLService) -> Pages:
    """By name below the tenant: an HSDS API, and the list in the columns of municipal open data."""
    return {
        "hsds": reading(hsds_pages.about),
        "hsds/services": reading(hsds_pages.services(service)),
        "hsds/services/": reading(hsds_pages.one_service(service)),
        "resources.csv": reading(open_data.csv_page(service)),
    }
