"""Kills the gateway, the assistant and the database at random moments under load, and counts: `benchmarks/kill.py`.

The real processes run (gateway, two workers of the assistant, one database) and are ended with SIGKILL; a PostgreSQL of
its own (--postgresql) is restarted as after a power cut. The SMS operator answers some submissions too late, closes the
connection after others, refuses some for now, and sends its receipts in any order and some twice. Citizens send
thousands of messages over the web page's API and over the SMS provider's callback, repeating each until it is
acknowledged, and some of them once more. What they are shown is observed outside of the processes that die: by the SMS
operator, which is in this one, and by each browser's reading of its own conversation in the end.

    accepted   acknowledged by the gateway: from then on the message is its responsibility
    once       answered exactly once          lost   never answered          twice   answered again
    unknown    on a provider that does not recognise a repeated submission (--not-idempotent, --kannel): the gateway
               died while it was submitting, so it cannot know whether the message went out, and rather loses it

With --kannel, a real Kannel and an operator's SMPP take the simulated operator's place; bearerbox is killed as well.
A message is then accepted once bearerbox has acknowledged it to the operator; "in order" means that replies were handed
over to bearerbox in the order in which their messages came from it. One that is killed sends what it had in any order,
and may send twice what it had just sent: that is counted apart.

Ends with 1 when a message is lost, a reply is given twice, to nobody, or out of order.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import load
from kill_citizens import Citizen, Log, WebCitizen
from kill_database import PrivatePostgres
from kill_kannel import MOST_LETTERS
from kill_operator import Operator
from kill_system import System
from kill_telephones import Simulated, Telephones, simulated, through_kannel
from processes import BenchmarkError
from stock_project import ROOT
from verdict import Verdict, judge

from channels.sms.outbound.render import pages

COLUMNS = (
    "accepted",
    "once",
    "lost",
    "twice",
    "unknown",
    "strangers",
    "disordered",
    "apologies",
    "not heard at once",
    "delivered again",
)
MOST_EACH = 6
EARLY = 0.2
POWER_CUTS = 0.1
DRAIN_SECONDS = 180.0


MEANS = {
    "delivered": "every part has its receipt",
    "accepted": "the operator has every part, a receipt is still to come",
    "unknown": "the gateway died, or heard nothing, while a part was submitted that may not be submitted again",
    "failed": "refused for good",
    "expired": "not sent within its validity",
    "held": "waits for the citizen's 0",
    "dropped": "its citizen went on before asking for it",
}
# "And how much" asks of what was spoken of before.
_BEFORE = "كم رسوم الجواز؟"
# What the assistant answers with one message, whatever was said before.
PLAIN = frozenset({"requirements", "fees", "steps", "duration", "location", "hours", "eligibility", "overview", "faq"})


@dataclass
class Evidence:
    """What was seen from outside, by channel."""

    web: Log = field(default_factory=Log)
    sms: Log = field(default_factory=Log)
    browsers: dict[str, WebCitizen] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def accepted(self) -> int:
        """How many messages were accepted so far."""
        logs = (self.web, self.sms)
        return sum(len(messages) for log in logs for messages in log.accepted.values())


def main() -> int:
    """Run and judge; 1 when the promise was broken, 2 when that could not be found out."""
    options = _options()
    try:
        with tempfile.TemporaryDirectory(prefix="dalil-kill-") as folder:
            kept = asyncio.run(_run(Path(folder), options))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if kept else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=4000, help="how many to send (default 4000)")
    parser.add_argument("--citizens", type=int, default=32, help="how many talk at once (default 32)")
    parser.add_argument(
        "--every", type=float, default=1.0, help="seconds at work before a kill, on average (default 1)"
    )
    parser.add_argument("--seed", type=int, default=1447, help="of everything that is random")
    parser.add_argument("--kannel", action="store_true", help="a real Kannel before the SMS operator, killed as well")
    parser.add_argument("--not-idempotent", action="store_true", help="a provider that sends again what it got again")
    parser.add_argument("--postgresql", action="store_true", help="a PostgreSQL of its own, which is restarted too")
    parser.add_argument("--database-url", help="default: a SQLite file; a PostgreSQL database must be empty")
    return parser.parse_args()


async def _run(folder: Path, options: argparse.Namespace) -> bool:
    evidence = Evidence()
    async with AsyncExitStack() as closing:
        chance = random.Random(options.seed)
        operator = None if options.kannel else Operator(idempotent=not options.not_idempotent, chance=chance)
        address = await simulated(operator, closing) if operator else None
        database = _database(folder, options, closing)
        url = database.url if database else options.database_url
        system = System(folder, address, url, idempotent=not options.not_idempotent)
        closing.callback(system.stop)
        session = await closing.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=30),
            )
        )
        system.prepare()
        phones = Simulated(operator, system) if operator else await through_kannel(folder, system, closing)
        system.start()
        await system.ready(session, system.names)
        await phones.ready()
        texts = await _plain_questions(system, session, short=options.kannel)
        print(f"{options.messages} messages, {options.citizens} citizens at once, seed {options.seed}", flush=True)
        citizens = _citizens(system, phones, session, texts, options, evidence)
        killing = _kill(system, phones, database, session, options, evidence)
        await _first_of(_talk_all(citizens, options.citizens), killing, system.supervise())
        system.start()
        await _first_of(_drain(system), system.supervise())
        await asyncio.wait_for(phones.settle(), 2 * DRAIN_SECONDS)
        return await _judge(system, phones, evidence)


def _database(folder: Path, options: argparse.Namespace, closing: AsyncExitStack) -> PrivatePostgres | None:
    if not options.postgresql:
        return None
    database = PrivatePostgres(folder / "postgresql")
    closing.callback(database.stop)
    database.start()
    return database


async def _answer(
    system: System, session: aiohttp.ClientSession, conversation: str, channel: str, text: str
) -> str | None:
    """The answer; None when it is not plain, or has more messages than one."""
    id = f"{conversation}-{len(text)}"
    body = {"id": id, "conversation": conversation, "channel": channel, "text": text, "choice": None}
    reply = await system.ask(session, body)
    messages = reply["messages"]
    return str(messages[0]["text"]) if reply["kind"] in PLAIN and len(messages) == 1 else None


async def _plain_questions(system: System, session: aiohttp.ClientSession, *, short: bool) -> list[str]:
    """Held-out sentences that get one message for an answer, alone and after another question, so that a second one is
    one too many.

    short: of one SMS each, with answers that are told apart by what they say and are sent without being asked for more.
    """
    sentences = sorted({text for told in load.conversations(ROOT / "tests" / "nlu") for text in told})
    plain: dict[str, str] = {}
    for place, text in enumerate(sentences[:: max(1, len(sentences) // 300)]):
        channel = "sms" if short else "web"
        alone = await _answer(system, session, f"alone-{place}", channel, text)
        await _answer(system, session, f"after-{place}", channel, _BEFORE)
        if alone is None or await _answer(system, session, f"after-{place}", channel, text) is None:
            continue
        if not short or (len(text) <= MOST_LETTERS and len(pages(alone)) == 1):
            plain[alone if short else text] = text
    if len(plain) < MOST_EACH:
        raise BenchmarkError("too few sentences get a plain answer")
    return list(plain.values())


def _citizens(
    system: System,
    phones: Telephones,
    session: aiohttp.ClientSession,
    texts: Sequence[str],
    options: argparse.Namespace,
    evidence: Evidence,
) -> Iterator[tuple[Citizen, Sequence[str]]]:
    """Citizens and what they will say, until all messages are given out."""
    chance, left = random.Random(options.seed), options.messages
    for place in itertools.count():
        if left <= 0:
            return
        said = chance.sample(texts, min(left, chance.randint(1, MOST_EACH)))
        left -= len(said)
        own = random.Random(chance.random())
        if chance.random() < 0.5:
            name = f"web-{place:06d}"
            browser = WebCitizen(system.gateway, name, session, evidence.web, own)
            evidence.browsers[name] = browser
            yield browser, said
        else:
            number = f"+9677{chance.choice('01378')}{place:07d}"
            yield phones.citizen(number, session, evidence.sms, own), said


async def _first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Run all until one ends or fails, then cut the others off."""
    tasks = [asyncio.create_task(work) for work in works]
    ended, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    for task in ended:
        task.result()


