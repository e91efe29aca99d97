import pytest

from libs.tenancy.tokens.keys import VerificationKey


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every signature that was checked."""
    checked: list[bytes] = []
    prove = VerificationKey.verifies

    def counted(key: VerificationKey, signed: bytes, signature: bytes) -> bool:
        checked.append(signature)
        return prove(key, signed, signature)

    monkeypatch.setattr(VerificationKey, "verifies", counted)
    return checked
