"""Every room's tables, imported so that the whole schema is known to Alembic and to the catalogue tests."""

from libs.figures import models as figures
from libs.figures import practices
from libs.persistence import audit, due
from libs.persistence.tables import metadata
from libs.reading import trusted
from libs.tenancy import models as tenancy
from libs.tenancy.budgets import leasing as budgets
from services.platform.admission import models as admission
from services.platform.councils import models as councils
from services.platform.events import models as events
from services.platform.files import models as files
from services.platform.groups import models as groups
from services.platform.links import models as links
from services.platform.meetings import models as meetings
from services.platform.notices import models as notices
from services.platform.referrals import models as referrals
from services.platform.requests import models as requests
from services.platform.resources import models as resources
from services.platform.rights import models as rights
from services.platform.surveys import models as surveys
from services.platform.training import models as training
from services.secretariat import models as secretariat

ROOMS = (
    audit,
    due,
    tenancy,
    budgets,
    trusted,
    admission,
    notices,
    files,
    groups,
    meetings,
    resources,
    events,
    councils,
    referrals,
    requests,
    links,
    rights,
    surveys,
    training,
    figures,
    practices,
    secretariat,
)

__all__ = ["ROOMS", "metadata"]
