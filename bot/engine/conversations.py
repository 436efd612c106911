"""Where a conversation stands, kept between messages.

Rasa's SQLTrackerStore writes every event of a message as a row of its own and reads them all back. What Dalil's rules
need is small: the slots and the active form. One row a conversation holds that, with the last reply for a retry of
the same message. No text of the citizen is kept, and the id is an HMAC: no number, no name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import JSON, Executable, String, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, Transactions, UtcDateTime, utc_now


class Conversation(Base):
    """One conversation. state: `{"slots": {...}, "loop": name or None}`."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    last_message: Mapped[str | None] = mapped_column(String(200))
    last_reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True)
class Standing:
    """What a conversation left behind: its tracker, and the last message's id and reply."""

    tracker: DialogueStateTracker
    last_message: str | None = None
    last_reply: dict[str, Any] | None = None


# Built once: making a statement costs more than running it.
_FIND = select(Conversation.state, Conversation.last_message, Conversation.last_reply).where(
    Conversation.id == bindparam("conversation")
)


def _upsert(insert: Any) -> Executable:
    kept = {name: insert.excluded[name] for name in ("state", "last_message", "last_reply", "updated_at")}
    statement: Executable = insert.on_conflict_do_update(index_elements=["id"], set_=kept)
    return statement


_KEEP = {
    "sqlite": _upsert(sqlite.insert(Conversation)),
    "postgresql": _upsert(postgresql.insert(Conversation)),
}


class ConversationStore(TrackerStore):
    """Rasa's tracker store on our database."""

    def __init__(
        self, domain: Domain | None = None, event_broker: EventBroker | None = None, *, database: Transactions
    ) -> None:
        super().__init__(domain, event_broker)
        self._database = database

    async def load(self, conversation: str, domain: Domain) -> Standing:
        """The conversation as it stands, listening; a new one if it is not known."""
        return await self._find(conversation, domain) or Standing(_tracker(conversation, {}, domain))

    async def _find(self, conversation: str, domain: Domain) -> Standing | None:
        row = await self._database.read(
            lambda connection: connection.execute(_FIND, {"conversation": conversation}).one_or_none()
        )
        return Standing(_tracker(conversation, row.state, domain), row.last_message, row.last_reply) if row else None

    async def keep(
        self, tracker: DialogueStateTracker, message: str | None = None, reply: dict[str, Any] | None = None
    ) -> None:
        """Write where the conversation stands now, in one statement."""
        values = {
            "id": tracker.sender_id,
            "state": {
                "slots": {name: value for name, value in tracker.current_slot_values().items() if value is not None},
                "loop": tracker.active_loop_name,
            },
            "last_message": message,
            "last_reply": reply,
            "updated_at": utc_now(),
        }
        await self._database.write(lambda connection: connection.execute(_KEEP[connection.dialect.name], values))

    async def forget(self, conversation: str) -> None:
        """Delete one conversation."""
        await self._run(delete(Conversation).where(Conversation.id == conversation))

    async def expire(self, days: int) -> None:
        """Delete conversations that nobody continued for `days`."""
        await self._run(delete(Conversation).where(Conversation.updated_at < utc_now() - timedelta(days)))

    async def _run(self, statement: Executable) -> None:
        await self._database.write(lambda connection: connection.execute(statement))

    # Rasa's own interface, for code that works with any tracker store.

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep a tracker."""
        await self.keep(tracker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of a known conversation."""
        standing = await self._find(sender_id, self.domain)
        return standing.tracker if standing else None

    async def keys(self) -> Iterable[str]:
        """Ids of all conversations."""
        return await self._database.read(lambda connection: list(connection.scalars(select(Conversation.id))))


def _tracker(conversation: str, state: dict[str, Any], domain: Domain) -> DialogueStateTracker:
    tracker = DialogueStateTracker(conversation, domain.slots)
    for name, value in state.get("slots", {}).items():
        # A slot of an earlier model that this one does not have is left behind.
        if name in tracker.slots:
            tracker.update(SlotSet(name, value), domain)
    if state.get("loop") in domain.form_names:
        tracker.update(ActiveLoop(state["loop"]), domain)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME), domain)
    return tracker
