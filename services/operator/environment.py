"""The URLs under which commands log in, one for each database role; a missing one says its name."""

import os

from libs.errors.problems import InvalidInput
from libs.persistence.roles import APP, ONBOARDING, OWNER, PUBLISHER, SECRETARIAT, WORKER

VARIABLES = {
    APP: "TSUNAGARI_DATABASE_URL",
    OWNER: "TSUNAGARI_OWNER_DATABASE_URL",
    WORKER: "TSUNAGARI_WORKER_DATABASE_URL",
    ONBOARDING: "TSUNAGARI_ONBOARDING_DATABASE_URL",
    PUBLISHER: "TSUNAGARI_PUBLISHER_DATABASE_URL",
    SECRETARIAT: "TSUNAGARI_SECRETARIAT_DATABASE_URL",
}
ADMIN = "TSUNAGARI_ADMIN_DATABASE_URL"


def url_of(role: str) -> str:
    """Raises InvalidInput naming the variable to set."""
    return required(VARIABLES[role])


def required(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise InvalidInput(
            variable,
            f"環境変数 {variable} に postgresql://… を設定してください。",
            f"Set the environment variable {variable} to a postgresql:// URL.",
        )
    return value
