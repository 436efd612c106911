"""Every fault of a catalogue file is reported with its file and line, all at once, before anything is imported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from integrations.catalogue.document import Content
from integrations.catalogue.errors import CatalogueInvalid, SourceUnreadable
from integrations.catalogue.reader import MAX_FILE_BYTES, read_folder
from tests.catalogue.conftest import edit


def faults(folder: Path) -> list[str]:
    """The faults of a folder, each `file name:line: message`."""
    with pytest.raises(CatalogueInvalid) as invalid:
        read_folder(folder, today=date(2026, 2, 1))
    return [line.removeprefix(f"{folder}/") for line in invalid.value.faults]


def test_a_sound_folder_is_read_whole(content: Content) -> None:
    health, port = content.authorities
    assert (health.id, port.id) == ("health", "port")
    assert [event.id for event in content.events] == ["birth", "trade"]
    card = health.services[0]
    assert card.costs and [cost.id for cost in card.costs.items] == ["card", "late", "newborn", "copy", "express"]
    assert card.evidence and card.evidence.complete is False


def test_plain_numbers_and_dates_stay_as_written(content: Content) -> None:
    health = content.authorities[0]
    assert health.contacts[0].telephone[0] == "01234567"
    assert [source.published for source in health.sources] == ["2009", "2025-11", "2025-11-16", None]


# A wrong key: the line where it stands. Something missing: the line where its part begins.
SCHEMA = [
    ("grade: X", "grade: E", "grade: Input should be 'A', 'B', 'C', 'D' or 'X'", 0),
    ("code: H-7", "kode: H-7", "kode: is not a known key", 0),
    ("name: رخصة مطعم", "", "name: is missing", -1),
    ("name: رخصة مطعم", "name:", "name: must be a text", 0),
    ("id: food-permit", "id: Food Permit", "id: String should match pattern", 0),
    ("complete: false", "complete: maybe", "complete: must be true or false", 0),
    ("amount: 500\n", "amount: خمسمائة\n", "amount: Input should be a valid number", 0),
    ("amount: 500\n", "amount: true\n", "amount: Value error, must be a number", 0),
    ("amount: 500\n", "amount: ٥٠٠\n", "amount: Input should be a valid number", 0),
    ("audience: [businesses]", "audience: businesses", "audience: must be a list", 0),
    ("published: 2025-11\n", "published: November\n", "published: String should match pattern", 0),
    ("kind: processing", "kind: waiting", "kind: Input should be 'processing', 'deadline' or 'validity'", 0),
]
REFERENCES = [
    ("[vaccination-card]", "[no-service]", "related: nothing has the identifier 'no-service'", 0),
    ("[vaccination-card]", "[food-permit]", "related: nothing has the identifier 'food-permit'", 0),
    ("events: [birth]", "events: [death]", "events: nothing has the identifier 'death'", 0),
    ("events: [birth]", "events: [birth, birth]", "events: 'birth' is named twice", 0),
    ("contacts: [ministry]", "contacts: [office]", "contacts: nothing has the identifier 'office'", 0),
    ("legal: [health-law]", "legal: [law]", "legal: nothing has the identifier 'law'", 0),
    ("كل طفل دون الخامسة, source: law", "كل طفل, source: decree", "source: no source 'decree' in this file", 0),
    ("text: غرامة التأخير\n", "text: غرامة\n          grade: A\n", "grade A is better than B, the grade of", 1),
]
TWICE = [
    ("id: food-permit", "id: vaccination-card", "service 'vaccination-card' is given twice", 0),
    ("id: food-permit", "id: boat-licence", "service 'boat-licence' is given twice", None),
    ("id: site-aden\n", "id: law\n", "source 'law' is given twice", 0),
    ("id: newborn,", "id: card,", "cost 'card' is given twice", 0),
    ("id: site,", "id: centre,", "channel 'centre' is given twice", 0),
    ("code: H-7", "name: اسم آخر", "name: given twice", 0),
]
COSTS = [
    ("amount: 500\n", "amount: 500\n          percent: 2\n", "one of amount, percent and free, not amount and perc", 1),
    ("free: true", "free: true, amount: 5", "a cost has one of amount, percent and free", 0),
    ("amount: 20.5", "amount: 0", "write `free: true` for what costs nothing", 0),
    ("amount: 20.5", "amount: inf", "must be a finite number", 0),
    ("percent_of: قيمة الرسم", "note: بلا", "percent and percent_of go together", -1),
    ("surcharge: 100", "surcharge: 150", "base and surcharge make 550, not 500", -1),
    ("amount: 500\n", "note: بلا\n", "base and surcharge make up an amount or a percent", 1),
]
GRADES = [
    ("grade: X", "grade: B", "grade B, and the best of its facts has only D", 0),
    (
        "grade: A\n    jurisdiction: BOTH\n    status",
        "grade: D\n    jurisdiction: BOTH\n    status",
        "verified fee",
        None,
    ),
]
TEXTS = [
    ("name: رخصة مطعم", "name: Restaurant permit", "name must be Arabic and begin with an Arabic letter", 0),
    ("text: رسم البطاقة", "text: PVC بطاقة", "text must be Arabic and begin with an Arabic letter", 0),
    ("name: رخصة مطعم", "name: رخصة\u200f مطعم", "has the invisible character U+200F", 0),
    ("url: https://example.org/law", "url: javascript:alert(1)", "url must be an http or https address", 0),
    ("page: https://example.org/contact", "page: example.org", "page must be an http or https address", 0),
    ("[01234567, ", "[٠١٢٣٤٥٦٧, ", "telephone must be a telephone number in digits 0-9", 0),
    ("[info@example.org]", "[example.org]", "email must be an e-mail address", 0),
]
DATES = [
    ("published: 2009\n", "published: 2027\n", "2027 is in the future", 0),
    ("published: 2009\n", "published: 2026-01-16\n", "2026-01-16 is after the day it was retrieved, 2026-01-15", 0),
    ("published: 2009\n", "published: 2025-02-30\n", "2025-02-30 is not a date", 0),
    ("retrieved: 2026-01-15\n    grade: C", "retrieved: 2026-02-20\n    grade: C", "2026-02-20 is in the future", 0),
]


@pytest.mark.parametrize(
    ("old", "new", "message", "offset"), [*SCHEMA, *REFERENCES, *TWICE, *COSTS, *GRADES, *TEXTS, *DATES]
)
def test_a_fault_names_its_line(folder: Path, old: str, new: str, message: str, offset: int | None) -> None:
    line = edit(folder / "health.yml", old, new)
    found = faults(folder)
    assert [fault for fault in found if message in fault], found
    if offset is not None:
        assert any(fault.startswith(f"health.yml:{line + offset}: ") and message in fault for fault in found), found


def test_faults_of_all_files_come_at_once(folder: Path) -> None:
    lines = [
        edit(folder / "events.yml", "kind: business", "kind: trade"),
        edit(folder / "health.yml", "code: H-7", "kode: H-7"),
        edit(folder / "health.yml", "name: رخصة مطعم", "name: Restaurant"),
        edit(folder / "port.yml", "amount: 200", "amount: -200"),
    ]
    found = faults(folder)
    places = [fault.split(": ")[0] for fault in found]
    assert places == [
        f"{name}.yml:{line}" for name, line in zip(("events", "health", "health", "port"), lines, strict=True)
    ]


def test_a_broken_part_does_not_make_references_to_it_dangle(folder: Path) -> None:
    edit(folder / "health.yml", "code: H-7", "kode: H-7")
    assert len(faults(folder)) == 1  # food-permit still refers to the broken vaccination-card


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
YAML = [
    ("id: [unclosed\nname: x\n", 2, "not YAML"),
    ("id: a\n\tname: b\n", 2, "not YAML"),
    (BOMB, 1, "anchors and aliases"),
    ("id: !!python/object:os.system x\n", 1, "tags"),
    ("id: " + "[" * 20 + "]" * 20, 1, "nested too deeply"),
    ("id: a\n---\nid: b\n", 2, "a file holds one document"),
    ("? [a, b]\n: c\n", 1, "a key must be a plain word"),
    ("- a\n- b\n", 1, "must be a mapping of keys"),
    ("", 1, "must be a mapping of keys"),
    ("id: a\nname: x\u2028\n", 2, "character U+2028 is not allowed"),
    ("id: a\nname: \x07\n", 2, "character U+0007 is not allowed"),
]


@pytest.mark.parametrize(("text", "line", "message"), YAML)
def test_what_is_not_a_plain_yaml_file_is_refused(folder: Path, text: str, line: int, message: str) -> None:
    (folder / "bad.yml").write_text(text, "utf-8")
    (fault,) = faults(folder)
    assert fault.startswith(f"bad.yml:{line}: ") and message in fault


def test_bytes_are_limited_and_must_be_utf_8(folder: Path) -> None:
    (folder / "big.yml").write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    (folder / "latin.yml").write_bytes(b"id: a\nname: " + "صحة".encode("cp1256"))
    assert faults(folder) == ["big.yml:1: is larger than 2,000,000 bytes", "latin.yml:2: is not UTF-8 text"]


def test_a_file_saved_by_notepad_is_read(folder: Path) -> None:
    path = folder / "port.yml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_folder(folder).authorities[1].id == "port"


def test_a_file_with_the_other_suffix_is_not_passed_over(folder: Path) -> None:
    (folder / "port.yml").rename(folder / "port.yaml")
    assert [authority.id for authority in read_folder(folder).authorities] == ["health", "port"]


@pytest.mark.parametrize("name", ["missing", "empty", "only-events"])
def test_a_folder_without_catalogue_is_refused(folder: Path, name: str) -> None:
    if name != "missing":
        (folder / name).mkdir()
    if name == "only-events":
        (folder / "events.yml").rename(folder / name / "events.yml")
    with pytest.raises(SourceUnreadable, match=name):
        read_folder(folder / name)
