"""A master key that never leaves its service: Vault's transit interface, spoken to a real HTTP server."""

import base64
import binascii
import json
import ssl
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from libs.errors.problems import InvalidInput
from libs.persistence.sealing.cipher import Unreadable, decrypt, encrypt, new_key
from libs.persistence.sealing.key_store import FolderKeyStore
from libs.persistence.sealing.master_files import master_numbers
from libs.persistence.sealing.master_source import MasterSource
from libs.persistence.sealing.rotation import Rotation
from libs.persistence.sealing.transit import KeyServiceAway, TransitMasterKey
from libs.persistence.sealing.vault import KEYS_FOLDER, Place, Vault
from tests.notices.certificates import pair

TOKEN = "s.tokenofthetests"
KEY = b"k" * 32


class _Handler(BaseHTTPRequestHandler):
    """As much of the transit engine as is asked for: encrypt and decrypt under one key, for one token."""

    held = new_key()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["X-Vault-Token"] != TOKEN:
            self._answer(403, {"errors": ["permission denied"]})
        elif self.path == "/v1/transit/encrypt/tsunagari":
            self._answer(200, {"data": {"ciphertext": self._sealed(body), "key_version": 1}})
        elif self.path == "/v1/transit/decrypt/tsunagari":
            self._decrypt(body)
        else:
            self._answer(404, {"errors": []})

    def _sealed(self, body: dict[str, str]) -> str:
        place = (body["associated_data"],)
        sealed = encrypt(self.held, base64.b64decode(body["plaintext"]), place)
        return f"vault:v1:{base64.b64encode(sealed).decode()}"

    def _decrypt(self, body: dict[str, str]) -> None:
        try:
            sealed = base64.b64decode(body["ciphertext"].removeprefix("vault:v1:"), validate=True)
            opened = decrypt(self.held, sealed, (body["associated_data"],))
        except (Unreadable, binascii.Error):
            self._answer(400, {"errors": ["cipher: message authentication failed"]})
        else:
            self._answer(200, {"data": {"plaintext": base64.b64encode(opened).decode()}})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object, **__: object) -> None:
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/transit/keys/tsunagari"
        server.shutdown()
        serving.join()


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    return path


def test_what_the_service_wraps_it_opens_at_that_place_alone(address: str, token: Path) -> None:
    master = TransitMasterKey(address, token)
    wrapped = master.wrap(KEY, ("tenant-key", "one"))
    assert KEY not in wrapped
    assert master.unwrap(wrapped, ("tenant-key", "one")) == KEY
    for place, altered in (
        (("tenant-key", "other"), wrapped),
        (("tenant-key", "one"), wrapped[:-4] + b"AAAA"),
    ):
        with pytest.raises(Unreadable):
            master.unwrap(altered, place)
    with pytest.raises(Unreadable):
        master.unwrap(b"\x01made by a file's key", ("tenant-key", "one"))


def test_its_authority_may_be_one_that_the_machine_does_not_know(token: Path, tmp_path: Path) -> None:
    serving, trusting = pair()
    authority = tmp_path / "ca.crt"
    authority.write_text(
        "".join(ssl.DER_cert_to_PEM_cert(each) for each in trusting.get_ca_certs(binary_form=True))
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.socket = serving.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever).start()
        url = f"https://localhost:{server.server_port}/v1/transit/keys/tsunagari"
        known = MasterSource(url=url, token_file=str(token), authority_file=str(authority))
        master = known.opened(tmp_path)
        assert master.unwrap(master.wrap(KEY, ("a",)), ("a",)) == KEY
        with pytest.raises(KeyServiceAway):
            TransitMasterKey(url, token).wrap(KEY, ("a",))
        server.shutdown()
    with pytest.raises(InvalidInput, match="authority"):
        TransitMasterKey(url, token, token)


def test_without_permission_nothing_opens_and_none_is_called_unreadable(address: str, token: Path) -> None:
    master = TransitMasterKey(address, token)
    wrapped = master.wrap(KEY, ("a",))
    token.write_text("s.another")
    with pytest.raises(KeyServiceAway, match="403"):
        master.unwrap(wrapped, ("a",))
    token.write_text(TOKEN)
    assert master.unwrap(wrapped, ("a",)) == KEY, "the token is read at each use"


def test_a_service_that_does_not_answer_is_an_outage(token: Path) -> None:
    with pytest.raises(KeyServiceAway) as raised:
        TransitMasterKey("http://127.0.0.1:1/v1/transit/keys/tsunagari", token).wrap(KEY, ("a",))
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://vault.example.jp/v1/transit/keys/tsunagari",
        "https://vault.example.jp/v1/transit/tsunagari",
        "https://user:word@vault.example.jp/v1/transit/keys/tsunagari",
        "ftp://127.0.0.1/v1/transit/keys/tsunagari",
    ],
)
def test_an_address_that_would_show_keys_to_a_network_is_refused(address: str, token: Path) -> None:
    with pytest.raises(InvalidInput):
        TransitMasterKey(address, token)


async def test_a_deployment_moves_from_a_file_to_the_service(
    address: str, token: Path, tmp_path: Path
) -> None:
    folder, tenant, case = tmp_path / "keys", uuid.uuid4(), uuid.uuid4()
    place = Place("case_file", "narrative", case)
    text = (await Vault.in_folder(folder).create(tenant, case)).seal(place, "経緯")
    source = MasterSource(url=address, token_file=str(token))
    moved = Vault.in_folder(folder, source)
    assert (await moved.sealer(tenant, case)).open(place, text) == "経緯"
    Rotation(source.opened(folder), FolderKeyStore(folder / KEYS_FOLDER)).rewrap(tenant)
    (folder / "master.key").unlink()
    assert (await Vault.in_folder(folder, source).sealer(tenant, case)).open(place, text) == "経緯"
    with pytest.raises(Unreadable):
        await Vault.in_folder(folder).sealer(tenant, case)


def test_the_settings_show_no_key_and_ask_for_the_tokens_file(tmp_path: Path) -> None:
    text = base64.b64encode(KEY).decode()
    assert text not in repr(MasterSource(text=text, before=(text,)))
    with pytest.raises(InvalidInput, match="token"):
        MasterSource(url="https://vault.example.jp/v1/transit/keys/t").opened(tmp_path)


async def test_a_text_in_the_environment_is_renewed_by_naming_the_earlier_one(tmp_path: Path) -> None:
    earlier, later = (base64.b64encode(new_key()).decode() for _ in range(2))
    tenant, case = uuid.uuid4(), uuid.uuid4()
    await Vault.in_folder(tmp_path, MasterSource(text=earlier)).create(tenant, case)
    both = MasterSource(text=later, before=(earlier,))
    assert await Vault.in_folder(tmp_path, both).sealer(tenant, case)
    Rotation(both.opened(tmp_path), FolderKeyStore(tmp_path / KEYS_FOLDER)).rewrap(tenant)
    assert await Vault.in_folder(tmp_path, MasterSource(text=later)).sealer(tenant, case)
    assert master_numbers(tmp_path) == []
