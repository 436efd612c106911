"""What each channel will show of a notice, with what it costs on SMS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arabic import strip_marks
from channels.notices import limits
from channels.notices.limits import Kind
from channels.sms.outbound.render import PARTS_PER_REPLY, pages, reply_text
from channels.sms.outbound.segments import Encoding, split

SAMPLE = "هنا جواب دليل عن سؤال المواطن، وفيه عادة الرسوم أو الأوراق، ثم المصدر وتاريخه."


@dataclass(frozen=True)
class Preview:
    """One channel. `texts` are the messages one after another.

    Of SMS: parts and units of the first message, the units of the notice alone, and the riyals that it adds at most.
    """

    channel: str
    texts: Sequence[str]
    parts: int = 0
    units: int = 0
    own: int = 0
    cost: float = 0.0


def previews(text: str, kind: Kind, channels: Sequence[str], sample: str, part_cost: float) -> list[Preview]:
    """The chosen channels; part_cost is in riyals, `sample` stands for an answer."""
    said = limits.cleaned(text)
    if not strip_marks(said).strip():
        return []
    found = []
    for channel in channels:
        if channel == "sms":
            found.append(_sms(said, kind, sample, part_cost))
        else:
            below = [sample] if kind is Kind.BANNER and channel == "telegram" else []
            found.append(Preview(channel, [said, *below]))
    return found


def _sms(said: str, kind: Kind, sample: str, part_cost: float) -> Preview:
    is_banner = kind is Kind.BANNER
    messages = [(said, ()), (sample, ())] if is_banner else [(said, ())]
    texts = pages(reply_text(messages))
    first = split(texts[0])
    parts, own = len(first.parts), Encoding.UCS2.units(reply_text([(said, ())]))
    # An answer has one part at least, and no message more than three: the rest may be the banner's doing.
    most = PARTS_PER_REPLY - 1 if is_banner else parts
    return Preview("sms", texts, parts, first.units, own, most * part_cost)
