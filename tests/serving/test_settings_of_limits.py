"""The settings of budgets, statements and trusted documents: each bounded, a wrong one says its variable."""

import pytest

from libs.errors.problems import InvalidInput
from libs.tenancy.budgets.terms import Terms
from services.platform.settings import from_environment

GOOD = {
    "TSUNAGARI_DATABASE_URL": "postgresql://app@database/tsunagari",
    "TSUNAGARI_ISSUERS": '[{"issuer": "https://login.example.jp", "audience": "tsunagari"}]',
    "TSUNAGARI_KEY_FOLDER": "/keys",
}


def test_without_settings_the_usual_terms_hold() -> None:
    settings = from_environment(GOOD)
    assert settings.terms == Terms(1_000_000, 10, 50)
    assert settings.trusted_documents == "optional"
    assert settings.statement_seconds == 5


def test_each_is_read() -> None:
    given = {
        "TSUNAGARI_TENANT_COST_PER_SECOND": "0",
        "TSUNAGARI_TENANT_BURST_SECONDS": "3",
        "TSUNAGARI_PERSON_PERCENT": "20",
        "TSUNAGARI_STATEMENT_SECONDS": "2",
        "TSUNAGARI_TRUSTED_DOCUMENTS": "only",
    }
    settings = from_environment(GOOD | given)
    assert settings.terms == Terms(0, 3, 20)
    assert (settings.statement_seconds, settings.trusted_documents) == (2, "only")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TSUNAGARI_TENANT_COST_PER_SECOND", "-1"),
        ("TSUNAGARI_TENANT_COST_PER_SECOND", "much"),
        ("TSUNAGARI_TENANT_COST_PER_SECOND", "1000000001"),
        ("TSUNAGARI_TENANT_COST_PER_SECOND", "1" * 5_000),
        ("TSUNAGARI_TENANT_BURST_SECONDS", "0"),
        ("TSUNAGARI_PERSON_PERCENT", "101"),
        ("TSUNAGARI_STATEMENT_SECONDS", "0"),
        ("TSUNAGARI_TRUSTED_DOCUMENTS", "none"),
    ],
)
def test_a_wrong_one_stops_the_start(variable: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        from_environment(GOOD | {variable: value})
    assert refused.value.field == variable
