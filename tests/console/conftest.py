"""The real console on a migrated database, and browsers without a window that are logged in as anybody."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from sqlalchemy import insert

from bot.data.corpus import Known
from console.access.roles import EVERYWHERE, Grant, Role
from console.accounts import staff
from console.accounts.passwords import Passwords
from console.accounts.sessions import Sessions
from console.accounts.tables import StaffRow
from console.app import KNOWLEDGE, create_app
from settings import Settings, load_settings
from storage import SyncDatabase, utc_now

SAME = {"Sec-Fetch-Site": "same-origin"}
DATA = Path(__file__).parent / "nlu_data"
KNOWN = Known(frozenset({"faq", "fees", "hours"}), frozenset({"passport"}))
NO_PROVIDER = "http://127.0.0.1:1"
"""Nothing listens there: single sign-on is on, and its pages are, but nobody can use it."""
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Browser:
    """One member of staff's browser. Forms carry their token as the pages' own do."""

    client: TestClient[web.Request, web.Application]
    cookie: str
    csrf: str
    name: str

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.client.get(path, headers=self._headers(headers), allow_redirects=False) as response:
            return response.status, (await response.read()).decode("utf-8", "replace")

    async def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> tuple[int, str]:
        form = {"csrf": self.csrf, **(data or {})}
        async with self.client.post(
            path, data=form, headers=self._headers(SAME | headers), allow_redirects=False
        ) as response:
            return response.status, response.headers.get("Location") or await response.text()

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Cookie": self.cookie, **more}


@dataclass
class Console:
    """The running application, its database, and who can be logged in to it."""

    client: TestClient[web.Request, web.Application]
    database: SyncDatabase
    settings: Settings

    def browser(self, *roles: Role, name: str = "", ministry: str = EVERYWHERE) -> Browser:
        """Somebody with these roles, logged in."""
        name = name or "-".join(role.value for role in roles)
        sessions = Sessions(self.settings)
        with self.database.engine.execution_options(dalil_writes=True).begin() as connection:
            known = {member.name: member.id for member in staff.members(connection)}
            staff_id = (
                known.get(name)
                or connection.execute(
                    insert(StaffRow)
                    .values(name=name, shown=name, totp_step=0, failures=0, created_at=utc_now(), password="x")
                    .returning(StaffRow.id)
                ).scalar_one()
            )
            staff.set_grants(connection, staff_id, [Grant(role, ministry) for role in roles])
            token = sessions.begin(connection, staff_id, second=True)
        return Browser(self.client, f"{sessions.cookie}={token}", sessions.csrf(token), name)

    async def ready(self) -> None:
        """Wait until sentences are compared with those of other topics."""
        knowledge = self.client.app[KNOWLEDGE]
        await knowledge.refresh()
        await knowledge.checker.rebuild()

    def write(self, work: Callable[[Any], Any]) -> Any:
        with self.database.engine.execution_options(dalil_writes=True).begin() as connection:
            return work(connection)


@pytest.fixture
async def console(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Console]:
    data = tmp_path / "nlu_data"
    shutil.copytree(DATA, data)
    folders = {"data_folder": data, "model_folder": tmp_path / "models", "console_folder": tmp_path / "work"}
    settings = load_settings(database_url=sqlite_url, **folders, sso_issuer=NO_PROVIDER)
    async with running(settings) as console:
        yield console


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Console]:
    """A console with these settings, on a port of its own, or on the one that its `console_url` names."""
    app = await create_app(settings, Passwords(CHEAP), lambda: KNOWN)
    database = SyncDatabase(settings.database_url)
    named = urlsplit(settings.console_url).port if "console_url" in settings.model_fields_set else None
    async with TestClient(TestServer(app, port=named), cookie_jar=DummyCookieJar()) as client:
        yield Console(client, database, settings)
    database.close()
