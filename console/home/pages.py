"""GET /: what this person may do, in the words of the menu."""

from __future__ import annotations

from aiohttp import web

from console.access.roles import Permission
from console.access.routes import Entry, Room, Route, Visit
from console.services import Services


def room(services: Services) -> Room:
    """The room of the first page."""

    async def show(visit: Visit) -> web.StreamResponse:
        return services.site.page(visit, "home/home.html")

    return Room("home", [Route("GET", "/", show, Permission.OWN)], [Entry("الرئيسية", "/", Permission.OWN)])
