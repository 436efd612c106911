"""A certified OpenID provider that is not ours, the console beside it, and browsers that go from one to the other."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

import aiohttp
import pyotp
import pytest

from console.access.roles import Grant, Role
from console.accounts import staff
from console.accounts.second_step import Vault
from console.single_sign_on.provider import BACK
from settings import load_settings
from tests.channels.harness import free_port
from tests.console.conftest import SAME, Console, running

INSTALLED = Path(__file__).parents[3] / ".venv-tools/oidc"
PROGRAM = Path(__file__).parent / "peer" / "provider.js"
NODE = shutil.which("node")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = 1_764_000_015.0
CLIENT_SECRET = "a secret/with+what:needs=encoding&more%"
HAS_PEER = NODE is not None and (INSTALLED / "node_modules").is_dir()


@dataclass
class Peer:
    """The provider's process."""

    issuer: str
    process: subprocess.Popen[str]

    def end(self) -> None:
        """It answers no more."""
        self.process.kill()
        self.process.wait()


def start_peer(console_url: str, **more: str) -> Peer:
    """A provider that knows the console at this address."""
    given = {
        "callback": f"{console_url}{BACK}",
        "after": f"{console_url}/login",
        "ended": f"{console_url}/login/sso/ended",
        "secret": CLIENT_SECRET,
        **more,
    }
    # Node looks for packages beside the program, so the installed folder has a copy of it.
    program = shutil.copy(PROGRAM, INSTALLED)
    command = [str(NODE), str(program), json.dumps(given)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    issuer = process.stdout.readline().strip()
    assert issuer.startswith("http"), "what it says is above"
    return Peer(issuer, process)


@pytest.fixture(scope="session")
def console_url() -> str:
    """Where the console is in this test run: a provider is told once."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="session")
def shared_peer(console_url: str) -> Iterator[Peer]:
    if not HAS_PEER:
        pytest.skip("needs an OpenID provider (`make peers`, with node and npm)")
    peer = start_peer(console_url)
    yield peer
    peer.end()


@dataclass
class Making:
    """Makes consoles that ask a provider."""

    database_url: str
    folder: Path
    console_url: str

    def settings(self, issuer: str, **more: Any) -> Any:
        folders = {"data_folder": self.folder, "model_folder": self.folder, "console_folder": self.folder / "work"}
        given = {"sso_issuer": issuer, "sso_client_secret": CLIENT_SECRET, "console_url": self.console_url, **more}
        return load_settings(database_url=self.database_url, **folders, **given)


@pytest.fixture
def making(sqlite_url: str, tmp_path: Path, console_url: str) -> Making:
    return Making(sqlite_url, tmp_path, console_url)


@pytest.fixture
async def console(making: Making, shared_peer: Peer) -> AsyncIterator[Console]:
    async with running(making.settings(shared_peer.issuer, sso_second_step="mfa,otp")) as console:
        yield console


@dataclass
class Person:
    """Somebody's browser: it follows redirects from site to site, fills in the provider's form, and keeps cookies."""

    url: str
    session: aiohttp.ClientSession
    answer: int = 0
    page: str = ""
    where: str = field(default="", repr=False)

    async def go(self, path: str) -> int:
        """Open a page of the console; gives the status."""
        return await self._ask("GET", urljoin(self.url, path))

    async def send(self, path: str, **form: str) -> int:
        """Send a form of the page that is open."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.page)
        headers = {**SAME, "Origin": self.url}
        return await self._ask("POST", urljoin(self.url, path), {"csrf": token[1] if token else "", **form}, headers)

    async def to_provider(self, path: str) -> str:
        """Begin at a link of the console, as far as the provider's form; gives the form's address."""
        assert await self.go(path) == 303, self.page
        while self.answer in (302, 303):
            await self._ask("GET", self.where)
        assert "Ministry's log-in" in self.page, self.page
        return self.where

    async def proven(self, path: str, account: str, amr: str = "") -> str:
        """Log in at the provider, where a link of the console leads; gives the address that leads back."""
        where = await self.to_provider(path)
        await self._ask("POST", where, {"account": account, "amr": amr})
        while not self.where.startswith(f"{self.url}{BACK}"):
            assert self.answer in (302, 303), self.page
            await self._ask("GET", self.where)
        return self.where

    async def through(self, path: str, account: str, amr: str = "") -> int:
        """There and back; gives the status of the console's page."""
        return await self._ask("GET", await self.proven(path, account, amr))

    async def _ask(self, method: str, url: str, form: dict[str, str] | None = None, headers: Any = None) -> int:
        async with self.session.request(method, url, data=form, headers=headers, allow_redirects=False) as response:
            self.answer, self.page = response.status, await response.text()
            self.where = urljoin(url, response.headers.get("Location", url))
            return self.answer


@pytest.fixture
async def person(console_url: str) -> AsyncIterator[Callable[[], Person]]:
    sessions: list[aiohttp.ClientSession] = []

    def make() -> Person:
        sessions.append(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        return Person(console_url, sessions[-1])

    yield make
    for session in sessions:
        await session.close()


def invite(console: Console, name: str = "saleh", role: Role = Role.ADMIN) -> str:
    """A new member of staff's invitation."""
    vault = Vault(console.settings.console_key)

    def work(connection: Any) -> str:
        return staff.invite(connection, staff.add(connection, name, name, [Grant(role)]), vault.seal(SECRET))

    return str(console.write(work))


def code(steps_later: int = 0) -> str:
    """A code of the second step."""
    return str(pyotp.TOTP(SECRET).at(NOW + 30 * steps_later))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are of one moment, however long a test takes."""
    monkeypatch.setattr("console.accounts.second_step.time", SimpleNamespace(time=lambda: NOW))
