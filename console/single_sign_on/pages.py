"""The routes to the provider and back."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from console.access.roles import Permission
from console.access.routes import Route, Visit
from console.accounts.entering import Entrance
from console.accounts.sessions import Sessions
from console.accounts.tries import Tries
from console.errors import Problem
from console.pages.site import Site, local
from console.single_sign_on.accounts import Accounts
from console.single_sign_on.errors import NotProven, ProviderAway
from console.single_sign_on.flow import Flow, Flows, Purpose
from console.single_sign_on.provider import BACK, Provider
from console.single_sign_on.tokens import Account
from settings import Settings
from storage import Transactions

logger = logging.getLogger(__name__)
AWAY = "نظام الدخول في الوزارة لا يجيب الآن. ادخل بكلمة السر إن كانت لك واحدة هنا، أو حاول بعد قليل."
LOST = "طالت المدة، أو بدأت الدخول في متصفح آخر. ابدأ من جديد."
REFUSED = "لم يؤكد نظام الدخول في الوزارة من أنت. حاول مرة أخرى، وإن تكرر ذلك فأخبر مدير اللوحة."
CANCELLED = "لم يكتمل الدخول بحساب الوزارة."


class SingleSignOn:
    """What there is when a provider is set."""

    def __init__(
        self,
        settings: Settings,
        database: Transactions,
        sessions: Sessions,
        entrance: Entrance,
        site: Site,
        tries: Tries,
    ) -> None:
        self._sessions, self._entrance, self._site, self._tries = sessions, entrance, site, tries
        self._provider, self._flows = Provider(settings), Flows(settings)
        self._accounts = Accounts(settings, database, sessions, entrance)
        self._arrivals: dict[Purpose, Callable[..., Awaitable[web.Response]]] = {
            Purpose.ENTER: self._enter,
            Purpose.PROVE: self._prove,
            Purpose.LINK: self._link,
            Purpose.JOIN: self._join,
        }

    def routes(self) -> Sequence[Route]:
        """All of them. Those that begin something are links: a form may not lead to another site."""
        own = Permission.OWN
        return [
            Route("GET", "/login/sso", self._to_enter, None),
            Route("GET", "/login/again/sso", self._to_prove, own),
            Route("GET", "/account/link", self._to_link, own, fresh=True),
            Route("GET", "/join/{token}/sso", self._to_join, None),
            Route("GET", BACK, self._back, None),
            Route("POST", "/join/{token}/sso", self._joined, None),
            Route("GET", "/login/sso/leave", self._leave, None),
            Route("POST", "/login/sso/ended", self._ended, None, signed=True),
        ]

    # There

    async def _to_enter(self, visit: Visit) -> web.StreamResponse:
        return await self._go(visit, Flow(Purpose.ENTER, to=local(visit.request.query.get("to", ""))))

    async def _to_prove(self, visit: Visit) -> web.StreamResponse:
        token, to = self._sessions.token_of(visit.request) or "", local(visit.request.query.get("to", ""))
        return await self._go(visit, Flow(Purpose.PROVE, to=to, token=token))

    async def _to_link(self, visit: Visit) -> web.StreamResponse:
        token = self._sessions.token_of(visit.request) or ""
        return await self._go(visit, Flow(Purpose.LINK, token=token))

    async def _to_join(self, visit: Visit) -> web.StreamResponse:
        token = visit.request.match_info["token"]
        await self._entrance.joining(token)
        return await self._go(visit, Flow(Purpose.JOIN, token=token))

    async def _go(self, visit: Visit, flow: Flow) -> web.StreamResponse:
        self._tries.count(visit.address)
        try:
            response = web.HTTPSeeOther(await self._provider.address(flow))
        except ProviderAway as error:
            raise _away(error) from error
        self._flows.give(response, flow)
        raise response

    # And back

    async def _back(self, visit: Visit) -> web.StreamResponse:
        self._tries.count(visit.address)
        try:
            response = await self._arrived(visit)
        except Problem as problem:
            response = self._site.problem(visit, problem)
        if self._flows.cookie not in "".join(response.headers.getall("Set-Cookie", [])):
            self._flows.take(response)
        return response

    async def _arrived(self, visit: Visit) -> web.Response:
        query, flow = visit.request.query, self._flows.read(visit.request)
        if flow is None or not flow.is_answered_by(query.get("state", "")):
            raise Problem(400, LOST)
        if "error" in query:
            logger.warning("the provider answers with an error", extra={"error": query["error"][:60]})
            raise Problem(403, CANCELLED if query["error"] == "access_denied" else REFUSED)
        try:
            account = await self._provider.account(flow, query.get("code", "")[:4000], query.get("iss"))
        except ProviderAway as error:
            raise _away(error) from error
        except NotProven as error:
            logger.warning("an account is not proven: %s", error)
            await self._accounts.failed("", "not proven", visit.address)
            raise Problem(403, REFUSED) from error
        return await self._arrivals[flow.purpose](visit, flow, account)

    async def _enter(self, visit: Visit, flow: Flow, account: Account) -> web.Response:
        entered = await self._accounts.enter(account, visit.address)
        page = self._on(visit, flow.to) if entered.second else self._page(visit, "accounts/code.html", to=flow.to)
        self._sessions.give(page, entered.token)
        return page

    async def _prove(self, visit: Visit, flow: Flow, account: Account) -> web.Response:
        await self._accounts.prove(account, flow.token, visit.address)
        return self._on(visit, flow.to)

    async def _link(self, visit: Visit, flow: Flow, account: Account) -> web.Response:
        await self._accounts.link(account, flow.token, visit.address)
        return self._on(visit, "/account?done=saved")

    async def _join(self, visit: Visit, flow: Flow, account: Account) -> web.Response:
        if self._accounts.is_enough(account):
            await self._accounts.join(flow.token, account.subject, visit.address, None)
            return await self._enter(visit, flow, account)
        page = await self._set_up(visit, flow.token)
        self._flows.give(page, flow.come_back(account.subject))
        return page

    async def _joined(self, visit: Visit) -> web.StreamResponse:
        """The form of the second step, of an account that has come back."""
        self._tries.count(visit.address)
        flow, token = self._flows.read(visit.request), visit.request.match_info["token"]
        if flow is None or not flow.subject or not hmac.compare_digest(flow.token.encode(), token.encode()):
            raise Problem(400, LOST)
        try:
            codes = await self._accounts.join(token, flow.subject, visit.address, visit.form.get("code", "")[:40])
        except Problem as problem:
            if problem.status != 400:
                raise
            return await self._set_up(visit, token, problem)
        page = self._page(visit, "accounts/codes.html", codes=codes)
        self._flows.take(page)
        return page

    async def _set_up(self, visit: Visit, token: str, problem: Problem | None = None) -> web.Response:
        values = {"joining": await self._entrance.joining(token), "token": token, "problem": problem}
        return self._page(visit, "single_sign_on/join.html", problem.status if problem else 200, **values)

    def _on(self, visit: Visit, to: str) -> web.Response:
        """A page that goes on by itself: a redirect would still be the other site's, and bring no strict cookie."""
        return self._page(visit, "single_sign_on/on.html", to=to)

    def _page(self, visit: Visit, template: str, status: int = 200, **values: object) -> web.Response:
        return self._site.page(visit, template, status, **{"problem": None, **values})

    # Out

    async def _leave(self, _visit: Visit) -> web.StreamResponse:
        try:
            raise web.HTTPSeeOther(await self._provider.leaving())
        except ProviderAway as error:
            raise _away(error) from error

    async def _ended(self, visit: Visit) -> web.StreamResponse:
        """The provider says that it has logged somebody out (Back-Channel Logout 1.0, 2.8)."""
        headers = {"Cache-Control": "no-store"}
        try:
            subject = await self._provider.ended(visit.form.get("logout_token", ""))
        except NotProven as error:
            logger.warning("a logout is not proven: %s", error)
            return web.json_response({"error": "invalid_request"}, status=400, headers=headers)
        except ProviderAway as error:
            raise _away(error) from error
        await self._accounts.ended(subject, visit.address)
        return web.Response(headers=headers)


def _away(error: ProviderAway) -> Problem:
    logger.warning("the provider is away: %s", error)
    return Problem(503, AWAY, {"Retry-After": "60"})
