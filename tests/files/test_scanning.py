"""A scanner of malware, spoken to as clamd speaks: what it finds is refused, and all while it is silent."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import pytest

from libs.errors.problems import InvalidInput
from libs.serving.problems import Unavailable
from services.operator import doctor
from services.platform.files.scanning import Clamd, NoScanner
from services.platform.settings import from_environment
from tests.files.papers import PDF
from tests.files.sending import send
from tests.stage.cities import Cities

# the test file of the European Institute for Computer Anti-Virus Research, in two parts so that no scanner
# of a developer's machine takes this one away
EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"
SETTINGS: Final = {
    "TSUNAGARI_DATABASE_URL": "postgresql://nowhere",
    "TSUNAGARI_ISSUERS": '[{"issuer":"https://login.example.jp","audience":"tsunagari"}]',
    "TSUNAGARI_KEY_FOLDER": "/nowhere",
}


@dataclass
class Daemon:
    """What clamd does, and what it does on a bad day: `answer` in the place of its own."""

    port: int = 0
    answer: bytes | None = None
    most: int = 25 * 1024 * 1024
    seen: list[bytes] = field(default_factory=list[bytes])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            command = await reader.readuntil(b"\0")
            said = b"PONG" if command == b"zPING\0" else await self._scanned(reader)
            writer.write(said + b"\0" if self.answer is None else self.answer)
            await writer.drain()
        finally:
            writer.close()

    async def _scanned(self, reader: asyncio.StreamReader) -> bytes:
        whole = b""
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            whole += await reader.readexactly(length)
            if len(whole) > self.most:
                return b"INSTREAM size limit exceeded. ERROR"
        self.seen.append(whole)
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in whole else b"stream: OK"


@asynccontextmanager
async def _daemon() -> AsyncGenerator[Daemon]:
    daemon = Daemon()
    server = await asyncio.start_server(daemon.serve, "127.0.0.1", 0)
    daemon.port = server.sockets[0].getsockname()[1]
    async with server:
        yield daemon


async def _pieces(content: bytes) -> AsyncGenerator[bytes]:
    for at in range(0, len(content), 1_000):
        yield content[at : at + 1_000]


async def test_malware_is_found_and_what_the_scanner_cannot_say_is_not_taken() -> None:
    async with _daemon() as daemon:
        clamd = Clamd("127.0.0.1", daemon.port)
        assert await clamd.is_there()
        await clamd.check(_pieces(PDF * 100))
        await clamd.check(_pieces(b""))
        assert daemon.seen == [PDF * 100, b""]
        with pytest.raises(InvalidInput) as found:
            await clamd.check(_pieces(PDF + b"a" * 980 + EICAR))
        assert found.value.detail == "INFECTED"
        daemon.most = 10
        with pytest.raises(Unavailable):
            await clamd.check(_pieces(PDF))
        for bad in (b"", b"stream: OK", b"stream: OKAY\0", b"OK\0", b"UNKNOWN COMMAND\0", b"a" * 9_000):
            daemon.answer = bad
            with pytest.raises(Unavailable):
                await clamd.check(_pieces(PDF))
    with pytest.raises(Unavailable):
        await clamd.check(_pieces(PDF))


async def test_a_scanner_that_never_answers_is_not_waited_for() -> None:
    silent = asyncio.Event()

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await silent.wait()
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unavailable):
            await Clamd("127.0.0.1", port, seconds=0.05).check(_pieces(PDF))
        silent.set()


async def test_what_people_send_is_scanned_before_it_is_kept(
    cities: Cities, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _daemon() as daemon:
        clamd = Clamd("127.0.0.1", daemon.port)

        async def scanned(_: NoScanner, content: AsyncIterable[bytes]) -> None:
            await clamd.check(content)

        monkeypatch.setattr(NoScanner, "check", scanned)
        assert (await send(cities.ines, "案.pdf", PDF)).status_code == 201
        infected = await send(cities.ines, "案.pdf", PDF + EICAR)
        assert infected.json()["errors"][0]["extensions"]["detail"] == "INFECTED"
        daemon.answer = b"stream: scanning failed ERROR\0"
        away = await send(cities.ines, "案.pdf", PDF)
    assert (away.status_code, away.json()["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
    assert int(away.headers["retry-after"]) > 0
    assert (await send(cities.ines, "案.pdf", PDF)).status_code == 503
    async with cities.stage.sql() as sql:
        assert await sql.fetchval("SELECT count(*) FROM tsunagari.upload") == 1


async def test_the_variable_names_a_scanner_and_doctor_asks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(from_environment(SETTINGS).scanner, NoScanner)
    for wrong in ("clamd", "http://scanner:3310", "clamd://", "clamd://a:b", "clamd://a/b"):
        with pytest.raises(InvalidInput, match="clamd://"):
            from_environment({**SETTINGS, "TSUNAGARI_SCANNER": wrong})
    assert from_environment({**SETTINGS, "TSUNAGARI_SCANNER": "clamd://scanner"}).scanner == Clamd("scanner")
    async with _daemon() as daemon:
        url = f"clamd://127.0.0.1:{daemon.port}"
        for name, value in {**SETTINGS, "TSUNAGARI_SCANNER": url}.items():
            monkeypatch.setenv(name, value)
        assert (await doctor.scanner_finding())[0] is True
    ok, said = await doctor.scanner_finding()
    assert not ok
    assert "does not answer" in said
