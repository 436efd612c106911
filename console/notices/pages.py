"""The pages of notices and channels: what runs, publishing with a preview, withdrawing, stopping and resuming."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from sqlalchemy import Connection

from channels.errors import NoticeRefused
from channels.notices import publishing, switches
from channels.notices.limits import CHANNELS as NAMES
from channels.notices.limits import LONGEST_REASON, SMS_BANNER, Kind
from channels.wiring import sms_providers
from console.access.roles import EVERYWHERE, Permission
from console.access.routes import Entry, Room, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.figures.titles import CHANNELS
from console.notices.forms import KINDS, NoticeForm, blank, draft, in_words, of_form
from console.notices.preview import SAMPLE, Preview, previews
from console.pages import words
from console.pages.site import see_other
from console.services import Services
from storage import utc_now

PAGE = 50
OVER = "انتهى هذا الإعلان، أو سُحب قبل قليل."
NO_CHANNEL = "لا توجد قناة بهذا الاسم."
RUNS = "هذه القناة تعمل، ولم تعد متوقفة."


def room(services: Services) -> Room:
    """The room of notices."""
    pages = _Pages(services)
    read, manage, switch = Permission.NOTICES_READ, Permission.NOTICES_MANAGE, Permission.CHANNELS_STOP
    routes = [
        Route("GET", "/notices", pages.show, read),
        Route("GET", "/notices/new", pages.new, manage),
        Route("POST", "/notices/new", pages.publish, manage),
        Route("POST", "/notices/preview", pages.preview, manage),
        Route("POST", r"/notices/{id:\d{1,9}}/withdraw", pages.withdraw, manage),
        Route("POST", "/notices/channels/{channel}/preview", pages.preview_stop, switch),
        Route("POST", "/notices/channels/{channel}/stop", pages.stop, switch),
        Route("POST", "/notices/channels/{channel}/resume", pages.resume, switch),
    ]
    return Room("notices", routes, [Entry("الإعلانات والقنوات", "/notices", read)])


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._part_cost = sms_providers(services.settings)[0].part_cost if services.settings.sms_enabled else 0.0

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._list(visit, [])

    async def _list(self, visit: Visit, problems: Sequence[Problem], typed: str = "") -> web.StreamResponse:
        """typed: the channel whose stop was refused; its form then has what was typed."""
        notices, stops = await self._services.database.read(
            lambda connection: (publishing.listed(connection, PAGE), switches.stopped(connection))
        )
        now = utc_now()
        return self._services.site.page(
            visit,
            "notices/notices.html",
            problems[0].status if problems else 200,
            ahead=[one for one in notices if not one.over(now)],
            past=[one for one in notices if one.over(now)],
            now=now,
            stops=stops,
            channels=CHANNELS,
            kinds=KINDS,
            said=switches.SAID,
            problems=problems,
            typed=typed,
            longest_reason=LONGEST_REASON,
            may_manage=visit.who.may(Permission.NOTICES_MANAGE, EVERYWHERE),
            may_stop=visit.who.may(Permission.CHANNELS_STOP, EVERYWHERE),
        )

    async def new(self, visit: Visit) -> web.StreamResponse:
        visit.require(Permission.NOTICES_MANAGE, EVERYWHERE)
        return self._editor(visit, blank(utc_now()), [])

    def _editor(self, visit: Visit, form: NoticeForm, problems: Sequence[Problem]) -> web.StreamResponse:
        return self._services.site.page(
            visit,
            "notices/notice.html",
            problems[0].status if problems else 200,
            form=form,
            problems=problems,
            channels=CHANNELS,
            kinds=KINDS,
            longest=Kind.ANSWER.longest,
            longest_reason=LONGEST_REASON,
            most_days=publishing.MOST_DAYS,
        )

    async def publish(self, visit: Visit) -> web.StreamResponse:
        visit.require(Permission.NOTICES_MANAGE, EVERYWHERE)
        form = of_form(visit)

        def work(connection: Connection) -> None:
            notice = publishing.publish(connection, draft(form, utc_now()), visit.who.name)
            detail = {
                "kind": notice.kind.value,
                "channels": list(notice.channels),
                "starts": notice.starts_at.isoformat(),
                "ends": notice.ends_at.isoformat(),
            }
            act = Act(visit.who.name, "notice-publish", str(notice.id), notice.reason, visit.address, detail)
            log.append(connection, act)

        try:
            await self._services.database.write(work)
        except NoticeRefused as refused:
            return self._editor(visit, form, in_words(refused.faults))
        except Problem as problem:
            return self._editor(visit, form, [problem])
        raise see_other("/notices", "saved")

    async def preview(self, visit: Visit) -> web.StreamResponse:
        """The panel beside the form: what is wrong, and what each channel will show."""
        form, sample = of_form(visit), words.say(visit.language, SAMPLE)
        try:
            problems = in_words(publishing.faults(draft(form, utc_now())))
        except Problem as problem:
            problems = [problem]
        seen = previews(form.text, Kind(form.kind), form.channels, sample, self._part_cost)
        return self._panel(visit, problems, seen, form.kind)

    async def preview_stop(self, visit: Visit) -> web.StreamResponse:
        """The same of what a stopped channel says; a reason may still be missing."""
        channel, said = self._channel(visit), visit.form.get("said", "")
        problems = in_words(switches.faults(channel, "-", said))
        seen = previews(said or switches.SAID[channel], Kind.ANSWER, (channel,), "", self._part_cost)
        return self._panel(visit, problems, seen, "stop")

    def _panel(
        self, visit: Visit, problems: Sequence[Problem], seen: Sequence[Preview], kind: str
    ) -> web.StreamResponse:
        values = {"problems": problems, "previews": seen, "channels": CHANNELS, "kind": kind, "longest": SMS_BANNER}
        return self._services.site.page(visit, "notices/panel.html", **values)

    async def withdraw(self, visit: Visit) -> web.StreamResponse:
        visit.require(Permission.NOTICES_MANAGE, EVERYWHERE)
        number = int(visit.request.match_info["id"])

        def work(connection: Connection) -> None:
            if publishing.withdraw(connection, number, visit.who.name) is None:
                raise Problem(410, OVER)
            log.append(connection, Act(visit.who.name, "notice-withdraw", str(number), address=visit.address))

        await self._services.database.write(work)
        raise see_other("/notices", "saved")

    async def stop(self, visit: Visit) -> web.StreamResponse:
        channel = self._channel(visit)

        def work(connection: Connection) -> None:
            form = visit.form
            made = switches.stop(connection, channel, form.get("reason", ""), visit.who.name, form.get("said", ""))
            act = Act(visit.who.name, "channel-stop", channel, made.reason, visit.address, {"said": made.said})
            log.append(connection, act)

        try:
            await self._services.database.write(work)
        except NoticeRefused as refused:
            return await self._list(visit, in_words(refused.faults), channel)
        raise see_other("/notices", "saved")

    async def resume(self, visit: Visit) -> web.StreamResponse:
        channel = self._channel(visit)

        def work(connection: Connection) -> None:
            was = switches.resume(connection, channel)
            if was is None:
                raise Problem(410, RUNS)
            detail = {"stopped": was.at.isoformat(), "by": was.by}
            log.append(connection, Act(visit.who.name, "channel-resume", channel, "", visit.address, detail))

        await self._services.database.write(work)
        raise see_other("/notices", "saved")

    @staticmethod
    def _channel(visit: Visit) -> str:
        visit.require(Permission.CHANNELS_STOP, EVERYWHERE)
        channel = visit.request.match_info["channel"]
        if channel not in NAMES:
            raise Problem(404, NO_CHANNEL)
        return channel
