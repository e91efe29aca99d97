"""The demo's life: database, schema and story once; then three processes until somebody ends it."""

import asyncio
import hashlib
import os
import signal
import sys
from collections.abc import Generator, Mapping
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec
import psutil
from rich.console import Console

from libs.errors.problems import WrongState
from libs.observability import logs
from libs.persistence.connections import connect
from libs.persistence.embedded.processes import dies_with_parent
from libs.persistence.embedded.server import EmbeddedServer, start
from libs.persistence.roles import OWNER, ROLES, ensure_database, ensure_roles
from libs.tenancy.tokens.embedded_issuer import EMBEDDED_ISSUER_PREFIX, EmbeddedIssuer
from libs.tenancy.tokens.issuers import TrustedIssuer
from migrations.upgrade import upgrade
from services.operator.demo import summary
from services.operator.demo.mail_folder import mail_folder
from services.operator.demo.people import AUDIENCE, People
from services.operator.demo.place import Place
from services.operator.environment import VARIABLES
from services.operator.ports import check_free

DATABASE = "tsunagari"
HOST = "127.0.0.1"
STOP_SECONDS = 25
READY_SECONDS = 60
DATABASE_WATCH_SECONDS = 0.5
MIGRATIONS = Path(__file__).parents[3] / "migrations"


async def run_demo(place: Place, port: int, console: Console, *, fresh: bool) -> None:
    """Until Ctrl-C or SIGTERM, or until one of its processes ends by itself."""
    refuse_second(place)
    check_free(HOST, port)
    check_free(HOST, port + 1)
    if fresh:
        place.forget()
    place.make()
    async with AsyncExitStack() as ending:
        with console.status("PostgreSQL"):
            server = start(place.postgres, durable=True)
        ending.callback(server.stop)
        # after the database's lock is ours: a second demo that starts at once leaves our notes alone
        place.note_running()
        ending.callback(place.note_ended)
        issuer = EmbeddedIssuer.load_or_create(place.keys, f"{EMBEDDED_ISSUER_PREFIX}demo")
        people = People(issuer)
        await _prepare(place, server, people, console)
        await _serve(place, server, people, port, ending)


def refuse_second(place: Place) -> None:
    """Raises WrongState where a demo runs on these data already."""
    running = place.running_pid()
    if running is not None:
        raise WrongState(
            "running",
            f"デモはすでに実行中です(pid {running})。先に make demo ARGS=--stop で終了してください。",
            f"A demo is running already (pid {running}). End it first: make demo ARGS=--stop",
        )


async def _prepare(place: Place, server: EmbeddedServer, people: People, console: Console) -> None:
    """Roles, schema and story; skipped where the data were made by this very version."""
    fingerprint = _fingerprint()
    known = place.seeded.read_text(encoding="utf-8") if place.seeded.exists() else None
    if known == fingerprint:
        return
    admin = await connect(server.url())
    await ensure_roles(admin, place.passwords())
    if known is None:
        # a first start that was cut short told half a story: it is told anew
        await admin.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    await ensure_database(admin, DATABASE)
    await admin.close()
    with console.status("schema"):
        await asyncio.to_thread(upgrade, _urls(place, server)[OWNER])
    if known is None:
        from services.operator.demo.story import tell

        with _logging_to(place.log("story")):
            code = await tell(_urls(place, server), people, place.keys, console)
        place.write_privately(place.help_code, code)
    place.seeded.write_text(fingerprint, encoding="utf-8")


@contextmanager
def _logging_to(path: Path) -> Generator[None]:
    """The story's hundreds of requests are logged to a file; what goes wrong still shows here."""
    shows_here = sys.excepthook
    with path.open("a", encoding="utf-8") as stream:
        logs.configure(stream)
        sys.excepthook = shows_here
        yield
        logs.configure(sys.stderr, "WARNING", json=False)
        sys.excepthook = shows_here


