"""Settings as an operator meets them: typed, checked at start, each documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings import SettingsError, load_settings
from settings.document import document

ROOT = Path(__file__).parents[1]
SECRETS = (
    "DALIL_ASSISTANT_TOKEN",
    "DALIL_CONVERSATION_KEY",
    "DALIL_TELEGRAM_SECRET",
    "DALIL_SMS_SECRET",
    "DALIL_OPERATOR_PASSWORD",
)


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_is_what_the_settings_are() -> None:
    written = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert written == document(), "run `python -m settings > docs/settings.md`"


def test_every_setting_has_a_meaning() -> None:
    rows = [line for line in document().splitlines() if line.startswith("| `DALIL_")]
    assert rows
    assert [row for row in rows if row.endswith("|  |")] == []


def test_no_secret_is_printed() -> None:
    assert "development-only" not in document()


def test_the_environment_wins_over_the_file(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / ".env").write_text("DALIL_GATEWAY_PORT=9001\nDALIL_ASSISTANT_PORT=9002\n")
    monkeypatch.setenv("DALIL_GATEWAY_PORT", "9003")
    settings = load_settings()
    assert (settings.gateway_port, settings.assistant_port) == (9003, 9002)


def test_every_wrong_value_is_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_GATEWAY_PORT", "70000")
    monkeypatch.setenv("DALIL_ASSISTANT_WORKERS", "many")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert {line.split(":")[0] for line in str(error.value).splitlines()} == {
        "DALIL_GATEWAY_PORT",
        "DALIL_ASSISTANT_WORKERS",
    }


def test_production_refuses_development_secrets_and_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_MODE", "production")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert len(str(error.value).splitlines()) == 1
    assert all(name in str(error.value) for name in SECRETS)


def test_a_wrong_value_is_not_repeated_it_may_be_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_SMS_SENDER", "a name longer than eleven")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert "a name longer" not in str(error.value)


@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_misspelt_name_is_refused_with_the_right_one(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    if place == "environment":
        monkeypatch.setenv("DALIL_GATEWAY_PROT", "80")
    else:
        (empty_folder / ".env").write_text("DALIL_GATEWAY_PROT=80\n")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert str(error.value) == "DALIL_GATEWAY_PROT: there is no such setting; did you mean DALIL_GATEWAY_PORT?"


def test_variables_of_the_tests_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_TEST_POSTGRESQL", "postgresql://127.0.0.1/test")
    assert load_settings().mode == "development"
