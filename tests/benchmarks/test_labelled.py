"""Labelled sentences for benchmarks/nlu.py: reading, sampling, and figures worked out by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from labelled import Labelled, UnreadableCsv, accuracy, macro_f1, read, sample


@pytest.mark.parametrize(
    "content", ["label,text\nfees,كم\n", "\ufeffid,text,label\n1,كم,fees\n", '"label","text"\nfees," كم "\n']
)
def test_columns_are_found_by_name(content: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content, "utf-8")
    assert read(file) == Labelled(("كم",), ("fees",))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("text\nكم\n", "a.csv:1: no column label"),
        ("label,text\nfees,كم\n,وين\n", "a.csv:3: a row needs a label and a text"),
        ("label,text\nfees\n", "a.csv:2: a row needs"),
        ("label,text\n", "no rows"),
        ("", "no column label, text"),
    ],
)
def test_faults_name_file_and_line(content: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content, "utf-8")
    with pytest.raises(UnreadableCsv, match=said):
        read(file)


def test_a_missing_file_and_other_encodings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCsv, match="No such file"):
        read(tmp_path / "none.csv")
    (tmp_path / "b.csv").write_bytes("label,text\nfees,كم\n".encode("utf-16"))
    with pytest.raises(UnreadableCsv, match=r"b\.csv"):
        read(tmp_path / "b.csv")


def test_a_sample_has_each_label_alike() -> None:
    data = Labelled(tuple(map(str, range(12))), ("a",) * 8 + ("b",) * 3 + ("c",))
    part = sample(data, 6)
    assert [part.labels.count(label) for label in "abc"] == [2, 2, 1]
    assert sample(data, 6) == part
    assert set(zip(part.labels, part.texts, strict=True)) <= set(zip(data.labels, data.texts, strict=True))


def test_figures_by_hand() -> None:
    expected, got = ["a", "a", "a", "b"], ["a", "a", "b", "c"]
    assert accuracy(expected, got) == 0.5
    # a: tp 2, fp 0, fn 1 -> 4/5; b: tp 0 -> 0.
    assert macro_f1(expected, got) == pytest.approx(0.4)
