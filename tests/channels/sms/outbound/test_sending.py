"""A message's parts on their way: what is submitted, what is written down, and what never goes out twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.contract import Accepted, Rejected, Retry, SendError, Unknown
from channels.sms.addresses import Addresses
from channels.sms.outbound.budget import Budget
from channels.sms.outbound.ledger import Ledger
from channels.sms.outbound.sending import Sender
from channels.sms.providers.base import Joint
from channels.sms.routing.route import Route
from channels.sms.routing.router import Router
from storage import utc_now
from tests.channels.sms.conftest import CITIZEN, PUBLIC, SECRET, ScriptedProvider, provider_settings

THREE = "س" * 140


def make_sender(database: Any, *providers: tuple[ScriptedProvider, dict[str, Any]], budget: float = 0.0) -> Sender:
    names = [changes.get("name", "simulator") for _, changes in providers]
    routes = [Route(provider_settings(**changes), provider) for provider, changes in providers]
    addresses = {name: Addresses(SECRET, name, PUBLIC) for name in names}
    return Sender(Router(routes), Ledger(database), Budget(database, budget), addresses)


@pytest.fixture
def careless() -> ScriptedProvider:
    """A provider that does not recognise a repeated submission, like Kannel."""
    return ScriptedProvider(provider_settings(idempotent=False))


async def test_each_part_is_submitted_with_its_place(database, provider, say, parts, messages) -> None:
    message = await say(THREE)
    outcome = await make_sender(database, (provider, {})).send(message)
    assert outcome == Accepted("mt-1", parts=3, cost=25.5)
    reference = message.sequence % 256
    assert [(part.id, len(part.text), part.joint) for part in provider.submissions] == [
        (f"{message.id}-{number}", length, Joint(reference, 3, number)) for number, length in ((1, 67), (2, 67), (3, 6))
    ]
    first = provider.submissions[0]
    assert (first.to, first.sender) == (CITIZEN, "777000000")
    assert first.receipt_url.startswith(f"{PUBLIC}/sms/simulator/") and f"m={message.id}-1&" in first.receipt_url
    assert [(row.state, row.provider_id, row.cost) for row in await parts()] == [
        ("accepted", f"mt-{number}", 8.5) for number in (1, 2, 3)
    ]
    assert [row.state for row in await messages()] == ["accepted"]


async def test_no_telephone_joins_a_part_to_the_next_message(database, provider, say) -> None:
    """Nor does a later attempt at the same message change what its parts are joined by."""
    provider.outcomes = [Accepted("mt-1"), Retry(SendError.UNAVAILABLE)]
    message = await say(THREE)
    await make_sender(database, (provider, {})).send(message)
    await make_sender(database, (provider, {})).send(replace(message, attempt=2))
    await make_sender(database, (provider, {})).send(await say(THREE))
    references = [part.joint.reference for part in provider.submissions]
    assert [references.count(one) for one in dict.fromkeys(references)] == [4, 3]


async def test_a_provider_that_cuts_by_itself_is_given_the_whole(database, say, parts) -> None:
    provider = ScriptedProvider(whole=True)
    message = await say(THREE)
    assert await make_sender(database, (provider, {})).send(message) == Accepted("mt-1", parts=3, cost=25.5)
    [submission] = provider.submissions
    assert (submission.id, submission.text, submission.joint) == (message.id, THREE, None)
    assert [(row.number, row.state, row.provider_id) for row in await parts()] == [
        (number, "accepted", "mt-1") for number in (1, 2, 3)
    ]


async def test_a_retry_goes_on_with_the_part_that_did_not_go(database, careless, say, again, parts) -> None:
    sender = make_sender(database, (careless, {}))
    careless.outcomes = [Accepted("a"), Retry(SendError.THROTTLED, 0.0)]
    assert await sender.send(await say(THREE)) == Retry(SendError.THROTTLED, 0.0)
    assert [row.state for row in await parts()] == ["accepted", "queued", "queued"]
    sender._router.routes["simulator"].health._paused_until = 0.0
    outcome = await sender.send(await again())
    assert outcome == Accepted("mt-3", parts=3, cost=25.5)
    assert [submission.joint.number for submission in careless.submissions] == [1, 2, 2, 3]
    assert [row.state for row in await parts()] == ["accepted"] * 3


DIED = [
    # idempotent, what the provider is given again, and the states of the parts after the next attempt
    (False, [1, 2, 3], ["accepted", "unknown", "accepted"], "unknown"),
    (True, [1, 2, 2, 3], ["accepted", "accepted", "accepted"], "accepted"),
]


@pytest.mark.parametrize(("idempotent", "submitted", "states", "end"), DIED)
async def test_a_process_that_dies_leaves_one_part_uncertain(
    database, say, again, parts, messages, idempotent, submitted, states, end
) -> None:
    provider = ScriptedProvider(provider_settings(idempotent=idempotent))
    provider.outcomes = [Accepted("a"), asyncio.CancelledError()]
    sender = make_sender(database, (provider, {}))
    with pytest.raises(asyncio.CancelledError):
        await sender.send(await say(THREE))
    assert [row.state for row in await parts()] == ["accepted", "sending", "queued"]
    await sender.send(await again())
    assert [submission.joint.number for submission in provider.submissions] == submitted
    assert [row.state for row in await parts()] == states
    assert [row.state for row in await messages()] == [end]


async def test_an_unknown_outcome_is_not_repeated_but_the_other_parts_go(
    database, careless, say, parts, messages
) -> None:
    careless.outcomes = [Unknown(SendError.UNAVAILABLE, "timeout")]
    await make_sender(database, (careless, {})).send(await say(THREE))
    assert [submission.joint.number for submission in careless.submissions] == [1, 2, 3]
    first, *others = await parts()
    assert (first.state, first.error, first.code, first.cost) == ("unknown", "unavailable", "timeout", 8.5)
    assert [row.state for row in others] == ["accepted", "accepted"]
    [message] = await messages()
    assert (message.state, message.error, message.code) == ("unknown", "unavailable", "timeout")


async def test_an_idempotent_provider_is_asked_again_and_no_other(database, say, again, parts) -> None:
    first, second = ScriptedProvider(), ScriptedProvider()
    first.outcomes = [Unknown(SendError.UNAVAILABLE)]
    sender = make_sender(database, (first, {"name": "first"}), (second, {"name": "second", "weight": 0}))
    assert await sender.send(await say("نص")) == Retry(SendError.UNAVAILABLE)
    assert [(row.state, row.provider) for row in await parts()] == [("sending", "first")]
    assert isinstance(await sender.send(await again()), Accepted)
    assert len(first.submissions) == 2 and second.submissions == []


@pytest.mark.parametrize("error", [SendError.UNAVAILABLE, SendError.THROTTLED, SendError.NOT_CONFIGURED])
async def test_another_provider_takes_over_at_once(database, say, parts, error) -> None:
    first, second = ScriptedProvider(), ScriptedProvider()
    first.outcomes = [Retry(error)]
    sender = make_sender(database, (first, {"name": "first"}), (second, {"name": "second", "weight": 0}))
    assert isinstance(await sender.send(await say(THREE)), Accepted)
    assert (len(first.submissions), len(second.submissions)) == (1, 3)
    assert {row.provider for row in await parts()} == {"second"}


async def test_parts_of_one_message_never_go_two_ways(database, say, again, parts) -> None:
    first, second = ScriptedProvider(), ScriptedProvider()
    first.outcomes = [Accepted("a"), Retry(SendError.UNAVAILABLE)]
    sender = make_sender(database, (first, {"name": "first"}), (second, {"name": "second", "weight": 0}))
    assert await sender.send(await say(THREE)) == Retry(SendError.UNAVAILABLE)
    assert isinstance(await sender.send(await again()), Accepted)
    assert second.submissions == []
    assert {row.provider for row in await parts()} == {"first"}


async def test_a_refused_part_ends_the_message(database, provider, say, parts, messages) -> None:
    provider.outcomes = [Accepted("a"), Rejected(SendError.RECIPIENT_REJECTED, "0x0B")]
    assert await make_sender(database, (provider, {})).send(await say(THREE)) == Rejected(
        SendError.RECIPIENT_REJECTED, "0x0B"
    )
    assert [(row.state, row.code) for row in await parts()] == [
        ("accepted", None),
        ("failed", "0x0B"),
        ("failed", "0x0B"),
    ]
    [message] = await messages()
    assert (message.state, message.error, message.code) == ("failed", "recipient_rejected", "0x0B")


async def test_what_is_too_late_is_not_sent(database, provider, say, again, parts, messages) -> None:
    late = {"expires_at": utc_now() - timedelta(seconds=1)}
    sender = make_sender(database, (provider, {}))
    assert await sender.send(await say(THREE, **late)) == Retry(SendError.EXPIRED)
    assert provider.submissions == []
    provider.outcomes = [Accepted("a"), Retry(SendError.THROTTLED, 0.0)]
    await sender.send(await again())
    assert await sender.send(await again(**late, state="sending")) == Retry(SendError.EXPIRED)
    assert [(row.state, row.error) for row in await parts()] == [
        ("accepted", None),
        ("expired", "throttled"),
        ("expired", None),
    ]
    assert [row.state for row in await messages()] == ["expired"]


async def test_nothing_is_tried_while_every_provider_is_stopped(database, provider, say) -> None:
    sender = make_sender(database, (provider, {}))
    sender._router.routes["simulator"].stopped = "the operator repairs its link"
    outcome = await sender.send(await say("نص"))
    assert isinstance(outcome, Retry) and outcome.after is not None and outcome.after >= 1
    assert provider.submissions == []


BUDGETS = [
    # budget in riyals, whether nobody asked for the message, whether it goes after three parts at 8.5, and one after it
    (0.0, True, True, True),
    (26.0, False, True, False),
    (26.0, True, False, True),
    (25.5, False, False, False),
    (100.0, True, True, True),
]


@pytest.mark.parametrize(("riyals", "push", "goes", "next_goes"), BUDGETS)
async def test_the_daily_budget(database, provider, say, again, riyals, push, goes, next_goes, caplog) -> None:
    sender = make_sender(database, (provider, {}), budget=riyals)
    await sender.send(await say(THREE))
    outcome = await sender.send(await say("نص", push=push))
    assert isinstance(outcome, Accepted) is goes
    if not goes:
        assert isinstance(outcome, Retry) and outcome.error is SendError.BUDGET and 0 < outcome.after <= 3600
    alarms = [record for record in caplog.records if record.msg == "sms budget"]
    assert len(alarms) == (1 if riyals and riyals < 50 else 0)
    # Another gateway, or this one after a restart, knows what was spent.
    after = make_sender(database, (provider, {}), budget=riyals)
    assert isinstance(await after.send(await (say("نص") if goes else again())), Accepted) is next_goes


@pytest.mark.parametrize("text", ["السعر \ud83d", ""])
async def test_a_text_that_cannot_be_sent_is_not_sent_as_something_else(database, provider, say, text: str) -> None:
    message = await say("نص")
    outcome = await make_sender(database, (provider, {})).send(
        type(message)(message.id, message.address, {"text": text}, message.attempt)
    )
    assert outcome == Rejected(SendError.CONTENT_REJECTED)
    assert provider.submissions == []
