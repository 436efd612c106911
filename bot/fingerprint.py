"""What a model is made from, and whether the current one was made from it as it is now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bot.engine.manifest import archive, current, rasa_version
from bot.errors import ModelError

CONFIG = Path("config.yml")
DOMAIN = Path("bot/domain")
DATA = Path("nlu_data")
DIALOGUE = (Path("bot/rules"), Path("bot/stories"))
_CODE = (Path("arabic"), Path("bot/components"), Path("bot/nlu"))


def _inputs(data: Path) -> Iterator[tuple[str, Path]]:
    """Every file with its name; that of training data is the same wherever its folder lies."""
    yield str(CONFIG), CONFIG
    for path in sorted(data.rglob("*.yml")):
        yield (DATA / path.relative_to(data)).as_posix(), path
    for folder in (DOMAIN, *DIALOGUE):
        yield from ((str(path), path) for path in sorted(folder.rglob("*.yml")))
    for folder in _CODE:
        yield from ((str(path), path) for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".txt"))


def fingerprint(data: Path = DATA) -> str:
    """A hash of everything a model is made from: training data, rules, configuration, the code that reads it."""
    digest = hashlib.sha256(rasa_version().encode())
    for name, path in _inputs(data):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(folder: Path, data: Path = DATA) -> bool:
    """Whether the current model was trained from the files as they are now."""
    try:
        manifest = current(folder)
    except ModelError:
        return False
    return manifest.fingerprint == fingerprint(data) and archive(folder, manifest.name).is_file()
