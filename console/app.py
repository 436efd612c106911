"""The composition root: every room of the console is made and joined here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from aiohttp import web

from bot.data import project
from bot.data.corpus import Known
from channels.serving import harden
from console.access.gate import UPLOAD_LIMIT, Gate
from console.access.routes import Room, Route, Visit
from console.accounts import register
from console.accounts.doors import Doors
from console.accounts.entering import Entrance
from console.accounts.own import Own
from console.accounts.passwords import Passwords
from console.accounts.sessions import Sessions
from console.accounts.tries import Tries
from console.audit import pages as audit
from console.catalogue import pages as catalogue
from console.figures import pages as figures
from console.home import pages as home
from console.inbox import pages as inbox
from console.knowledge import faq_pages as faq
from console.knowledge import spreadsheet_pages, training_pages
from console.knowledge.service import Knowledge
from console.notices import pages as notices
from console.pages.site import Site
from console.people import desk_pages
from console.people import pages as people
from console.publishing import pages as publishing
from console.services import Services
from console.single_sign_on.pages import SingleSignOn
from console.trying import pages as trying
from settings import Settings
from storage import Transactions

HEALTH = "/health/ready"
ROOMS: Sequence[Callable[[Services], Room]] = (
    home.room,
    people.room,
    inbox.room,
    spreadsheet_pages.room,
    faq.room,
    training_pages.room,
    trying.room,
    catalogue.room,
    publishing.room,
    figures.room,
    desk_pages.room,
    notices.room,
    register.room,
    audit.room,
)
"""In the order of the menu."""
_FOLDERS = tuple(path.parent.name for path in sorted(Path(__file__).parent.glob("*/templates")))
_TIDY_EVERY = 3600.0


async def create_app(
    settings: Settings, passwords: Passwords | None = None, known: Callable[[], Known] = project.known
) -> web.Application:
    """The console as one application. passwords: cheaper ones, for tests. known: what labels may name."""
    database = Transactions(settings.database_url)
    site = Site(_FOLDERS, settings.sso_name if settings.sso_issuer else "")
    sessions = Sessions(settings)
    knowledge = Knowledge(settings.data_folder, database, known)
    entrance = Entrance(settings, database, sessions, passwords or Passwords())
    rooms = [make(Services(settings, database, site, knowledge)) for make in ROOMS]
    rooms.append(Own(database, sessions, entrance, site).room())
    site.menu = [entry for room in rooms for entry in room.menu]
    doors = _doors(settings, database, sessions, entrance, site)
    gate = Gate(settings, database, sessions, site)
    app = web.Application(client_max_size=UPLOAD_LIMIT, middlewares=[gate.answer])
    app[KNOWLEDGE] = knowledge
    app[ROUTES] = [*doors, *(route for room in rooms for route in room.routes)]
    app.add_routes([gate.guard(route) for route in app[ROUTES]])
    app.add_routes([gate.guard(Route("GET", HEALTH, _health, None)), *site.assets.routes()])

    async def run(_app: web.Application) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_tidy(database, sessions), name="console-tidy")]
        tasks.append(asyncio.create_task(knowledge.keep_checking(), name="console-checking"))
        tasks += [asyncio.create_task(work()) for room in rooms for work in room.background]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await database.close()

    app.cleanup_ctx.append(run)
    app.on_response_prepare.append(harden)
    return app


def _doors(
    settings: Settings, database: Transactions, sessions: Sessions, entrance: Entrance, site: Site
) -> Sequence[Route]:
    tries = Tries()
    routes = Doors(database, sessions, entrance, site, tries).routes()
    if not settings.sso_issuer:
        return routes
    return [*routes, *SingleSignOn(settings, database, sessions, entrance, site, tries).routes()]


KNOWLEDGE: web.AppKey[Knowledge] = web.AppKey("knowledge")
ROUTES: web.AppKey[Sequence[Route]] = web.AppKey("routes")
"""Every route with its permission, for the test that tries each role on each."""


async def _health(_visit: Visit) -> web.Response:
    return web.json_response({"status": "ready"})


async def _tidy(database: Transactions, sessions: Sessions) -> None:
    while True:
        await database.write(sessions.tidy)
        await asyncio.sleep(_TIDY_EVERY)
