"""Who acts, by id alone."""

import uuid
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Actor:
    """A person for an organisation, or nobody where the system itself acts."""

    person_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None


SYSTEM: Final = Actor()