async def _serve(
    place: Place, server: EmbeddedServer, people: People, port: int, ending: AsyncExitStack
) -> None:
    urls = _urls(place, server)
    mail = await ending.enter_async_context(mail_folder(place.mail))
    environment = _environment(place, urls, people) | _outside(mail, port)
    commands = {
        "platform": ["serve", "--port", str(port)],
        "secretariat": ["secretariat", "--port", str(port + 1)],
        "worker": ["worker"],
    }
    processes = {
        name: await _child(place, name, arguments, environment) for name, arguments in commands.items()
    }
    ending.push_async_callback(_end_all, processes)
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    watching = {asyncio.create_task(process.wait(), name=name) for name, process in processes.items()}
    watching.add(asyncio.create_task(_gone(server.postmaster.pid), name="postgres"))
    ready = [_ready(port), _ready(port + 1)]
    started = asyncio.gather(*ready)
    told = asyncio.create_task(over.wait())
    await asyncio.wait({started, told, *watching}, return_when=asyncio.FIRST_COMPLETED)
    if started.done() and not over.is_set():
        await started
        described = summary.describe(port, urls, people, place)
        summary.show(described, place)
        place.write_privately(place.demo_file, msgspec.json.encode(described).decode())
        await asyncio.wait({*watching, told}, return_when=asyncio.FIRST_COMPLETED)
    ended = [task.get_name() for task in watching if task.done()]
    if ended and not over.is_set():
        name = ended[0]
        raise WrongState(
            "ended",
            f"{name} が終了しました。{place.log(name)} を確認してください。",
            f"{name} ended by itself. Read {place.log(name)}",
        )


async def _gone(pid: int) -> int:
    """Returns once the process has ended; the database is no asyncio child of ours."""
    while _lives(pid):  # noqa: ASYNC110 - the kernel tells only a parent
        await asyncio.sleep(DATABASE_WATCH_SECONDS)
    return pid


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def _child(
    place: Place, name: str, arguments: list[str], environment: Mapping[str, str]
) -> asyncio.subprocess.Process:
    with place.log(name).open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.operator",
            *arguments,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
            stdin=asyncio.subprocess.DEVNULL,
            # Ctrl-C reaches us alone; we end the children in order
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )


async def _end_all(processes: Mapping[str, asyncio.subprocess.Process]) -> None:
    living = [process for process in processes.values() if process.returncode is None]
    for process in living:
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await asyncio.gather(*(process.wait() for process in living))
    except TimeoutError:
        for process in living:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _ready(port: int) -> None:
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False)
    async with client, asyncio.timeout(READY_SECONDS):
        while True:
            try:
                if (await client.get("/readyz")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


def _urls(place: Place, server: EmbeddedServer) -> dict[str, str]:
    passwords = place.passwords()
    return {role: server.url(DATABASE, user=role, password=passwords[role]) for role in ROLES}


def _environment(place: Place, urls: Mapping[str, str], people: People) -> dict[str, str]:
    trusted = TrustedIssuer(people.issuer.issuer, AUDIENCE, people.issuer.key_set())
    issuers = msgspec.json.encode([trusted]).decode()
    environment = {VARIABLES[role]: url for role, url in urls.items()}
    return environment | {
        "TSUNAGARI_MODE": "demo",
        "TSUNAGARI_ISSUERS": issuers,
        "TSUNAGARI_SECRETARIAT_ISSUERS": issuers,
        "TSUNAGARI_KEY_FOLDER": str(place.keys),
        "TSUNAGARI_DEMO_FILE": str(place.demo_file),
    }


def _outside(mail: str, port: int) -> dict[str, str]:
    """Where the worker sends mail, and what stands in it as the way here."""
    return {
        "TSUNAGARI_SMTP_URL": mail,
        "TSUNAGARI_MAIL_FROM": "tsunagari@demo.invalid",
        "TSUNAGARI_PUBLIC_URL": f"http://{HOST}:{port}/explorer",
    }


def _fingerprint() -> str:
    """Changes when a migration or the story does."""
    said = hashlib.sha256()
    for path in sorted([*MIGRATIONS.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]):
        said.update(path.read_bytes())
    return said.hexdigest()
