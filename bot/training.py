"""Training a model from the files of the repository."""

from __future__ import annotations

import contextlib
import io
import time
from datetime import datetime, timezone
from pathlib import Path

from rasa.model_training import train as rasa_train

from bot.engine.manifest import FORMAT, Manifest, archive, rasa_version, sha256, write_manifest
from bot.errors import ModelError
from bot.fingerprint import CONFIG, DATA, DOMAIN, fingerprint
from integrations.catalogue import live


def train(folder: Path) -> Manifest:
    """Train a model and make it the current one; the model before stays until then.

    Raises:
        ModelError: Rasa could not train from these files (what it said is in the message), or the catalogue is empty:
            the names of services in the examples would not be known as such.
    """
    if not live.shared().snapshot.services:
        raise ModelError("the catalogue is empty: run `python -m integrations.catalogue import` before training")
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
        rasa=rasa_version(),
        format=FORMAT,
        trained_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
    )
    write_manifest(folder, manifest)
    return manifest
