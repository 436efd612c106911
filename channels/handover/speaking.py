"""Lines of staff on their way into the outbox: in their order, each once, rendered by the citizen's channel."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, Connection, bindparam, literal_column, select, update

from channels import outbox
from channels.contract import BotMessage, Channel, PushChannel, Reply
from channels.handover.says import NOTICE, STAFF, marked
from channels.handover.tables import LineKind, LineRow
from storage import utc_now

_UNSAID: ColumnElement[bool] = literal_column("said_at IS NULL AND text IS NOT NULL")


def speak(connection: Connection, conversation: str, channel: Channel) -> int:
    """Put what is unsaid into the outbox; gives how many. The contact is locked, so that no other gateway does it."""
    lines = connection.execute(_LINES, {"of": conversation}).all()
    origin = outbox.Origin(conversation, channel.name, isinstance(channel, PushChannel))
    for line in lines:
        of_staff = line.kind == LineKind.REPLY
        says = marked(line.office or "", line.text) if of_staff else line.text
        reply = Reply(uuid.uuid4().hex, STAFF if of_staff else NOTICE, (BotMessage(says),))
        first, *_ = outbox.say(connection, origin, channel.render(reply))
        said = {"said_at": utc_now(), "message_id": first}
        connection.execute(update(LineRow).where(LineRow.id == line.id).values(**said))
    return len(lines)


def drop(connection: Connection, conversation: str) -> None:
    """What is unsaid never will be: the citizen wants to hear no more."""
    mine = update(LineRow).where(LineRow.conversation == conversation, _UNSAID)
    connection.execute(mine.values(said_at=utc_now()))


_LINES = (
    select(LineRow.id, LineRow.kind, LineRow.office, LineRow.text)
    .where(LineRow.conversation == bindparam("of"), _UNSAID)
    .order_by(LineRow.id)
)
