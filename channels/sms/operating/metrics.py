"""`GET /metrics` for Prometheus: what the database knows of all gateways, and how this one sees its providers."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from channels.sms.operating import report
from channels.sms.outbound.budget import midnight
from channels.sms.routing.router import Router
from storage import Transactions, utc_now


class Metrics:
    """The page; it is there only with a `token`, which has to come as Bearer."""

    def __init__(self, database: Transactions, router: Router, token: str) -> None:
        self._database, self._router, self._token = database, router, token

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The route, if there is one."""
        return [web.get("/metrics", self._page)] if self._token else []

    async def _page(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        known = await self._database.read(_known)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Figures(self._router, *known))
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _known(connection: Connection) -> tuple[report.Queue, list[report.ProviderReport]]:
    return report.queue(connection), report.providers(connection, midnight(utc_now()))


class _Figures(Collector):
    """One reading. All are gauges: those of a day begin again at midnight in Yemen."""

    def __init__(self, router: Router, queue: report.Queue, reports: Sequence[report.ProviderReport]) -> None:
        self._router, self._queue, self._reports = router, queue, reports

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures, as the library asks for them."""
        queue = GaugeMetricFamily("dalil_sms_messages_open", "Messages no provider has yet", labels=["state"])
        queue.add_metric(["queued"], self._queue.queued)
        queue.add_metric(["sending"], self._queue.sending)
        yield queue
        yield from self._today()
        yield from self._now()

    def _today(self) -> Iterator[GaugeMetricFamily]:
        parts = GaugeMetricFamily("dalil_sms_parts_today", "Parts by state", labels=["provider", "state"])
        codes = GaugeMetricFamily("dalil_sms_failures_today", "Parts that failed, by code", labels=["provider", "code"])
        cost = GaugeMetricFamily("dalil_sms_cost_today_riyals", "What the parts cost", labels=["provider"])
        seconds = GaugeMetricFamily("dalil_sms_acceptance_seconds", "Mean of the latest parts", labels=["provider"])
        for one in self._reports:
            for state, count in one.states.items():
                parts.add_metric([one.provider, state], count)
            for code, count in one.codes.items():
                codes.add_metric([one.provider, code], count)
            cost.add_metric([one.provider], one.cost)
            if one.accepted is not None:
                seconds.add_metric([one.provider], one.accepted.mean)
        yield from (parts, codes, cost, seconds)

    def _now(self) -> Iterator[GaugeMetricFamily]:
        share = GaugeMetricFamily("dalil_sms_provider_share", "What is left of its weight", labels=["provider"])
        resting = GaugeMetricFamily("dalil_sms_provider_rest_seconds", "Until it is tried again", labels=["provider"])
        stopped = GaugeMetricFamily("dalil_sms_provider_stopped", "1: an operator stopped it", labels=["provider"])
        busy = GaugeMetricFamily("dalil_sms_provider_submissions", "Submissions under way", labels=["provider"])
        connected = GaugeMetricFamily("dalil_sms_provider_connected", "0: its messages wait", labels=["provider"])
        for name, route in self._router.routes.items():
            if route.connection is not None:
                connected.add_metric([name], route.connection.connected)
            share.add_metric([name], route.health.share)
            resting.add_metric([name], route.health.paused)
            stopped.add_metric([name], route.stopped is not None)
            busy.add_metric([name], route.busy)
        yield from (share, resting, stopped, busy, connected)
