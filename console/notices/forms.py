"""The forms of notices: what was typed, the draft it makes, and what is wrong with it in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.notices.limits import CHANNELS, Fault, Kind, What
from channels.notices.publishing import Draft
from console.access.routes import Visit
from console.errors import Problem
from settings.quiet import YEMEN

KINDS = {Kind.BANNER: "إعلان مع الأجوبة", Kind.ANSWER: "رد مؤقت بدل الأجوبة"}
BAD_TIMES = "اكتب وقت البداية والنهاية كاملين."
_FAULTS: Mapping[What, str] = {
    What.NO_TEXT: "اكتب النص الذي يراه المواطن.",
    What.TOO_LONG: "النص {used} حرفًا، والحد {longest}.",
    What.TOO_MANY_PARTS: "النص على SMS {used} أجزاء، والحد {longest}. اختصره.",
    What.NO_CHANNEL: "اختر قناة واحدة على الأقل.",
    What.NO_REASON: "اكتب السبب. يبقى في سجل الأعمال، ولا يراه المواطن.",
    What.LONG_REASON: "السبب {used} حرفًا، والحد {longest}.",
    What.ENDS_FIRST: "النهاية ليست بعد البداية.",
    What.OVER: "وقت النهاية مضى.",
    What.TOO_MANY_DAYS: "المدة أطول من {longest} يومًا.",
}
_LONG_ON_SMS = "الإعلان على SMS {used} وحدة، والحد {longest}، حتى يبقى باقي الرسالة للجواب."
_USUAL = timedelta(days=1)


@dataclass(frozen=True)
class NoticeForm:
    """The fields as they were typed; times by Yemen's clock, as browsers give them."""

    text: str = ""
    kind: str = Kind.BANNER.value
    channels: tuple[str, ...] = CHANNELS
    starts: str = ""
    ends: str = ""
    reason: str = ""


def blank(now: datetime) -> NoticeForm:
    """A new form: until this time tomorrow."""
    return NoticeForm(ends=f"{(now + _USUAL).astimezone(YEMEN):%Y-%m-%dT%H:%M}")


def of_form(visit: Visit) -> NoticeForm:
    """What was typed."""
    form = visit.form
    chosen = tuple(name for name in CHANNELS if name in visit.lists.get("channel", ()))
    kind = form.get("kind", "")
    return NoticeForm(
        text=form.get("text", ""),
        kind=kind if kind in [one.value for one in Kind] else Kind.BANNER.value,
        channels=chosen,
        starts=form.get("starts", "").strip(),
        ends=form.get("ends", "").strip(),
        reason=form.get("reason", ""),
    )


def draft(form: NoticeForm, now: datetime) -> Draft:
    """The draft of a form; without a start it begins now.

    Raises:
        Problem: a time that is none.
    """
    starts = _time(form.starts) if form.starts else now
    return Draft(form.text, Kind(form.kind), form.channels, starts, _time(form.ends), form.reason)


def in_words(faults: Iterable[Fault]) -> list[Problem]:
    """What is wrong, to be shown beside the form."""
    return [Problem(400, _sentence(fault), used=fault.used, longest=fault.longest) for fault in faults]


def _sentence(fault: Fault) -> str:
    if fault.what is What.TOO_LONG and fault.channel == "sms":
        return _LONG_ON_SMS
    return _FAULTS[fault.what]


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=YEMEN)
    except ValueError:
        raise Problem(400, BAD_TIMES) from None
