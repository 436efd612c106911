"""Did an answer help? Two buttons under it: a form of the page, or a call of its script."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aiohttp import web

from channels.contract import Gateway, RatingOutcome
from channels.web.door import Door, Refusal
from channels.web.page import PROBLEMS, Page
from channels.web.session import Session

_WORDS = {"yes": True, "no": False}
_LIMITED = "ضغطت مرات كثيرة خلال دقيقة. انتظر قليلًا من فضلك."
_REFUSED = "لا يمكن تقييم هذا الجواب الآن. لعل المحادثة حُذفت أو انتهت."
_PROBLEMS = {RatingOutcome.LIMITED: (429, _LIMITED), RatingOutcome.REFUSED: (404, _REFUSED)}


class RatingForms:
    """POST /rate and POST /api/ratings."""

    def __init__(self, page: Page, gateway: Gateway, door: Door) -> None:
        self._page, self._gateway, self._door = page, gateway, door

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The routes of both."""
        return [web.post("/rate", self._form), web.post("/api/ratings", self._call)]

    async def _form(self, request: web.Request) -> web.Response:
        form = await self._page.form(request)
        session = await self._door.checked(request, form.get("csrf", ""))
        if isinstance(session, Refusal):
            return self._page.problem(request, PROBLEMS[session], session.value)
        message = form.get("message", "")
        outcome = await self._rate(session, message, form.get("helped"))
        if outcome in _PROBLEMS:
            status, words = _PROBLEMS[outcome]
            return self._page.problem(request, words, status)
        raise web.HTTPSeeOther(f"/#rated-{message}")

    async def _call(self, request: web.Request) -> web.Response:
        session = await self._door.checked(request, request.headers.get("X-CSRF-Token", ""))
        if isinstance(session, Refusal):
            return web.json_response({"status": session.name.lower()}, status=session.value)
        try:
            body = json.loads(await request.read())
            message, helped = body["message"], body["helped"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return web.json_response({"status": "malformed"}, status=400)
        if not (isinstance(message, str) and isinstance(helped, str)):
            return web.json_response({"status": "malformed"}, status=400)
        outcome = await self._rate(session, message, helped)
        status, _ = _PROBLEMS.get(outcome, (200, ""))
        return web.json_response({"status": outcome.value}, status=status)

    async def _rate(self, session: Session, message: str, helped: str | None) -> RatingOutcome:
        good = _WORDS.get(helped or "")
        if good is None:
            return RatingOutcome.REFUSED
        return await self._gateway.rate("web", session.address, message, good=good)
