"""What follows later: the papers of an application that came to nothing go."""

from collections.abc import Mapping
from typing import Final

from libs.persistence.worker import Job
from services.platform.papers.actions.handing_in import DROP_PAPERS, drop_all

JOBS: Final[Mapping[str, Job]] = {DROP_PAPERS: drop_all}
