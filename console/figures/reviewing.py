"""Judging a sample: one answer after the other, and a reviewer's word on each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import Connection, select

from channels.quality.counting import day_of
from console.access.roles import EVERYWHERE, Permission
from console.access.routes import Entry, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.figures import period as periods
from console.figures.period import Period
from console.figures.samples import ENOUGH, Sample, correctness, draw, judge
from console.figures.titles import CHANNELS, KINDS, VERDICTS
from console.pages.site import see_other
from console.services import Services
from integrations.catalogue.tables import PublicService
from storage import utc_now

SIZE = 50
_REVIEW = Permission.SAMPLES_REVIEW


class Reviewing:
    """GET /samples and POST /samples/{message}."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> Sequence[Route]:
        """The routes of both."""
        return [
            Route("GET", "/samples", self.show, _REVIEW),
            Route("POST", "/samples/{message}", self.keep, _REVIEW),
        ]

    def menu(self) -> Sequence[Entry]:
        """The entry of the menu."""
        return [Entry("مراجعة الأجوبة", "/samples", _REVIEW)]

    async def show(self, visit: Visit) -> web.StreamResponse:
        """One sample of a draw: the one that is asked for, else the first without a verdict."""
        query, now = visit.request.query, utc_now()
        chosen = periods.read(query.get("first", ""), query.get("last", ""), now)
        # All reviewers of a day share a draw, unless they ask for another.
        seed = _number(query.get("seed", "")) or day_of(now).toordinal()

        def work(connection: Connection) -> tuple[list[Sample], dict[str, str], object]:
            samples = draw(connection, chosen, SIZE, seed, _theirs(connection, visit))
            named = {sample.service for sample in samples if sample.service}
            names = select(PublicService.id, PublicService.name).where(PublicService.id.in_(sorted(named)))
            found = {row.id: row.name for row in connection.execute(names)}
            return samples, found, correctness(connection, chosen)

        samples, names, correct = await self._services.database.read(work)
        place = _place(samples, _number(query.get("place", "")))
        return self._services.site.page(
            visit,
            "figures/samples.html",
            samples=samples,
            place=place,
            sample=samples[place] if place is not None else None,
            judged=sum(sample.verdict is not None for sample in samples),
            correct=correct,
            enough=ENOUGH,
            draw_of=_link(chosen, seed),
            chosen=chosen,
            seed=seed,
            names=names,
            titles={"channel": CHANNELS, "kind": KINDS, "verdict": VERDICTS},
        )

    async def keep(self, visit: Visit) -> web.StreamResponse:
        """Keep the verdict, in one transaction with its entry of the audit log; then on to the next sample."""
        message, form = visit.request.match_info["message"], visit.form
        chosen = periods.read(form.get("first", ""), form.get("last", ""), utc_now())

        def work(connection: Connection) -> None:
            service = judge(connection, message, form.get("verdict", ""), form.get("note", ""), visit.who.name)
            # Raises, and so takes the verdict back, when the service is another authority's.
            visit.require(_REVIEW, ministry_of(connection, service))
            detail = {"verdict": form["verdict"]}
            log.append(connection, Act(visit.who.name, "sample-judge", message, address=visit.address, detail=detail))

        await self._services.database.write(work)
        raise see_other(f"/samples?{_link(chosen, _number(form.get('seed', '')))}", "saved")


def ministry_of(connection: Connection, service: str | None) -> str:
    """The authority of a service; a message about none, or about one that is gone, belongs to all."""
    query = select(PublicService.organisation_id).where(PublicService.id == service)
    found: str | None = connection.scalar(query) if service else None
    return found or EVERYWHERE


def _theirs(connection: Connection, visit: Visit) -> Collection[str] | None:
    """The services whose messages the reviewer may see; None when all."""
    if visit.who.may(_REVIEW, EVERYWHERE):
        return None
    rows = connection.execute(select(PublicService.id, PublicService.organisation_id))
    return [row.id for row in rows if visit.who.may(_REVIEW, row.organisation_id)]


def _place(samples: Sequence[Sample], wanted: int) -> int | None:
    """The place of the sample to show, from 0; `wanted` counts from 1."""
    if 0 < wanted <= len(samples):
        return wanted - 1
    return next((place for place, sample in enumerate(samples) if sample.verdict is None), None)


def _link(chosen: Period, seed: int) -> str:
    return urlencode({"first": chosen.first, "last": chosen.last, "seed": seed})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
