"""A topic of the FAQ as its form has it, and as its file has it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from channels.text import clean
from console.errors import Problem
from console.knowledge.document import Answer, Document, new_topic
from console.knowledge.library import FAQ
from integrations.faq import title_of

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
CHANNELS = {"": "كل القنوات", "web": "صفحة الويب", "telegram": "تيليجرام", "sms": "رسائل SMS"}
SIDES = {"BOTH": "الجهتان", "SAN": "صنعاء", "ADE": "عدن"}
GRADES = {"A": "نص رسمي", "B": "موقع رسمي أو تصريح جهة", "C": "غير مؤكد"}
MOST_EXAMPLES, MOST_ANSWERS = 300, 12
LONGEST_TITLE, LONGEST_EXAMPLE, LONGEST_ANSWER = 120, 400, 3000
_PUBLISHED = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_URL = re.compile(r"https?://[^\s<>\"']{3,300}")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

NO_TITLE = "اكتب عنوان الموضوع."
NO_EXAMPLES = "اكتب سؤالًا واحدًا على الأقل كما يسأله الناس."
NO_ANSWER = "اكتب جوابًا واحدًا على الأقل."
NO_GENERAL = "لكل جهة تُجيبها لا بد من جواب عام لكل القنوات."
TOO_MANY = "الأمثلة أكثر من {most}. وزّعها على موضوعين."
TOO_LONG = "السطر أطول من {most} حرف: {line}"
ANSWER_TOO_LONG = "الجواب أطول من {most} حرف."
NO_SOURCE = "اكتب مصدر الجواب؛ المواطن يراه."
BAD_DATE = "التاريخ غير صحيح: {value}"
BAD_URL = "عنوان المصدر غير صحيح: {value}"
BACKWARDS = "الجواب ينتهي قبل أن يبدأ."
BAD_NAME = "المعرّف من حروف لاتينية صغيرة وأرقام وشرطات."


@dataclass(frozen=True)
class Topic:
    """A question with its wordings and answers. `name` is its file's; `owner` an authority's identifier or ""."""

    name: str
    title: str
    owner: str
    review: date | None
    examples: tuple[str, ...]
    answers: tuple[Answer, ...]

    @property
    def path(self) -> str:
        """Its file in the data folder."""
        return f"{FAQ}{self.name}.yml"

    @property
    def intent(self) -> str:
        """What its sentences are taught as."""
        return f"faq/{self.name}"


def topic_of(name: str, text: str) -> Topic:
    """The topic in a file."""
    document = Document(text)
    about, sections = document.metadata(), document.sections
    examples = sections[0].examples if sections else ()
    owner, review = str(about.get("owner") or ""), _date_or_none(str(about.get("review") or ""))
    return Topic(name, title_of(text), owner, review, examples, tuple(document.answers))


def written(topic: Topic, before: str) -> str:
    """The topic's file: `before` with what is different; without a file before, a new one."""
    document = Document(before) if before else new_topic(topic.intent, topic.title)
    document.set_examples(0, topic.examples)
    kept = {name: value for name, value in document.metadata().items() if name not in ("owner", "review")}
    document.set_metadata({"owner": topic.owner, "review": topic.review, **kept})
    document.set_answers(topic.answers)
    return _titled(document.text, topic.title)


def _titled(text: str, title: str) -> str:
    if title_of(text) == title:
        return text
    lines = text.splitlines(keepends=True)
    place = next((place for place, line in enumerate(lines[:5]) if line.startswith("#")), None)
    if place is not None:
        lines[place] = f"# {title}\n"
    else:
        lines.insert(1, f"# {title}\n")
    return "".join(lines)


def new_name() -> str:
    """A name for a topic whose editor gave none."""
    return "q-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def read_form(name: str, form: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> Topic:
    """The topic that somebody typed.

    Raises:
        Problem: with what has to be typed otherwise.
    """
    if not NAME.fullmatch(name):
        raise Problem(400, BAD_NAME)
    title = " ".join(clean(form.get("title", ""), LONGEST_TITLE)[:LONGEST_TITLE].split())
    if not title:
        raise Problem(400, NO_TITLE)
    examples = read_examples(form.get("examples", ""))
    if not examples:
        raise Problem(400, NO_EXAMPLES)
    answers = read_answers(lists)
    return Topic(name, title, form.get("owner", "")[:80], _date(form.get("review", "")), examples, answers)


def read_examples(text: str, most: int = MOST_EXAMPLES) -> tuple[str, ...]:
    """One sentence a line, without empty lines, dashes in front and doubled spaces. Raises Problem."""
    lines = [" ".join(clean(line, LONGEST_EXAMPLE).removeprefix("- ").split()) for line in text.splitlines()]
    found = [line for line in lines if line]
    if len(found) > most:
        raise Problem(400, TOO_MANY, most=most)
    if long := next((line for line in found if len(line) > LONGEST_EXAMPLE), None):
        raise Problem(400, TOO_LONG, most=LONGEST_EXAMPLE, line=long[:60])
    return tuple(found)


def read_answers(lists: Mapping[str, Sequence[str]]) -> tuple[Answer, ...]:
    """The answers of a form, whose fields repeat in one order; one without text is left out. Raises Problem."""
    rows = [_row(lists, place) for place in range(min(len(lists.get("text", ())), MOST_ANSWERS))]
    answers = tuple(_answer(row) for row in rows if row["text"].strip())
    if not answers:
        raise Problem(400, NO_ANSWER)
    sides = {answer.jurisdiction for answer in answers}
    general = {answer.jurisdiction for answer in answers if not answer.channel}
    if not (sides <= general or "BOTH" in general):
        raise Problem(400, NO_GENERAL)
    return answers


_FIELDS = ("text", "channel", "source", "url", "published", "grade", "jurisdiction", "valid_from", "valid_until")


def _row(lists: Mapping[str, Sequence[str]], place: int) -> dict[str, str]:
    return {name: lists[name][place] if place < len(lists.get(name, ())) else "" for name in _FIELDS}


def _answer(row: Mapping[str, str]) -> Answer:
    text, source = clean(row["text"], LONGEST_ANSWER), " ".join(clean(row["source"], 200)[:200].split())
    url, published = row["url"].strip(), row["published"].strip()
    first, last = _date(row["valid_from"]), _date(row["valid_until"])
    faults: list[tuple[bool, str, dict[str, object]]] = [
        (len(text) > LONGEST_ANSWER, ANSWER_TOO_LONG, {"most": LONGEST_ANSWER}),
        (not source, NO_SOURCE, {}),
        (bool(url) and not _URL.fullmatch(url), BAD_URL, {"value": url[:60]}),
        (bool(published) and not _PUBLISHED.fullmatch(published), BAD_DATE, {"value": published[:20]}),
        (first is not None and last is not None and last < first, BACKWARDS, {}),
    ]
    for is_wrong, says, values in faults:
        if is_wrong:
            raise Problem(400, says, **values)
    channel = row["channel"] if row["channel"] in CHANNELS else ""
    grade = row["grade"] if row["grade"] in GRADES else "C"
    side = row["jurisdiction"] if row["jurisdiction"] in SIDES else "BOTH"
    return Answer(text, channel, source, url, published, grade, side, first, last)


def _date(value: str) -> date | None:
    if not value.strip():
        return None
    found = _date_or_none(value.strip())
    if found is None:
        raise Problem(400, BAD_DATE, value=value[:20])
    return found


def _date_or_none(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
