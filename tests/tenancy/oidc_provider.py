"""A certified OpenID provider beside the tests (npm oidc-provider), and a person who signs in there.

`from tests.tenancy.oidc_provider import oidc_provider` brings the fixture into a test module or conftest.
"""

import asyncio
import html
import json
import re
import secrets
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

NODE_FOLDER = Path(__file__).parents[1] / "node"
API_AUDIENCE = "https://api.tsunagari.example"
REDIRECT = "https://portal.tsunagari.example/signed-in"
SCOPE = "openid platform"
START_SECONDS = 30
STOP_SECONDS = 5
MOST_STEPS = 12  # of redirects and pages between asking and being signed in


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the provider hands to the portal."""

    access_token: str
    id_token: str


@dataclass(slots=True)
class OidcProvider:
    """The provider as a process. `restart` keeps its address and makes new signing keys."""

    audience: str
    issuer: str = ""
    client_id: str = ""
    _process: Process | None = None
    _complaints: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    async def start(self, port: int = 0) -> None:
        """Listen on `port` (0: any free one)."""
        command = ("node", "oidc_provider.mjs", str(port), self.audience)
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=NODE_FOLDER, stdin=PIPE, stdout=PIPE, stderr=self._complaints
        )
        greeting = json.loads(await self._first_line(self._process))
        self.issuer, self.client_id = greeting["issuer"], greeting["clientId"]

    async def stop(self) -> None:
        """End the process: asked first, made to after STOP_SECONDS."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def close(self) -> None:
        """Stop for good."""
        await self.stop()
        self._complaints.close()

    async def restart(self) -> None:
        """Come back at the same address with other keys."""
        await self.stop()
        await self.start(urlsplit(self.issuer).port or 0)

    async def sign_in(self, name: str, *, resource: str = "") -> SignedIn:
        """Sign in as `name` by authorization code with PKCE, as a browser and a portal would do it."""
        async with httpx.AsyncClient(trust_env=False) as browser:
            return await _SignIn(self, browser, resource or self.audience).run(name)

    async def _first_line(self, process: Process) -> bytes:
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
        except TimeoutError:
            line = b""
        if not line:
            await self.stop()
            self._complaints.seek(0)
            pytest.fail(f"the OpenID provider did not start:\n{self._complaints.read().decode()[-2000:]}")
        return line


class _SignIn:
    """One run of the authorization code flow (RFC 6749, 4.1; RFC 7636; RFC 8707)."""

    def __init__(self, provider: OidcProvider, browser: httpx.AsyncClient, resource: str) -> None:
        self._provider = provider
        self._browser = browser
        self._resource = resource
        self._verifier = secrets.token_urlsafe(48)
        self._state = secrets.token_urlsafe(16)
        self._metadata: dict[str, Any] = {}

    async def run(self, name: str) -> SignedIn:
        answer = await self._browser.get(self._provider.issuer + "/.well-known/openid-configuration")
        self._metadata = answer.raise_for_status().json()
        return await self._redeem(await self._code(name))

    async def _code(self, name: str) -> str:
        answer = await self._browser.get(self._metadata["authorization_endpoint"], params=self._question())
        for _ in range(MOST_STEPS):
            if answer.has_redirect_location:
                location = urljoin(str(answer.url), answer.headers["location"])
                if location.startswith(REDIRECT):
                    return self._code_in(location)
                answer = await self._browser.get(location)
            else:
                answer = await self._submit(answer.raise_for_status(), name)
        pytest.fail("the sign-in did not come to an end")

    def _question(self) -> dict[str, str]:
        challenge = urlsafe_b64encode(sha256(self._verifier.encode()).digest()).rstrip(b"=").decode()
        return {
            "client_id": self._provider.client_id,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": SCOPE,
            "resource": self._resource,
            "state": self._state,
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }

    async def _submit(self, page: httpx.Response, name: str) -> httpx.Response:
        """Fill in the form of a page: the name where it asks for one, agreement where it asks for that."""
        action = re.search(r'<form[^>]*action="([^"]+)"', page.text)
        prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
        assert action is not None, page.text
        assert prompt is not None, page.text
        filled = {"prompt": prompt[1]} | ({"login": name, "password": "any"} if prompt[1] == "login" else {})
        return await self._browser.post(urljoin(str(page.url), html.unescape(action[1])), data=filled)

    def _code_in(self, location: str) -> str:
        answered = parse_qs(urlsplit(location).query)
        assert answered.get("state") == [self._state], answered
        assert answered.get("iss") == [self._provider.issuer], answered
        return answered["code"][0]

    async def _redeem(self, code: str) -> SignedIn:
        fields = {
            "grant_type": "authorization_code",
            "client_id": self._provider.client_id,
            "code": code,
            "code_verifier": self._verifier,
            "redirect_uri": REDIRECT,
            "resource": self._resource,
        }
        answer = await self._browser.post(self._metadata["token_endpoint"], data=fields)
        tokens = answer.raise_for_status().json()
        assert tokens["token_type"] == "Bearer"
        return SignedIn(tokens["access_token"], tokens["id_token"])


@pytest.fixture
async def oidc_provider(request: pytest.FixtureRequest) -> AsyncIterator[OidcProvider]:
    """A running provider that issues access tokens for API_AUDIENCE; ended with the test, come what may."""
    skip_loudly_without_node(request)
    async with AsyncExitStack() as stack:
        provider = OidcProvider(API_AUDIENCE)
        stack.push_async_callback(provider.close)
        await provider.start()
        yield provider


def skip_loudly_without_node(request: pytest.FixtureRequest) -> None:
    """Skip, but not in silence: a line on the terminal now, and the reason in pytest's summary."""
    missing = _missing()
    if missing is None:
        return
    message = f"NOT RUN: {missing}, NOTHING WAS TESTED AGAINST A CERTIFIED OPENID PROVIDER (see make test)"
    capture: Any = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n*** {request.node.nodeid}: {message}", file=sys.__stderr__, flush=True)
    pytest.skip(message)


def _missing() -> str | None:
    if shutil.which("node") is None:
        return "Node.js is missing"
    if not (NODE_FOLDER / "node_modules" / "oidc-provider").is_dir():
        return "tests/node/node_modules is missing"
    return None