async def _talk_all(citizens: Iterator[tuple[Citizen, Sequence[str]]], at_once: int) -> None:
    await asyncio.gather(*(_talk(citizens) for _ in range(at_once)))


async def _talk(citizens: Iterator[tuple[Citizen, Sequence[str]]]) -> None:
    for citizen, texts in citizens:
        for text in texts:
            await citizen.say(text)


async def _kill(
    system: System,
    phones: Telephones,
    database: PrivatePostgres | None,
    session: aiohttp.ClientSession,
    options: argparse.Namespace,
    evidence: Evidence,
) -> None:
    """Kill and start again, for ever.

    Most kills of the gateway meet it at work, and most of an assistant leave the other one at work; some meet one that
    is only starting, or the last one.
    """
    chance = random.Random(options.seed)
    while True:
        if database is not None and chance.random() < POWER_CUTS:
            await asyncio.to_thread(database.restart)
            evidence.kills["database"] += 1
            print(f"  restarted the database; {evidence.accepted} accepted", flush=True)
        name = _victim(system, phones, chance)
        if chance.random() > EARLY:
            await _ready(name, system, phones, session)
        await asyncio.sleep(chance.uniform(0.0, 2 * options.every))
        side = phones if name in phones.names else system
        side.kill(name)
        side.start()
        evidence.kills[name] += 1
        print(f"  killed {name}; {evidence.accepted} accepted", flush=True)


