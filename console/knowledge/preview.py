"""What a citizen will see of an answer, channel by channel, with what an SMS costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels.sms.errors import TextUnsendable
from channels.sms.outbound.render import pages, reply_text
from channels.sms.outbound.segments import split
from console.knowledge.document import Answer
from integrations.faq import choose, source_line

CHANNELS = ("web", "telegram", "sms")


@dataclass(frozen=True)
class Preview:
    """One channel. texts: the messages one after another; parts, units and riyals are those of SMS, of the first.

    None of it where no answer holds today.
    """

    channel: str
    texts: Sequence[str]
    parts: int = 0
    units: int = 0
    cost: float = 0.0


def previews(answers: Iterable[Answer], jurisdiction: str, part_cost: float) -> list[Preview]:
    """Every channel, today; part_cost is in riyals."""
    responses = [_response(answer) for answer in answers]
    return [_preview(channel, responses, jurisdiction, part_cost) for channel in CHANNELS]


def _preview(channel: str, responses: Sequence[Mapping[str, Any]], jurisdiction: str, part_cost: float) -> Preview:
    try:
        chosen = choose(responses, jurisdiction, channel)
    except LookupError:
        return Preview(channel, ())
    if channel != "sms":
        published = chosen["metadata"]["published"]
        return Preview(channel, (f"{chosen['text']}{source_line(chosen, published)}",))
    try:
        texts = pages(reply_text([(chosen["text"], ())]))
        first = split(texts[0])
    except TextUnsendable:
        return Preview(channel, ())
    return Preview(channel, texts, len(first.parts), first.units, len(first.parts) * part_cost)


def _response(answer: Answer) -> dict[str, Any]:
    about = {"jurisdiction": answer.jurisdiction, "source": answer.source, "published": answer.published}
    until = {"valid_from": answer.valid_from, "valid_until": answer.valid_until}
    return {"text": answer.text, "channel": answer.channel, "metadata": about | until}
