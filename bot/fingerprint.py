"""What a model is made from, and whether the current one was made from it as it is now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bot.engine.manifest import archive, current, rasa_version
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
    digest = hashlib.sha256(rasa_version().encode())
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
