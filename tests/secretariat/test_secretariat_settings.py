"""The secretariat's settings: read from its own variables, and wrong ones stop the start."""

import pytest

from libs.errors.problems import InvalidInput
from services.secretariat.settings import from_environment
from tests.secretariat.office import ISSUER

GOOD = {
    "TSUNAGARI_SECRETARIAT_DATABASE_URL": "postgresql://tsunagari_secretariat:secret@db/tsunagari",
    "TSUNAGARI_SECRETARIAT_ISSUERS": '[{"issuer":"https://login.example.go.jp","audience":"secretariat"}]',
    "TSUNAGARI_SECRETARIAT_ORIGINS": "https://a.example,https://b.example",
}


def test_good_settings_are_read_and_the_password_is_not_shown() -> None:
    settings = from_environment(GOOD)
    assert [each.issuer for each in settings.issuers] == ["https://login.example.go.jp"]
    assert settings.origins == {"https://a.example", "https://b.example"}
    assert (settings.mode, settings.pool_size) == ("production", 4)
    assert "secret@" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TSUNAGARI_SECRETARIAT_DATABASE_URL", ""),
        ("TSUNAGARI_SECRETARIAT_ISSUERS", "https://login.example.go.jp"),
        ("TSUNAGARI_SECRETARIAT_ISSUERS", "[]"),
        ("TSUNAGARI_SECRETARIAT_ISSUERS", '[{"issuer":"http://login.example.go.jp","audience":"x"}]'),
        ("TSUNAGARI_SECRETARIAT_ISSUERS", f'[{{"issuer":"{ISSUER}","audience":"x"}}]'),
        ("TSUNAGARI_SECRETARIAT_POOL_SIZE", "0"),
        ("TSUNAGARI_SECRETARIAT_POOL_SIZE", "many"),
        ("TSUNAGARI_MODE", "test"),
    ],
)
def test_a_wrong_one_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        from_environment(GOOD | {name: value})
    assert refused.value.field == name
    assert name in refused.value.ja


def test_the_demos_issuer_is_good_enough_for_the_demo() -> None:
    listed = f'[{{"issuer":"{ISSUER}","audience":"x"}}]'
    assert from_environment(GOOD | {"TSUNAGARI_SECRETARIAT_ISSUERS": listed, "TSUNAGARI_MODE": "demo"})
