"""`python -m integrations.catalogue`: one clear line for each fault, exit codes, Arabic that can be read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from integrations.catalogue.cli import main
from tests.catalogue.conftest import FIXTURES, edit


@pytest.fixture
def empty(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database for the commands."""
    monkeypatch.setenv("DALIL_DATABASE_URL", sqlite_url)


@pytest.fixture
def filled(empty: None, capsys: pytest.CaptureFixture[str]) -> None:
    """The small catalogue, imported."""
    assert main(["import", str(FIXTURES)]) == 0
    capsys.readouterr()


def test_check_says_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(FIXTURES)]) == 0
    assert capsys.readouterr().out == "no fault: 3 services of 2 authorities\n"


def test_check_names_file_and_line_of_every_fault(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = edit(folder / "health.yml", "code: H-7", "kode: H-7")
    second = edit(folder / "port.yml", "amount: 200", "amount: -200")
    assert main(["check", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.splitlines() == [
        f"{folder}/health.yml:{first}: kode: is not a known key",
        f"{folder}/port.yml:{second}: amount: Input should be greater than or equal to 0",
    ]


def test_the_folder_of_the_settings_is_the_default(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DALIL_CATALOGUE_SOURCE", str(folder))
    assert main(["check"]) == 0
    assert "3 services" in capsys.readouterr().out


@pytest.mark.usefixtures("empty")
def test_import_prints_what_it_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "catalogue version 1"
    edit(folder / "port.yml", "amount: 3000", "amount: 3500")
    assert main(["import", str(folder)]) == 0
    assert capsys.readouterr().out == "changed: boat-licence\ncatalogue version 2\n"
    assert main(["import", str(folder)]) == 0
    assert capsys.readouterr().out == "catalogue version 2 (nothing changed)\n"


@pytest.mark.usefixtures("filled")
def test_show_prints_every_fact_with_source_date_and_grade(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "vaccination-card"]) == 0
    text = capsys.readouterr().out
    for expected in (
        "بطاقة تطعيم (vaccination-card)",
        "الجهة: وزارة الصحة",
        "الحالة: موقوفة",
        "الأوراق المطلوبة (القائمة غير مكتملة في المصدر):",
        "رسم البطاقة: 500 ريال يمني (400 + 100: ربع الرسم لصندوق الصحة)",
        "غرامة التأخير: 0.25% من قيمة الرسم",
        "المولود الجديد: مجانا",
        "نسخة ثانية: لم يذكر المصدر المبلغ",
        "خدمة عاجلة: 20.50 دولار (غير موثق)",
        "[درجة C، غير موثق، صنعاء، مدونة طالب، بلا تاريخ، اطُّلع عليه في 2026-01-15]",
        "[درجة A، الجهتان، قانون الصحة العامة، 2009، اطُّلع عليه في 2026-01-15]",
    ):
        assert expected in text


@pytest.mark.usefixtures("filled")
def test_show_says_what_no_source_states(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "food-permit"]) == 0
    assert "الأوراق المطلوبة: لم يذكرها مصدر" in capsys.readouterr().out


@pytest.mark.usefixtures("filled")
def test_export_writes_a_file_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "catalogue.jsonld"
    assert main(["export", "--format", "jsonld", "-o", str(target)]) == 0
    assert main(["export"]) == 0
    assert json.loads(target.read_text("utf-8")) == json.loads(capsys.readouterr().out)
    assert "بطاقة تطعيم" in target.read_text("utf-8"), "Arabic is readable in the file"
    assert [path.name for path in tmp_path.iterdir() if "catalogue.jsonld" in path.name] == ["catalogue.jsonld"]


@pytest.mark.usefixtures("filled")
def test_search_prints_scores(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "كم", "رسوم", "بطاقة", "التطعيم؟"]) == 0
    first = capsys.readouterr().out.splitlines()[0].split(maxsplit=2)
    assert first[1:] == ["vaccination-card", "بطاقة تطعيم"] and 0 < float(first[0]) <= 1


@pytest.mark.usefixtures("filled")
def test_search_that_finds_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "qqqq"]) == 1
    assert capsys.readouterr().err == "nothing found\n"


FAULTS = [
    (["show", "passport"], "no service 'passport' in the catalogue"),
    (["check", "/no/such/folder"], "/no/such/folder: No such file or directory"),
    (["export", "-o", "/no/such/folder/file"], "/no/such/folder/file: No such file or directory"),
]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("command", "line"), FAULTS)
def test_a_fault_is_one_line(command: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 1
    assert capsys.readouterr().err == line + "\n"


def test_old_tables_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DALIL_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert main(["import", str(FIXTURES)]) == 1
    assert "run `python -m storage upgrade`" in capsys.readouterr().err


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DALIL_DATABASE_URL", "oracle://x")
    assert main(["show", "passport"]) == 1
    assert capsys.readouterr().err.startswith("DALIL_DATABASE_URL: oracle is not supported")


def test_a_wrong_command_is_told_from_a_fault() -> None:
    with pytest.raises(SystemExit) as wrong:
        main(["publish"])
    assert wrong.value.code == 2


@pytest.mark.usefixtures("filled")
def test_output_cut_short_by_its_reader_is_no_crash() -> None:
    command = [sys.executable, "-m", "integrations.catalogue", "export"]
    run = subprocess.run(["sh", "-c", f"{' '.join(command)} | true"], capture_output=True, text=True)
    assert run.stderr == ""
