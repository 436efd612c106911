"""Only a model that is what its manifest says is loaded; what it was made from is known."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bot.engine import manifest as manifests
from bot.engine.manifest import FORMAT, Manifest, archive, check, current, manifest_of, sha256, write_manifest
from bot.errors import ModelError, ModelMissing, ModelRefused
from bot.fingerprint import fingerprint, is_current


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one current model, whose archive is not really one."""
    file = archive(tmp_path, "dalil-1")
    file.write_bytes(b"a model")
    made = Manifest("dalil-1", sha256(file), "made-from", manifests.rasa_version(), FORMAT, "2026-11-22T10:00:00+00:00")
    write_manifest(tmp_path, made)
    return tmp_path


def test_the_current_model_is_found_and_accepted(folder: Path) -> None:
    assert check(folder, current(folder)) == archive(folder, "dalil-1")
    assert sorted(file.name for file in folder.iterdir()) == ["current", "dalil-1.json", "dalil-1.tar.gz"]


def test_the_newest_is_current_and_the_one_before_stays(folder: Path) -> None:
    archive(folder, "dalil-2").write_bytes(b"another")
    write_manifest(folder, replace(current(folder), name="dalil-2", sha256=sha256(archive(folder, "dalil-2"))))
    assert current(folder).name == "dalil-2"
    assert check(folder, manifest_of(folder, "dalil-1"))


def test_no_model_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="make train"):
        current(tmp_path)
    with pytest.raises(ModelMissing, match="make train"):
        current(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["dalil-9", "../secrets", "a/b", ""])
def test_a_name_that_is_no_model_of_this_folder_is_refused(folder: Path, name: str) -> None:
    (folder.parent / "secrets.json").write_text((folder / "dalil-1.json").read_text())
    with pytest.raises(ModelMissing):
        manifest_of(folder, name)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": "dalil-1"}', '{"name": "dalil-1", "more": 1}', "null"])
def test_a_broken_manifest_is_refused(folder: Path, content: str) -> None:
    (folder / "dalil-1.json").write_text(content)
    with pytest.raises(ModelRefused, match="train again"):
        current(folder)


def test_a_missing_archive_says_so(folder: Path) -> None:
    archive(folder, "dalil-1").unlink()
    with pytest.raises(ModelMissing, match="missing"):
        check(folder, current(folder))


@pytest.mark.parametrize("tampered", [b"a modeL", b"a model ", b""])
def test_a_tampered_archive_is_refused(folder: Path, tampered: bytes) -> None:
    archive(folder, "dalil-1").write_bytes(tampered)
    with pytest.raises(ModelRefused, match="not the file"):
        check(folder, current(folder))


@pytest.mark.parametrize("other", [{"format": FORMAT + 1}, {"format": None}, {"rasa": "3.6.20"}])
def test_another_version_is_refused(folder: Path, other: dict[str, object]) -> None:
    content = {**asdict(current(folder)), **other}
    (folder / "dalil-1.json").write_text(json.dumps(content))
    with pytest.raises(ModelRefused, match="another version"):
        check(folder, current(folder))


def test_all_are_errors_of_the_model() -> None:
    assert issubclass(ModelMissing, ModelError)
    assert issubclass(ModelRefused, ModelError)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout, in which the process stands."""
    for name in ("config.yml", "bot/domain/d.yml", "bot/rules/r.yml", "nlu_data/faq/f.yml", "arabic/words.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["config.yml", "bot/domain/d.yml", "bot/rules/r.yml", "nlu_data/faq/f.yml"])
def test_what_a_model_is_made_from_shows_in_its_fingerprint(checkout: Path, name: str) -> None:
    before = fingerprint()
    assert fingerprint() == before
    (checkout / name).write_text("two")
    changed = fingerprint()
    assert changed != before
    (checkout / name).unlink() if name != "config.yml" else (checkout / name).write_text("")
    assert fingerprint() not in {before, changed}


def test_what_it_is_not_made_from_does_not(checkout: Path) -> None:
    before = fingerprint()
    for name in ("README.md", "nlu_data/README.md", "bot/server.py"):
        (checkout / name).write_text("new")
    os.utime(checkout / "config.yml", (1, 1))
    assert fingerprint() == before


def test_a_model_is_current_until_something_changes(checkout: Path, folder: Path) -> None:
    assert not is_current(folder)
    write_manifest(folder, replace(current(folder), fingerprint=fingerprint()))
    assert is_current(folder)
    (checkout / "nlu_data/faq/f.yml").write_text("two")
    assert not is_current(folder)
    (checkout / "nlu_data/faq/f.yml").write_text("one")
    archive(folder, "dalil-1").unlink()
    assert not is_current(folder)
    assert not is_current(folder / "nowhere")
