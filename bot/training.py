"""Training a model from the files of the repository."""

from __future__ import annotations

import contextlib
import io
import time
from datetime import datetime, timezone
from pathlib import Path

from rasa.model_training import train as rasa_train

from bot.engine.manifest import FORMAT, Manifest, archive, is_name, rasa_version, sha256, write_manifest
from bot.errors import ModelError
from bot.fingerprint import CONFIG, DATA, DIALOGUE, DOMAIN, fingerprint
from integrations.catalogue import live


def train(folder: Path, data: Path = DATA, candidate: str | None = None) -> Manifest:
    """Train a model and make it the current one; the model before stays until then.

    Args:
        folder: where models are kept.
        data: the training data.
        candidate: the name of a model that is only to be tried; it does not become the current one.

    Raises:
        ModelError: Rasa could not train from these files (what it said is in the message), or the catalogue is empty:
            the names of services in the examples would not be known as such.
    """
    if not live.shared().snapshot.services:
        raise ModelError("the catalogue is empty: run `python -m integrations.catalogue import` before training")
    if candidate is not None and not is_name(candidate):
        raise ModelError(f"{candidate!r} cannot be the name of a model: letters, digits, dots and hyphens only")
    made_from = fingerprint(data)
    name = candidate or f"dalil-{time.strftime('%Y%m%d-%H%M%S')}"
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        result = rasa_train(
            domain=str(DOMAIN),
            config=str(CONFIG),
            training_files=[str(path) for path in (data, *DIALOGUE)],
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
        rasa=rasa_version(),
        format=FORMAT,
        trained_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
    )
    write_manifest(folder, manifest, candidate=candidate is not None)
    return manifest
