"""The gateway's side: what a citizen's message means for a request, decided when its row is closed.

The transaction that closes the row holds the contact, as does whoever takes or ends a conversation: so what is decided
here is true when it is committed. `decide` only reads; `play` changes and gives what the gateway says instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection

from channels.contract import Channel, PushChannel
from channels.handover import desk, records, says, speaking
from channels.handover.records import Asking, Handover
from channels.handover.tables import Reason, State
from channels.handover.words import is_cancel, is_stop
from channels.tables import Outcome
from storage import utc_now

HUMAN, OUT_OF_SCOPE = "human", "out_of_scope"


class Turn(Enum):
    """What a message does. Those of the first three rows leave the assistant's answer as it is."""

    NONE = "none"  # nothing: no request, or its answer goes out beside it
    STOP = "stop"  # the assistant (or the channel) understood a stop: the request ends with it
    OWN = "own"  # what the gateway says by itself, also to who talks to a person (too long, no text)

    ASK = "ask"  # the first wish for a person
    AGAIN = "again"  # the same wish, while in the queue
    NOTED = "noted"  # in the queue, and nothing Dalil can answer
    CANCEL = "cancel"  # "إلغاء" alone
    HEARD = "heard"  # to the person, in silence
    LEAVE = "leave"  # a stop, said to the person
    BACK = "back"  # meant for a person who has left meanwhile: the assistant is asked after all


@dataclass(frozen=True)
class Message:
    """A message whose row is to be closed, and what came of it. `wish`: as Result.opted_out."""

    conversation: str
    channel: str
    inbox_id: int
    text: str
    outcome: Outcome
    kind: str | None
    service: str | None
    wish: bool | None


@dataclass(frozen=True)
class Move:
    """What a message does to the open request; `unsaid`: staff have said something that no gateway has said yet."""

    turn: Turn
    handover: Handover | None
    unsaid: bool

    @property
    def heard(self) -> bool:
        """Whether a person was spoken to: the assistant's answer, if there is one, is not given."""
        return self.turn in (Turn.HEARD, Turn.LEAVE)


def decide(connection: Connection, message: Message) -> Move:
    """What the message does; after the contact was locked."""
    mine, unsaid = records.situation(connection, message.conversation)
    if mine is not None:
        return Move(_held(message) if mine.state is State.HELD else _queued(message), mine, unsaid)
    if message.outcome is Outcome.HANDOVER:
        return Move(Turn.BACK, None, unsaid)
    asks = message.outcome is Outcome.ANSWERED and message.kind == HUMAN and desk.desk(connection).on
    return Move(Turn.ASK if asks else Turn.NONE, None, unsaid)


def _held(message: Message) -> Turn:
    if is_cancel(message.text):
        return Turn.CANCEL
    if is_stop(message.text):
        return Turn.LEAVE
    if message.outcome in (Outcome.EMPTY, Outcome.TOO_LONG):
        return Turn.OWN
    return Turn.HEARD


def _queued(message: Message) -> Turn:
    if message.outcome is Outcome.HANDOVER:
        return Turn.BACK
    if is_cancel(message.text):
        return Turn.CANCEL
    if message.wish:
        return Turn.STOP
    if message.outcome is not Outcome.ANSWERED:
        return Turn.NONE
    return {HUMAN: Turn.AGAIN, OUT_OF_SCOPE: Turn.NOTED}.get(message.kind or "", Turn.NONE)


def play(connection: Connection, move: Move, message: Message, channel: Channel) -> str | None:
    """Do it; gives what the gateway says instead of the assistant's answer: None leaves that, "" is silence.

    What staff have said before is said first. Not for BACK, whose row is not closed.
    """
    turn, mine, pushed = move.turn, move.handover, isinstance(channel, PushChannel)
    if move.unsaid and turn not in (Turn.STOP, Turn.LEAVE):
        speaking.speak(connection, message.conversation, channel)
    if turn is Turn.ASK:
        about = Asking(message.conversation, message.channel, message.inbox_id, message.service)
        return _ask(connection, about, pushed=pushed)
    if mine is None:
        return None
    if turn in (Turn.CANCEL, Turn.LEAVE, Turn.STOP):
        return _end(connection, turn, mine)
    records.change(connection, mine, last_citizen_at=utc_now())
    if turn is Turn.AGAIN:
        return _place(connection, mine, pushed=pushed)
    return {Turn.NOTED: says.NOTED, Turn.HEARD: ""}.get(turn)


def stop(connection: Connection, conversation: str) -> None:
    """The channel itself was told to stop: the request ends. The contact is locked."""
    if (mine := records.open_of(connection, conversation)) is not None:
        _end(connection, Turn.STOP, mine)


def _ask(connection: Connection, asking: Asking, *, pushed: bool) -> str:
    now = utc_now()
    opened = desk.hours(connection).open_at(now)
    mine = records.begin(connection, asking, State.WAITING if opened else State.LEFT, now)
    return _place(connection, mine, pushed=pushed)


def _place(connection: Connection, mine: Handover, *, pushed: bool) -> str:
    """Where the request stands, honestly."""
    now = utc_now()
    timetable = desk.hours(connection)
    if not timetable.open_at(now):
        return says.left(timetable, now, pushed=pushed)
    return says.queued(records.before(connection, mine), anybody=desk.at_desk(connection, now), pushed=pushed)


def _end(connection: Connection, turn: Turn, mine: Handover) -> str | None:
    reason = Reason.CANCELLED if turn is Turn.CANCEL else Reason.OPTED_OUT
    records.end(connection, mine, State.CLOSED, reason)
    if turn is not Turn.CANCEL:
        speaking.drop(connection, mine.conversation)
    if turn is Turn.STOP:
        return None
    if turn is Turn.LEAVE:
        return says.STOPPED
    return says.ENDED_BY_CITIZEN if mine.state is State.HELD else says.CANCELLED
