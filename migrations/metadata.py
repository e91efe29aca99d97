"""Every room's tables, imported so that the whole schema is known to Alembic and to the catalogue tests."""

from libs.persistence import audit, due
from libs.persistence.tables import metadata
from libs.tenancy import models as tenancy
from services.platform.groups import models as groups

ROOMS = (audit, due, tenancy, groups)

__all__ = ["ROOMS", "metadata"]