def _victim(system: System, phones: Telephones, chance: random.Random) -> str:
    """The gateway half of the time; of the other half Kannel, where it runs, two thirds."""
    if chance.random() < 0.5:
        return system.names[0]
    if phones.names and chance.random() < 2 / 3:
        return chance.choice(phones.names)
    return chance.choice(system.names[1:])


async def _ready(name: str, system: System, phones: Telephones, session: aiohttp.ClientSession) -> None:
    if name in phones.names:
        await phones.ready()
    else:
        await system.ready(session, system.names[:1] if name == system.names[0] else system.names[1:])


async def _drain(system: System) -> None:
    """Wait until everything is answered, or nothing has changed for a long time (then it is lost)."""
    print("all sent; waiting for what is not answered yet …", flush=True)
    left, since = system.unfinished(), time.monotonic()
    while left and time.monotonic() - since < DRAIN_SECONDS:
        await asyncio.sleep(0.5)
        now = system.unfinished()
        if now != left:
            left, since = now, time.monotonic()


async def _judge(system: System, phones: Telephones, evidence: Evidence) -> bool:
    uncertain, sms = system.uncertain(), phones.shown(evidence.sms)
    browsers = {name: await browser.shown() for name, browser in evidence.browsers.items()}
    verdicts = {
        "web": judge(evidence.web.accepted, browsers, uncertain),
        "sms": judge(sms.accepted, sms.handsets, sms.uncertain),
    }
    killed = ", ".join(f"{name} {times}" for name, times in sorted(evidence.kills.items()))
    print(f"\nstarted again after it met no database: {system.restarted}")
    print(f"killed: {killed}", *sms.told, sep="\n")
    print(f"{'':18}{'web':>8}{'sms':>8}")
    for column in COLUMNS:
        print(
            f"{column:18}"
            + "".join(f"{_count(column, name, verdicts[name], system, evidence):>8}" for name in verdicts)
        )
    states = system.sms_states()
    for state, count in sorted(states.items()):
        print(f"replies by SMS, {state}: {count} ({MEANS.get(state, 'not explained')})")
    for name, verdict in verdicts.items():
        for what in ("lost", "twice", "strangers", "disordered"):
            if ids := getattr(verdict, what):
                print(f"{name} {what}: {', '.join(ids[:10])}")
    return all(verdict.kept for verdict in verdicts.values()) and not states.keys() - MEANS.keys()


def _count(column: str, channel: str, verdict: Verdict, system: System, evidence: Evidence) -> int:
    log: Log = getattr(evidence, channel)
    match column:
        case "apologies":
            return system.apologies(channel)
        case "not heard at once":
            return log.failed_requests
        case "delivered again":
            return log.delivered_again
        case "accepted" | "once":
            return int(getattr(verdict, column))
        case _:
            return len(getattr(verdict, column))


if __name__ == "__main__":
    sys.exit(main())
