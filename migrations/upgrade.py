"""Brings a database to the newest schema. Used by `tsunagari migrate`, the demo and the tests."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Runs as the owner role; `owner_url` is a postgresql:// URL. Blocking: call it in a thread."""
    command.upgrade(_config(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    command.downgrade(_config(owner_url), revision)


def script_location() -> str:
    return str(Path(__file__).parent)


def _config(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", script_location())
    config.attributes["url"] = owner_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    return config
