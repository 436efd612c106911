"""What the exchange client costs, and what a slow agency does to the others. `python benchmarks/exchange.py`

Against `python -m integrations.exchange simulate` in a process of its own, over mutual TLS on loopback:

1. one question after the other, in turns with a bare aiohttp POST of the same body over the same TLS: their ratio;
2. 100 questions a second, half to an agency that hangs: the other agency's latency, beside a run in which none hangs;
3. an agency goes down and comes back: what each second's citizens got, and when the breaker opened and closed.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from integrations.exchange.client import ExchangeClient  # noqa: E402
from integrations.exchange.configuration import ExchangeConfiguration, Limits, read_configuration  # noqa: E402
from integrations.exchange.errors import StatusError  # noqa: E402
from integrations.exchange.line import outcome_of  # noqa: E402
from integrations.exchange.model import Proof, ProofKind, StatusQuery  # noqa: E402
from integrations.exchange.resource import query_body  # noqa: E402
from integrations.exchange.transport.http import tls_context  # noqa: E402

OTHER = ("education", StatusQuery("EQ-50001", Proof.of(ProofKind.LAST_FOUR, "1501")))
SLOW = ("passports", StatusQuery("PSP-2026-000104", Proof.of(ProofKind.LAST_FOUR, "1104")))
RATE = 100


@contextmanager
def simulator() -> Iterator[ExchangeConfiguration]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "integrations.exchange", "simulate", "--certificates", folder]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                while not next(process.stdout).startswith("fault: "):
                    pass
                yield read_configuration(Path(folder) / "exchange.yml")
            finally:
                process.terminate()


class Bare:
    """aiohttp with the same TLS and nothing else; it sets the simulator's faults, too."""

    def __init__(self, configuration: ExchangeConfiguration) -> None:
        (transport,) = configuration.transports
        self._root = transport.url
        service = configuration.agency(OTHER[0]).service
        self._url = f"{transport.url}/r1/{service}/applications/status:query"
        self._headers = {"X-Road-Client": transport.client, "Content-Type": "application/json"}
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls_context(transport)))

    async def post(self) -> None:
        async with self._session.post(self._url, data=query_body(OTHER[1]), headers=self._headers) as response:
            assert response.status == 200
            await response.read()

    async def fault(self, agency: str, word: str | None) -> None:
        url = f"{self._root}/simulator/faults/{agency}"
        async with self._session.request("PUT" if word else "DELETE", url, data=word) as response:
            assert response.status == 204

    async def close(self) -> None:
        await self._session.close()


async def timed(call) -> float:
    begun = time.perf_counter()
    await call
    return time.perf_counter() - begun


def row(name: str, seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    return f"  {name:34} median {cuts[49] * 1e3:6.2f} ms   p95 {cuts[94] * 1e3:6.2f} ms   p99 {cuts[98] * 1e3:6.2f} ms"


async def overhead(configuration: ExchangeConfiguration, questions: int) -> None:
    bare, ours, theirs = Bare(configuration), [], []
    async with ExchangeClient(configuration) as client:
        for place in range(questions + 50):
            if place == 50:  # the first ones open connections and warm caches
                ours.clear()
                theirs.clear()
            ours.append(await timed(client.status(*OTHER)))
            theirs.append(await timed(bare.post()))
    await bare.close()
    print(f"1. {questions} questions one after the other, in turns")
    print(row("bare aiohttp POST", theirs))
    print(row("ExchangeClient.status", ours))
    added = statistics.median(ours) - statistics.median(theirs)
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"  ratio of the medians {ratio:.2f}, {added * 1e3:.2f} ms added\n")


async def at_a_rate(client: ExchangeClient, seconds: float, latencies: list[float], outcomes: Counter[str]) -> None:
    """RATE questions a second, every other one to each agency, whether or not those before were answered."""

    async def one(place: int) -> None:
        agency, query = (OTHER, SLOW)[place % 2]
        begun = time.perf_counter()
        try:
            await client.status(agency, query)
            outcome = "answered"
        except StatusError as error:
            outcome = outcome_of(error)
        if agency == OTHER[0]:
            latencies.append(time.perf_counter() - begun)
        outcomes[f"{agency}: {outcome}"] += 1

    start, tasks = time.perf_counter(), []
    for place in range(int(RATE * seconds)):
        await asyncio.sleep(max(0.0, start + place / RATE - time.perf_counter()))
        tasks.append(asyncio.create_task(one(place)))
    await asyncio.gather(*tasks)


async def beside_a_slow_agency(configuration: ExchangeConfiguration, seconds: float) -> None:
    bare = Bare(configuration)
    print(f"2. {RATE} questions a second for {seconds:g} s, half to {SLOW[0]}; the latency of {OTHER[0]}")
    medians = []
    for name, fault in (("all well", None), (f"{SLOW[0]} hangs", "slow"), ("all well again", None)):
        latencies: list[float] = []
        outcomes: Counter[str] = Counter()
        await bare.fault(SLOW[0], fault)
        async with ExchangeClient(configuration) as client:
            await at_a_rate(client, seconds, latencies, outcomes)
        print(row(name, latencies), dict(outcomes))
        medians.append(statistics.median(latencies))
    print(f"  ratio of the medians, hanging to well: {medians[1] / statistics.fmean((medians[0], medians[2])):.2f}\n")
    await bare.close()


async def down_and_back(configuration: ExchangeConfiguration) -> None:
    limits = Limits(open_seconds=2.0)
    agencies = tuple(agency.model_copy(update={"limits": limits}) for agency in configuration.agencies)
    bare, start, events = Bare(configuration), time.perf_counter(), []
    seconds: dict[int, Counter[str]] = {}

    def outage(agency: str, is_out: bool) -> None:
        events.append(f"{time.perf_counter() - start:.2f} s: {agency} {'left alone' if is_out else 'answers again'}")

    async with ExchangeClient(configuration.model_copy(update={"agencies": agencies}), outage=outage) as client:
        for place in range(RATE * 10 // 2):
            await asyncio.sleep(max(0.0, start + place * 2 / RATE - time.perf_counter()))
            if place in (RATE, RATE * 3):
                await bare.fault(SLOW[0], "agency-down" if place == RATE else None)
            try:
                await client.status(*SLOW)
                outcome = "answered"
            except StatusError as error:
                outcome = "turned away at once" if not error.request_id else "asked, down"
            seconds.setdefault(int(time.perf_counter() - start), Counter())[outcome] += 1
    await bare.close()
    print(f"3. {RATE // 2} questions a second; down from 2 s to 6 s; left alone after 5 failures, for 2 s at a time")
    for second, outcomes in sorted(seconds.items()):
        print(f"  {second:2} s  {dict(outcomes)}")
    print("  " + "; ".join(events))


async def main(options: argparse.Namespace) -> None:
    with simulator() as configuration:
        await overhead(configuration, options.questions)
        await beside_a_slow_agency(configuration, options.seconds)
        await down_and_back(configuration)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0)
    asyncio.run(main(parser.parse_args()))
