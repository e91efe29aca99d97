"""Objects in a folder and behind S3's interface: whole or absent, sealed, each tenant's own."""

import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from libs.errors.problems import InvalidInput
from libs.persistence.objects.source import ObjectSource
from libs.persistence.objects.store import PART, ObjectMissing, Objects
from libs.persistence.sealing.cipher import Unreadable
from libs.persistence.sealing.streams import SEGMENT
from libs.persistence.sealing.vault import Place, Vault

IKOMA, TAKAMATSU, FILE = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
PLACE = Place("file", "content", FILE)
LENGTHS = (0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT + 7)


async def _pieces(content: bytes, size: int = 10_000, *, break_off: bool = False) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]
    if break_off:
        raise ConnectionResetError("the sender went away")


async def _read(content: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in content])


@pytest.fixture(scope="session")
def s3() -> Generator[str]:
    """Another's server that speaks S3, on loopback; its address."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(transport=transport, base_url=f"http://127.0.0.1:{port}") as http:
            http.put("/papers", headers={"host": "s3.amazonaws.com"}).raise_for_status()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@pytest.fixture(params=["folder", "s3"])
async def objects(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Objects]:
    if request.param == "folder":
        yield ObjectSource(str(tmp_path / "objects")).opened()
        assert (tmp_path / "objects").stat().st_mode & 0o777 == 0o700
    else:
        place, endpoint = f"s3://papers/{uuid.uuid4()}", request.getfixturevalue("s3")
        yield ObjectSource(place, endpoint, "us-east-1", "key", "secret").opened()


async def test_an_object_is_whole_or_absent_and_its_tenants_own(objects: Objects) -> None:
    large = bytes(range(256)) * (2 * PART // 256 + 9)
    await objects.put(IKOMA, FILE, _pieces(large))
    assert await _read(await objects.get(IKOMA, FILE)) == large
    broken = uuid.uuid4()
    with pytest.raises(ConnectionResetError):
        await objects.put(IKOMA, broken, _pieces(large, break_off=True))
    assert await objects.of_tenant(IKOMA) == {FILE}
    for tenant, identity in ((TAKAMATSU, FILE), (IKOMA, broken)):
        with pytest.raises(ObjectMissing):
            await objects.get(tenant, identity)
    assert await objects.of_tenant(TAKAMATSU) == set()
    for _ in range(2):  # a worker that was killed deletes again
        await objects.delete(IKOMA, FILE)
    assert await objects.of_tenant(IKOMA) == set()


async def test_what_is_stored_opens_at_its_place_alone_and_only_whole(tmp_path: Path) -> None:
    vault = Vault.in_folder(tmp_path)
    ours, theirs = await vault.of_tenant(IKOMA), await vault.of_tenant(TAKAMATSU)
    for length in LENGTHS:
        plain = bytes(range(251)) * (length // 251 + 1)
        plain = plain[:length]
        stored = await _read(ours.seal_stream(PLACE, _pieces(plain)))
        assert await _read(ours.open_stream(PLACE, _pieces(stored, 777))) == plain
        assert length < 64 or plain[:64] not in stored
        other = Place("file", "content", uuid.uuid4())
        flipped = stored[:-1] + bytes([stored[-1] ^ 1])
        refused = [
            theirs.open_stream(PLACE, _pieces(stored)),
            ours.open_stream(other, _pieces(stored)),
            *(ours.open_stream(PLACE, _pieces(text)) for text in (flipped, stored[:-1], stored + b"\0", b"")),
        ]
        if length > SEGMENT:  # cut after its first segment, and its segments in another order
            head, first = stored[:33], stored[33 : 33 + SEGMENT + 16]
            rest = stored[33 + SEGMENT + 16 :]
            refused += [
                ours.open_stream(PLACE, _pieces(text)) for text in (head + first, head + rest + first)
            ]
        for stream in refused:
            with pytest.raises(Unreadable):
                await _read(stream)
    again = await _read(ours.seal_stream(PLACE, _pieces(b"the same")))
    assert again != await _read(ours.seal_stream(PLACE, _pieces(b"the same")))


@pytest.mark.parametrize("place", ["gs://papers", "s3://", "http://papers.example.jp"])
def test_a_place_that_is_none_stops_the_start(place: str) -> None:
    with pytest.raises(InvalidInput):
        ObjectSource(place).opened()
    assert "hunter2" not in repr(ObjectSource("s3://papers", key_id="hunter2", secret="hunter2"))
