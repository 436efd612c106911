"""Training a model from the files of the repository."""

from __future__ import annotations

import contextlib
import hashlib
import io
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import rasa
from rasa.model_training import train as rasa_train

from bot.engine.models import FORMAT, Manifest, archive, current, sha256, write_manifest
from bot.errors import ModelError

CONFIG = Path("config.yml")
DOMAIN = Path("bot/domain")
DATA = (Path("nlu_data"), Path("bot/rules"), Path("bot/stories"))
_CODE = (Path("arabic"), Path("bot/components"), Path("bot/nlu"))


def _inputs() -> Iterator[Path]:
    yield CONFIG
    for folder in (DOMAIN, *DATA):
        yield from sorted(folder.rglob("*.yml"))
    for folder in _CODE:
        yield from sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".txt"))


def fingerprint() -> str:
    """A hash of everything a model is made from: data, rules, configuration, the code that reads it."""
    digest = hashlib.sha256(rasa.__version__.encode())
    for path in _inputs():
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(folder: Path) -> bool:
    """Whether the current model was trained from the files as they are now."""
    try:
        manifest = current(folder)
    except ModelError:
        return False
    return manifest.fingerprint == fingerprint() and archive(folder, manifest.name).is_file()


def train(folder: Path) -> Manifest:
    """Train a model and make it the current one; the model before stays until then.

    Raises:
        ModelError: Rasa could not train from these files; what it said is in the message.
    """
    made_from = fingerprint()
    name = f"dalil-{time.strftime('%Y%m%d-%H%M%S')}"
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        result = rasa_train(
            domain=str(DOMAIN),
            config=str(CONFIG),
            training_files=[str(path) for path in DATA],
            output=str(folder),
            fixed_model_name=name,
            force_training=True,
        )
    if result.code != 0 or result.model is None:
        raise ModelError(f"training failed:\n{said.getvalue()}")
    manifest = Manifest(
        name=name,
        sha256=sha256(archive(folder, name)),
        fingerprint=made_from,
        rasa=rasa.__version__,
        format=FORMAT,
        trained_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
    )
    write_manifest(folder, manifest)
    return manifest
