"""Channels that are stopped, for every gateway that shares the database; within two seconds.

A stopped channel goes on to receive: messages are kept, and answered in their order when it is resumed. On Telegram
and SMS each citizen who writes is told so once, in the words of `said`; the web page shows them and takes nothing.
Nothing else goes out, neither replies nor news: it waits in the outbox, and expires there as ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy import text as sql

from channels.notices import limits
from channels.notices.limits import CHANNELS, LONGEST_NAME, Fault, Kind, What
from channels.notices.tables import ChannelSwitchRow
from storage import UtcDateTime, utc_now

SAID = {
    "web": "المحادثة على الموقع متوقفة مؤقتًا. حاول لاحقًا من فضلك.",
    "telegram": "دليل متوقف هنا مؤقتًا. وصلت رسالتك، وسنجيب عنها عندما تعود الخدمة.",
    "sms": "الخدمة متوقفة مؤقتا. وصلت رسالتك وسنجيبك عند عودتها.",
}
"""What citizens hear of a stop when nobody wrote anything better. The one of SMS is one part."""


@dataclass(frozen=True)
class Stop:
    """Who stopped a channel, when, why, and what citizens are told."""

    channel: str
    reason: str
    said: str
    by: str
    at: datetime


def faults(channel: str, reason: str, said: str = "") -> list[Fault]:
    """All that is wrong with a stop; empty when it can be made."""
    found = limits.of_reason(limits.line(reason))
    if channel not in CHANNELS:
        return [*found, Fault(What.NO_CHANNEL)]
    return found + limits.of_text(_words(channel, said), Kind.ANSWER, (channel,))


def stop(connection: Connection, channel: str, reason: str, by: str, said: str = "") -> Stop:
    """Stop a channel; of one that is stopped, reason and words are replaced, and nobody is told a second time.

    Args:
        said: what citizens are told; the words of SAID when it is empty.

    Raises:
        NoticeRefused: no reason, no such channel, or too long for it.
    """
    limits.refuse(faults(channel, reason, said))
    values = {"channel": channel, "reason": limits.line(reason), "said": _words(channel, said), "by": by[:LONGEST_NAME]}
    connection.execute(_STOP, values | {"now": utc_now()})
    return stopped(connection)[channel]


def resume(connection: Connection, channel: str) -> Stop | None:
    """Let a channel go on; what its stop was, None when there was none."""
    was = stopped(connection).get(channel)
    gone = connection.execute(delete(ChannelSwitchRow).where(ChannelSwitchRow.channel == channel)).rowcount
    return was if gone else None


def stopped(connection: Connection) -> dict[str, Stop]:
    """The channels that are stopped, by name."""
    rows = connection.execute(select(ChannelSwitchRow.__table__)).all()
    return {row.channel: Stop(row.channel, row.reason, row.said, row.stopped_by, row.stopped_at) for row in rows}


def _words(channel: str, said: str) -> str:
    return limits.cleaned(said) or SAID[channel]


_STOP = sql(
    "INSERT INTO channel_switches (channel, stopped_at, reason, said, stopped_by) "
    "VALUES (:channel, :now, :reason, :said, :by) ON CONFLICT (channel) DO UPDATE "
    "SET reason = excluded.reason, said = excluded.said, stopped_by = excluded.stopped_by"
).bindparams(bindparam("now", type_=UtcDateTime()))
