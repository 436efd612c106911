"""GET /: what waits for whoever opens it, and what they may do, in the words of the menu."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web
from sqlalchemy import Connection, func, select

from console.access.roles import Permission
from console.access.routes import Entry, Room, Route, Visit
from console.inbox import reviews
from console.knowledge.tables import DraftRow
from console.publishing.tables import ProposalRow, State
from console.services import Services

WAITS = {"/inbox": "رسالة لم يُجب عنها", "/faq": "تعديل لم يُنشر", "/publish": "اقتراح ينتظر مراجعتك"}


def room(services: Services) -> Room:
    """The room of the first page."""

    async def show(visit: Visit) -> web.StreamResponse:
        waiting = await services.database.read(lambda connection: _waiting(connection, visit))
        return services.site.page(visit, "home/home.html", waiting=waiting, says=WAITS)

    return Room("home", [Route("GET", "/", show, Permission.OWN)], [Entry("الرئيسية", "/", Permission.OWN)])


def _waiting(connection: Connection, visit: Visit) -> Mapping[str, int]:
    """How much waits, by the path of its page, of what this person may do something about."""
    found: dict[str, int] = {}
    if visit.may(Permission.INBOX_WORK):
        found["/inbox"] = len(reviews.missed(connection))
    if visit.may(Permission.PUBLISH_PROPOSE):
        found["/faq"] = connection.scalar(select(func.count()).select_from(DraftRow)) or 0
    if visit.may(Permission.PUBLISH_APPROVE):
        mine = ProposalRow.author == visit.who.name
        tested = select(func.count()).select_from(ProposalRow).where(ProposalRow.state == State.TESTED, ~mine)
        found["/publish"] = connection.scalar(tested) or 0
    return found
