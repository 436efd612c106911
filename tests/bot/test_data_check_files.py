"""Faults of files: their form, their labels, questions without answers; and the line of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.data import TEXTS, Corpus, Example, Fault, check, check_example, index
from bot.data.checks import check_data
from bot.data.corpus import Known
from bot.data.faults import in_order
from bot.data.reading import Data, read_text
from tests.bot import test_data_check

INTENTS = {"fees", "steps", "status", "faq"}
KNOWN = Known(INTENTS, {"passport", "id-card"})
EIGHT = "\n".join(f"    - {word} الرسوم" for word in "كم بكم ماهي على اعرف اذا متى وكم".split())
FEES = f"nlu:\n- intent: fees\n  examples: |\n{EIGHT}\n"


TOPIC = FEES.replace("fees", "faq/a")
ANSWER = "responses:\n  utter_faq/a:\n  - text: نعم\n"


def found(text: str) -> list[tuple[str, int]]:
    data = Data()
    read_text("data.yml", text, data)
    return [(fault.code, fault.line) for fault in check_data(data, KNOWN)]


def fees(extra: str) -> str:
    return f"{FEES}    {extra}\n"


FILES = [
    # code, its line, a file that has the fault, one that has not
    ("yaml", 3, "nlu:\n- intent: fees\n examples: |\n    - كم\n", FEES),
    ("yaml", 1, "nlu: [", FEES),
    ("yaml", 2, "nlu:\n- &one {intent: fees}\n- *one\n", FEES.replace("fees", '"fees"')),
    ("key-twice", 13, FEES + "version: '3.1'\nversion: '3.1'\n", "version: '3.1'\n" + FEES),
    ("key-unknown", 12, FEES + "nlo: []\n", FEES + "rules: []\n"),
    ("key-unknown", 12, FEES + "  example: x\n", FEES + "  metadata: {topic: x}\n"),
    ("wrong-shape", 1, "- intent: fees\n", "# nothing yet\n"),
    ("wrong-shape", 1, "nlu: fees\n", "nlu: []\n"),
    ("wrong-shape", 2, "nlu:\n- fees\n", "nlu:\n- lookup: city\n  examples: |\n    - عدن\n"),
    ("wrong-shape", 2, "nlu:\n- examples: |\n    - كم\n", "nlu:\n- synonym: عدن\n  examples: |\n    - كريتر\n"),
    ("wrong-shape", 12, FEES + "- intent: fees\n", FEES),
    ("wrong-shape", 13, FEES + "- intent: fees\n  examples: >\n    - كم\n", FEES.replace("|", "|- # الرسوم")),
    ("wrong-shape", 13, FEES + "- intent: fees\n  examples: '- كم'\n", FEES.replace("|", "|2-")),
    ("wrong-shape", 14, FEES + "- intent: fees\n  examples:\n  - كم\n", FEES),
    ("wrong-shape", 12, FEES + "  metadata: passport\n", FEES + "  metadata: {service: passport}\n"),
    ("wrong-shape", 12, FEES + "  metadata: {service: [passport]}\n", FEES + "  metadata: {service: null}\n"),
    ("wrong-shape", 13, FEES + "responses:\n  utter_a: نعم\n", FEES + "responses:\n  utter_a:\n  - text: نعم\n"),
    ("wrong-shape", 14, FEES + "responses:\n  utter_a:\n  - image: x\n", FEES + "responses: {}\n"),
    ("no-dash", 12, fees("كم"), fees("- كم")),
    ("no-dash", 12, fees("-كم"), fees("- -كم")),
    ("no-dash", 12, fees(" - كم"), fees("-   كم")),
    ("no-dash", 12, fees("# كم"), FEES + "# كم\n"),
    ("no-dash", 12, fees("\n    - كم"), FEES + "\n\n# نهاية\n"),
    ("empty", 12, fees("-"), fees("- ؟ كم")),
    ("unknown-intent", 2, FEES.replace("fees", "fee"), FEES),
    ("unknown-service", 12, FEES + "  metadata: {service: passports}\n", FEES + "  metadata: {service: passport}\n"),
    ("faq-without-answer", 2, TOPIC, TOPIC + ANSWER),
    ("answer-without-faq", 14, FEES + ANSWER, FEES + ANSWER.replace("faq/", "")),
    ("few-examples", 2, FEES.replace("    - وكم الرسوم\n", ""), FEES),
    ("few-examples", 12, FEES + "- intent: steps\n  examples: |\n    - كيف\n", fees("- كيف")),
    ("duplicate", 13, fees("- الرّسوم كم؟\n    - كم الرُّسوم"), fees("- الرسوم والضرائب")),
    ("contradiction", 14, FEES + "- intent: steps\n  examples: |\n    - كم الرسوم\n", fees("- كم الرسوم")),
    ("control", 12, fees("- كم\x07"), fees("- كم")),
    ("control", 12, fees("- كم\u2028- نعم"), fees("- كم")),
    ("invisible", 12, fees("- كم\ufeff"), "\ufeff".encode().decode("utf-8-sig") + FEES),
]  # fmt: skip


@pytest.mark.parametrize(("code", "line", "wrong", "right"), FILES, ids=range(len(FILES)))
def test_a_fault_is_found_on_its_line(code: str, line: int, wrong: str, right: str) -> None:
    assert (code, line) in found(wrong)
    assert code not in [name for name, _ in found(right)]


def test_every_code_is_tried() -> None:
    tried = {code for code, *_ in FILES} | {code for code, *_ in test_data_check.SENTENCES}
    tried |= {code for code, *_ in test_data_check.ANSWERS} | {"unreadable"}
    assert tried == set(TEXTS)


def test_lines_are_those_of_the_file_in_both_forms() -> None:
    text = (
        'version: "3.1"\n# ملاحظة\nnlu:\n- intent: fees\n  metadata: {service: passport}\n  examples: |\n'
        "    - كم\n    - [\n- intent: steps\n  examples:\n  - text: |\n      كيف\n    metadata: {service: id-card}\n"
        "  - text: /steps\n"
    ).replace("\n", "\r\n")
    data = Data()
    read_text("data.yml", text, data)
    assert data.faults == []
    assert data.examples == [
        Example("كم", "fees", "passport", "data.yml", 7),
        Example("[", "fees", "passport", "data.yml", 8),
        Example("كيف", "steps", "id-card", "data.yml", 11),
        Example("/steps", "steps", None, "data.yml", 14),
    ]
    assert {(fault.code, fault.line) for fault in check_data(data, KNOWN)} >= {("brackets", 8), ("slash", 14)}


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "faq").mkdir()
    (tmp_path / "a.yml").write_text("nlu: [", "utf-8")
    (tmp_path / "b.yml").write_bytes(b"nlu:\n- intent: \xff\n")
    (tmp_path / "faq" / "c.yaml").write_text(fees("- /كم"), "utf-8")
    (tmp_path / "notes.txt").write_text("nlu: [", "utf-8")
    (tmp_path / ".d.yml").write_text("nlu: [", "utf-8")
    faults = check(tmp_path, services=(), intents=INTENTS)
    places = [(Path(fault.file).relative_to(tmp_path).as_posix(), fault.line, fault.code) for fault in faults]
    assert places == [("a.yml", 1, "yaml"), ("b.yml", 2, "unreadable"), ("faq/c.yaml", 12, "slash")]


def test_what_is_not_there_is_a_fault(tmp_path: Path) -> None:
    for source in (tmp_path, tmp_path / "none.yml"):
        assert [fault.code for fault in check(source, services=(), intents=())] == ["unreadable"]
        assert [fault.code for fault in check([source], services=(), intents=())] == ["unreadable"]


def test_several_files_are_one_corpus(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yml", tmp_path / "other.yml"
    one.write_text(FEES, "utf-8")
    other.write_text(FEES.replace("fees", "steps"), "utf-8")
    faults = check([one, str(other)], services=(), intents=INTENTS)
    assert [(fault.code, fault.file) for fault in faults] == [("contradiction", str(other))] * 8
    assert len(index([one, other], services=(), intents=INTENTS)) == 16


def test_faults_are_in_order_and_said_once() -> None:
    faults = [
        Fault("empty", "b.yml", 2),
        Fault("tatweel", "b.yml", 2),
        Fault("slash", "a.yml", 10),
        Fault("slash", "a.yml", 9),
    ]
    assert [(fault.file, fault.line, fault.code) for fault in in_order([*faults, *faults])] == [
        ("a.yml", 9, "slash"),
        ("a.yml", 10, "slash"),
        ("b.yml", 2, "empty"),
        ("b.yml", 2, "tatweel"),
    ]


SMALL = Corpus([Example("كم رسوم تجديد الجواز", "fees"), Example("كيف اجدد الجواز القديم", "steps")], KNOWN)
ODD = st.text(alphabet=st.one_of(st.characters(), st.sampled_from('كم رسوم الجوازـ[](){}/":|-\n0123٧۷+967@.\u200d')))


@given(ODD, st.sampled_from(["fees", "status", "out_of_scope", "faq/a"]), st.none() | st.just("passport"))
@example("[a]{" + '"a":[' * 5000 + "]" * 5000 + "}", "fees", None)
@example("7" * 5000, "fees", None)
@example("7 " * 5000, "fees", None)
@example("GB29" * 2000, "status", None)
@example("a." * 5000 + "@", "fees", None)
@example("ـ" * 5000, "fees", None)
def test_no_sentence_makes_it_fail(text: str, intent: str, service: str | None) -> None:
    for fault in check_example(text, intent, service, SMALL):
        assert str(fault)


@given(ODD)
def test_no_file_makes_it_fail(text: str) -> None:
    for whole in (text, fees(f"- {text}"), f"responses:\n  utter_faq/a:\n  - text: {text}\n"):
        assert all(line >= 1 for _, line in found(whole))
