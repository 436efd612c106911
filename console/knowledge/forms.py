"""The form of a topic as its page shows it: from the topic's file, or as it was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from console.access.routes import Visit
from console.knowledge.document import Answer
from console.knowledge.topics import MOST_ANSWERS, Topic


@dataclass(frozen=True)
class AnswerForm:
    """The fields of one answer, as text."""

    text: str = ""
    channel: str = ""
    source: str = ""
    url: str = ""
    published: str = ""
    grade: str = "B"
    jurisdiction: str = "BOTH"
    valid_from: str = ""
    valid_until: str = ""


@dataclass(frozen=True)
class TopicForm:
    """The fields of a topic, as text. name: "" for a new one whose editor has given none. seen: the version.
    asked: the message of the inbox that a new topic answers.
    """

    name: str
    title: str
    owner: str
    review: str
    examples: str
    answers: Sequence[AnswerForm]
    seen: str = ""
    asked: str = ""


def blank(examples: Sequence[str] = ()) -> TopicForm:
    """For a new topic; `examples` are sentences that it shall have."""
    return TopicForm("", "", "", "", "\n".join(examples), [AnswerForm(), AnswerForm(channel="sms")])


def of_topic(topic: Topic, seen: str) -> TopicForm:
    """As the file has it."""
    answers = [
        AnswerForm(**{field.name: _text(answer, field.name) for field in fields(Answer)}) for answer in topic.answers
    ]
    review = topic.review.isoformat() if topic.review else ""
    return TopicForm(topic.name, topic.title, topic.owner, review, "\n".join(topic.examples), answers, seen)


def _text(answer: Answer, name: str) -> str:
    value = getattr(answer, name)
    return "" if value is None else str(value)


def of_form(visit: Visit) -> TopicForm:
    """As it was typed."""
    names = [field.name for field in fields(AnswerForm)]
    rows = min(len(visit.lists.get("text", ())), MOST_ANSWERS)
    answers = [
        AnswerForm(**{name: visit.lists[name][place] for name in names if place < len(visit.lists.get(name, ()))})
        for place in range(rows)
    ]
    form = {name: visit.form.get(name, "") for name in ("title", "owner", "review", "examples", "seen", "asked")}
    name = visit.request.match_info.get("name") or visit.form.get("name", "")
    return TopicForm(name=name[:60], answers=answers, **form)
