"""Model files without loading them: which is current, and whether it is what its manifest says.

Beside each `NAME.tar.gz` lies `NAME.json`: its SHA-256, the versions it was trained with, and the fingerprint of what
it was trained from. A model that differs from its manifest is refused: a crafted archive can run code when loaded
(GHSA-cpv4-ggrr-7j9v).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bot.errors import ModelMissing, ModelRefused

FORMAT = 1
_CURRENT = "current"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def rasa_version() -> str:
    """The installed Rasa's version; importing Rasa for it would take seconds."""
    return version("rasa")


@dataclass(frozen=True)
class Manifest:
    """What is known of a model file. fingerprint: of everything it was trained from."""

    name: str
    sha256: str
    fingerprint: str
    rasa: str
    format: int
    trained_at: str


def is_name(name: str) -> bool:
    """Whether a model may be called so: it is part of file names."""
    return _NAME.fullmatch(name) is not None


def archive(folder: Path, name: str) -> Path:
    """The path of a model's archive."""
    return folder / f"{name}.tar.gz"


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def write_manifest(folder: Path, manifest: Manifest, *, candidate: bool = False) -> None:
    """Write a model's manifest; the model becomes the current one, unless it is only a candidate."""
    _replace(folder / f"{manifest.name}.json", json.dumps(asdict(manifest), indent=1))
    if not candidate:
        _replace(folder / _CURRENT, manifest.name)


def make_current(folder: Path, name: str) -> None:
    """Make a model that is there, and is what its manifest says, the current one. Raises as `check` does."""
    check(folder, manifest_of(folder, name))
    _replace(folder / _CURRENT, name)


def _replace(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, never meets half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    os.replace(part, path)


def current(folder: Path) -> Manifest:
    """The manifest of the current model.

    Raises:
        ModelMissing: nothing has been trained.
        ModelRefused: the manifest cannot be read.
    """
    pointer = folder / _CURRENT
    if not pointer.is_file():
        raise ModelMissing(f"no model in {folder}: run `make train`")
    return manifest_of(folder, pointer.read_text("utf-8").strip())


def manifest_of(folder: Path, name: str) -> Manifest:
    """The manifest of a named model; raises as `current` does."""
    path = folder / f"{name}.json"
    if not is_name(name) or not path.is_file():
        raise ModelMissing(f"no model named {name} in {folder}")
    try:
        content: Mapping[str, object] = json.loads(path.read_text("utf-8"))
        return Manifest(**content)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise ModelRefused(f"{path} is not a model's manifest: train again") from error


def check(folder: Path, manifest: Manifest) -> Path:
    """The archive of a model, after its hash and versions have been compared with the manifest.

    Raises:
        ModelMissing: the archive is not there.
        ModelRefused: it is not the file that was trained, or of another version.
    """
    path = archive(folder, manifest.name)
    if not path.is_file():
        raise ModelMissing(f"{path} is missing: run `make train`")
    if manifest.format != FORMAT or manifest.rasa != rasa_version():
        raise ModelRefused(f"{path} was trained by another version: run `make train`")
    if sha256(path) != manifest.sha256:
        raise ModelRefused(f"{path} is not the file that its manifest describes: run `make train`")
    return path
