"""Files of training data survive the console: what is not edited stays byte for byte as it was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from console.errors import Problem
from console.knowledge.document import Document
from console.knowledge.topics import Topic, topic_of, written

ROOT = Path(__file__).parents[3] / "nlu_data"
FILES = sorted(ROOT.rglob("*.yml"))
COMMENTED = """\
version: "3.1"
# عنوان

# ملاحظة للمطور
nlu:
- intent: faq/x
  examples: |
    - سؤال
# بين القسمين
responses:
  utter_faq/x:
  # الجواب العام
  - text: |-
      جواب
    metadata:
      source: 'مصدر'  # من الوزارة
      url: null
      published: null
      grade: B
      jurisdiction: BOTH
  - text: "قصير"
    channel: sms
    metadata: {source: مصدر, url: null, published: null, grade: B, jurisdiction: BOTH}
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_that_is_read_and_written_is_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    document = Document(text)
    for section in document.sections:
        document.set_examples(section.place, section.examples)
        document.set_metadata(document.metadata(section.place), section.place)
    document.set_answers(document.answers)
    assert document.text == text


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "faq"], ids=lambda path: path.stem)
def test_a_topic_that_is_opened_and_saved_is_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    assert written(topic_of(path.stem, text), text) == text


def test_comments_and_order_outlive_an_edit() -> None:
    document = Document(COMMENTED)
    document.set_examples(0, ["سؤال", "سؤال آخر"])
    first, second = document.answers
    document.set_answers([replace(first, text="جواب جديد"), second])
    expected = COMMENTED.replace("    - سؤال\n", "    - سؤال\n    - سؤال آخر\n").replace(
        "      جواب\n", "      جواب جديد\n"
    )
    assert document.text == expected


def test_owner_review_and_validity_are_written_and_read() -> None:
    topic = topic_of("x", COMMENTED)
    answer = replace(topic.answers[0], valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31))
    changed = replace(topic, owner="passports", review=date(2027, 1, 1), answers=(answer, topic.answers[1]))
    text = written(changed, COMMENTED)
    assert topic_of("x", text) == changed
    assert "metadata: {owner: passports, review: 2027-01-01}" in text
    back = replace(changed, owner="", review=None, answers=topic.answers)
    assert written(back, text) == COMMENTED


@pytest.mark.parametrize(
    "text",
    ["سطر واحد", "سطران\nوالثاني", "فيه: نقطتان # وعلامة", "- يبدأ بشرطة", "'اقتباس' و\"آخر\"", "{قوس} [آخر]", "👍 🏽"],
)
def test_whatever_is_typed_comes_back(text: str) -> None:
    topic = topic_of("x", COMMENTED)
    answer = replace(topic.answers[0], text=text, source=text.replace("\n", " "))
    changed: Topic = replace(topic, examples=(text.replace("\n", " ").removeprefix("- "),), answers=(answer,))
    assert topic_of("x", written(changed, COMMENTED)) == changed


@pytest.mark.parametrize("text", ["", "{", "nlu: 1", "- x", "nlu:\n- intent: [", "\x00"])
def test_what_is_no_training_data_is_refused_in_words(text: str) -> None:
    with pytest.raises(Problem) as problem:
        Document(text)
    assert problem.value.status == 409
