"""Rasa's file importer for twenty thousand sentences in three hundred files.

Rasa reads every file four times with the slow YAML parser, validates it against a schema, and copies and hashes all
sentences each time it merges them: more than half a minute. Here every file is read once, fast; what is wrong in it is
found by `python -m bot data check`, which names the line. Files that use more of Rasa's format than intents, metadata,
examples and responses (entities, synonyms, regular expressions, lookup tables) are left to Rasa's own reader.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from integrations.faq import title_of

_SECTION = re.compile(r"^(nlu|responses|rules|stories)\s*:", re.MULTILINE)
_OURS = frozenset({"version", "nlu", "responses"})
_BLOCK = frozenset({"intent", "metadata", "examples"})


class Sentence(Message):
    """A training example that is cheap to copy and to hash: all of it is text, and parts are never changed in place."""

    _hash: str | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Sentence:
        """A message of its own over the same texts."""
        return Sentence(dict(self.data))

    def fingerprint(self) -> str:
        """A hash of the example, and of its words once it has been tokenised."""
        if self._hash is None:
            words = [token.text for token in self.get(TOKENS_NAMES[TEXT]) or ()]
            content = (self.get(TEXT), self.get(INTENT), self.get("intent_response_key"), self.get("metadata"), words)
            self._hash = hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()
        return self._hash

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Set a part of the example."""
        self._hash = None
        super().set(prop, info, add_to_output)


class ReadOnceImporter(RasaFileImporter):
    """Reads training data once, fast."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        paths = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
        files = sorted({file for path in paths for file in _files(Path(path))})
        sections = {file: set(_SECTION.findall(file.read_text("utf-8"))) for file in files}
        stories = [str(file) for file, found in sections.items() if found & {"rules", "stories"}]
        super().__init__(config_file, domain_path, stories or [])
        self._sentences = [file for file, found in sections.items() if "nlu" in found]

    @cached_property
    def _nlu_data(self) -> TrainingData:
        sentences: list[Message] = []
        responses: dict[str, list[dict[str, Any]]] = {}
        foreign: list[str] = []
        for file in self._sentences:
            text = file.read_text("utf-8")
            content = YAML(typ="safe").load(text)
            if _is_plain(content):
                sentences += _examples(content["nlu"])
                responses.update(_titled(content.get("responses") or {}, title_of(text)))
            else:
                foreign.append(str(file))
        ours = TrainingData(sentences, responses=responses)
        return ours.merge(utils.training_data_from_paths(foreign, "ar")) if foreign else ours

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The training data of all files."""
        return self._nlu_data


def _titled(responses: dict[str, list[dict[str, Any]]], title: str) -> dict[str, list[dict[str, Any]]]:
    """Answers that know their topic's title, which stands in a comment: so it can be offered by its name."""
    for variants in responses.values():
        for variant in variants:
            variant["metadata"] = {**(variant.get("metadata") or {}), "title": title}
    return responses


def _files(path: Path) -> Iterator[Path]:
    found = path.rglob("*.y*ml") if path.is_dir() else [path]
    yield from (file for file in found if file.suffix in (".yml", ".yaml") and not file.name.startswith("."))


def _is_plain(content: Any) -> bool:
    """Whether a file holds nothing but sentences of intents, without annotations, and answers."""
    if not isinstance(content, dict) or not content.keys() <= _OURS or not isinstance(content.get("nlu"), list):
        return False
    return all(
        isinstance(block, dict)
        and block.keys() <= _BLOCK
        and isinstance(block.get("examples"), str)
        and "](" not in block["examples"]
        and "]{" not in block["examples"]
        for block in content["nlu"]
    )


def _examples(blocks: list[dict[str, Any]]) -> Iterator[Sentence]:
    for block in blocks:
        for line in block["examples"].splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                built = Message.build(text, intent=block["intent"], intent_metadata=block.get("metadata"))
                yield Sentence(built.data)
