"""Where a conversation stands is kept, and nothing of what the citizen said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Connection, create_engine, update

from bot.engine.conversations import Conversation, ConversationStore
from storage import Base, Transactions, utc_now

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    slots:
      service: {type: any, influence_conversation: false, mappings: [{type: custom}]}
      choices: {type: any, influence_conversation: false, mappings: [{type: custom}]}
    forms:
      status_form: {required_slots: []}
    """
)
REPLY = {"kind": "fees", "messages": [{"text": "الرسوم", "choices": []}]}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Transactions]:
    """An empty database, on SQLite and on PostgreSQL."""
    database = Transactions(database_url)
    yield database
    await database.close()


@pytest.fixture
def store(database: Transactions) -> ConversationStore:
    """The store on it."""
    return ConversationStore(DOMAIN, database=database)


def tracker(conversation: str = "a1", **slots: object) -> DialogueStateTracker:
    made = DialogueStateTracker(conversation, DOMAIN.slots)
    for name, value in slots.items():
        made.update(SlotSet(name, value), DOMAIN)
    return made


async def test_a_new_conversation_stands_at_the_beginning(store: ConversationStore) -> None:
    standing = await store.load("a1", DOMAIN)
    assert (standing.last_message, standing.last_reply) == (None, None)
    assert not any(standing.tracker.current_slot_values().values())
    assert standing.tracker.latest_action_name == "action_listen"


async def test_what_is_kept_comes_back(store: ConversationStore) -> None:
    offered = [{"id": "c1", "title": "البطاقة", "payload": '/fees{"service": "id-card"}'}]
    kept = tracker(service="id-card", choices=offered)
    kept.update(ActiveLoop("status_form"), DOMAIN)
    await store.keep(kept, "m-1", REPLY)
    standing = await store.load("a1", DOMAIN)
    assert standing.tracker.get_slot("service") == "id-card"
    assert standing.tracker.get_slot("choices") == offered
    assert standing.tracker.active_loop_name == "status_form"
    assert (standing.last_message, standing.last_reply) == ("m-1", REPLY)


async def test_keeping_again_replaces_what_was_there(store: ConversationStore) -> None:
    await store.keep(tracker(service="id-card"), "m-1", REPLY)
    await store.keep(tracker(), "m-2", None)
    standing = await store.load("a1", DOMAIN)
    assert standing.tracker.get_slot("service") is None
    assert (standing.last_message, standing.last_reply) == ("m-2", None)


async def test_conversations_do_not_meet(store: ConversationStore) -> None:
    await store.keep(tracker("a1", service="id-card"))
    await store.keep(tracker("b2", service="passport"))
    assert (await store.load("a1", DOMAIN)).tracker.get_slot("service") == "id-card"
    assert sorted(await store.keys()) == ["a1", "b2"]


async def test_forgetting_deletes_one_conversation(store: ConversationStore) -> None:
    await store.keep(tracker("a1", service="id-card"))
    await store.keep(tracker("b2", service="passport"))
    await store.forget("a1")
    await store.forget("never-seen")
    assert list(await store.keys()) == ["b2"]
    assert (await store.load("a1", DOMAIN)).tracker.get_slot("service") is None


async def test_what_nobody_continued_expires(store: ConversationStore, database: Transactions) -> None:
    for age in (0, 89, 91):
        await store.keep(tracker(f"days-{age}"))

        def grow_old(connection: Connection, age: int = age) -> None:
            older = update(Conversation).where(Conversation.id == f"days-{age}")
            connection.execute(older.values(updated_at=utc_now() - timedelta(age)))

        await database.write(grow_old)
    await store.expire(90)
    assert sorted(await store.keys()) == ["days-0", "days-89"]


async def test_slots_and_forms_of_an_older_model_are_left_behind(store: ConversationStore) -> None:
    kept = tracker(service="id-card", choices=[{"id": "c1"}])
    kept.update(ActiveLoop("status_form"), DOMAIN)
    await store.keep(kept)
    newer = Domain.from_yaml(
        'version: "3.1"\nslots:\n  service: {type: any, influence_conversation: false, mappings: [{type: custom}]}'
    )
    standing = await store.load("a1", newer)
    assert standing.tracker.get_slot("service") == "id-card"
    assert "choices" not in standing.tracker.slots
    assert standing.tracker.active_loop_name is None


async def test_rasas_own_interface_keeps_and_finds(store: ConversationStore) -> None:
    assert await store.retrieve("a1") is None
    await store.save(tracker(service="passport"))
    found = await store.retrieve("a1")
    assert found is not None
    assert found.get_slot("service") == "passport"


async def test_no_word_of_the_citizen_is_kept(store: ConversationStore, database: Transactions) -> None:
    said = tracker(service="id-card")
    said.update(UserUttered("اسمي زعفرانة ورقمي 771234567", {"name": "fees"}), DOMAIN)
    await store.keep(said, "m-1", REPLY)
    rows = await database.read(lambda connection: connection.execute(Conversation.__table__.select()).all())
    (row,) = rows
    assert "زعفرانة" not in repr(row)
    assert "771234567" not in repr(row)


def test_the_migration_makes_the_table_that_the_class_describes(database_url: str) -> None:
    def mine(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "table" or name == Conversation.__tablename__

    engine = create_engine(database_url)
    with engine.connect() as connection:
        options = {"include_object": mine, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []
    engine.dispose()
