"""The platform's relations: each feature registers the SQL of its own objects here, at import."""

from typing import Final

from libs.policy.predicates import Relations

RELATIONS: Final = Relations()
