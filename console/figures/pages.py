"""The pages: figures of a period with their plots and tables, and their CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection, select

from console.access.roles import Permission
from console.access.routes import Entry, Room, Route, Visit
from console.figures import period as periods
from console.figures.charts import Chart, Line, chart
from console.figures.figures import Figures, Shares, Week, figures
from console.figures.reviewing import Reviewing
from console.figures.samples import ENOUGH
from console.figures.shares import Share
from console.figures.titles import CHANNELS, KINDS, OUTCOMES
from console.pages.csv import attachment
from console.services import Services
from integrations.catalogue.tables import PublicService
from storage import utc_now

MOST_DAYS = 35
"""Of a longer period the plot has weeks."""
_COLUMNS = (
    "first_day", "last_day", "messages", "questions", *OUTCOMES, "ratings", "ratings_good", "sms_parts", "sms_riyals",
)  # fmt: skip


def room(services: Services) -> Room:
    """The room of the figures."""
    pages, reviewing = _Pages(services), Reviewing(services)
    read = Permission.FIGURES_READ
    routes = [
        Route("GET", "/figures", pages.show, read),
        Route("GET", "/figures/weeks.csv", pages.weeks, read),
        Route("GET", "/figures/days.csv", pages.days, read),
        *reviewing.routes(),
    ]
    return Room("figures", routes, [Entry("الأرقام", "/figures", read), *reviewing.menu()])


@dataclass(frozen=True)
class _Plots:
    """The plots of the page."""

    questions: Chart
    by_week: bool
    outcomes: Chart
    satisfied: Chart


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def _read(self, visit: Visit) -> tuple[Figures, dict[str, str]]:
        query = visit.request.query
        chosen = periods.read(query.get("first", ""), query.get("last", ""), utc_now())

        def work(connection: Connection) -> tuple[Figures, dict[str, str]]:
            found = figures(connection, chosen)
            return found, service_names(connection, [one.service for one in found.services])

        return await self._services.database.read(work)

    async def show(self, visit: Visit) -> web.StreamResponse:
        found, names = await self._read(visit)
        plots = _plots(found, from_right=visit.language == "ar")
        titles = {"channel_titles": CHANNELS, "kinds": KINDS, "outcomes": OUTCOMES, "names": names, "enough": ENOUGH}
        return self._services.site.page(visit, "figures/figures.html", figures=found, plots=plots, **titles)

    async def weeks(self, visit: Visit) -> web.StreamResponse:
        found, _ = await self._read(visit)
        return attachment("dalil-weeks.csv", _COLUMNS, _week_rows(found.weeks))

    async def days(self, visit: Visit) -> web.StreamResponse:
        found, _ = await self._read(visit)
        columns = ("day", "messages", "questions", *(f"questions_{name}" for name in found.channels))
        rows = ([day.date, day.messages, day.questions, *(count for _, count in day.channels)] for day in found.days)
        return attachment("dalil-days.csv", columns, rows)


def service_names(connection: Connection, services: Sequence[str]) -> dict[str, str]:
    """The Arabic names of services by identifier, those that the catalogue still has."""
    rows = connection.execute(select(PublicService.id, PublicService.name).where(PublicService.id.in_(services)))
    return {row.id: row.name for row in rows}


def _week_rows(weeks: Sequence[Week]) -> Iterable[Sequence[object]]:
    for week in weeks:
        shares = week.shares
        outcomes = [share.count for _, share in outcomes_of(shares)]
        ratings = [week.satisfied.of, week.satisfied.count]
        days = [week.period.first, week.period.last]
        yield [*days, week.messages, shares.questions, *outcomes, *ratings, week.parts, week.riyals]


def outcomes_of(shares: Shares) -> list[tuple[str, Share]]:
    """What became of questions, by name, in the order of OUTCOMES."""
    return [(name, getattr(shares, name)) for name in OUTCOMES]


def _plots(found: Figures, *, from_right: bool) -> _Plots:
    by_week = len(found.days) > MOST_DAYS
    newest = found.weeks[::-1]
    whole = [Line(_label(week), _parts(week), _brief(week.shares.answered), week.shares.questions) for week in newest]
    rated = [
        Line(_label(week), [("answered", week.satisfied.value or 0.0)], _said(week.satisfied), 1.0) for week in newest
    ]
    questions = _weekly(found) if by_week else _daily(found)
    return _Plots(
        chart(questions, from_right=from_right),
        by_week,
        chart(whole, from_right=from_right),
        chart(rated, from_right=from_right),
    )


def _daily(found: Figures) -> list[Line]:
    return [Line(f"{day.date:%m-%d}", day.channels, str(day.questions)) for day in found.days[::-1]]


def _weekly(found: Figures) -> list[Line]:
    lines = []
    for week in found.weeks[::-1]:
        inside = [day for day in found.days if week.period.first <= day.date <= week.period.last]
        parts = [(name, sum(dict(day.channels)[name] for day in inside)) for name in found.channels]
        lines.append(Line(_label(week), parts, str(week.shares.questions)))
    return lines


def _label(week: Week) -> str:
    return f"{week.period.first:%Y-%m-%d}"


def _parts(week: Week) -> list[tuple[str, float]]:
    return [(name, share.count) for name, share in outcomes_of(week.shares)]


def _brief(share: Share) -> str:
    """A share in hundredths; a bare count where that is too few."""
    return f"{share.count}/{share.of}" if share.few and share.of else share.percent


def _said(share: Share) -> str:
    return _brief(share) if share.few else f"{share.percent} ({share.of})"
