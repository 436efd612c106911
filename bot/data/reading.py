"""Training data out of Rasa's YAML, with the line of every sentence.

Rasa itself reads past what it does not understand with a warning among thousands of lines; here each becomes a fault.
A file that is broken gives one fault and does not hide those of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml.error import YAMLError

from bot.data import blocks
from bot.data.blocks import Answer, Example, Label
from bot.data.faults import Fault
from integrations.catalogue.yaml_lines import Parsed, YamlFault, parse

__all__ = ["Answer", "Data", "Example", "Label", "read", "read_text"]

_SUFFIXES = frozenset({".yml", ".yaml"})
# YAML refuses these wherever they stand; as a fault of their line, the rest of the file can still be read.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass
class Data:
    """What the files hold, and what is wrong with their form."""

    examples: list[Example] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    files: int = 0


def read(sources: Path | str | Iterable[Path | str]) -> Data:
    """Read files, and folders with all that is below them."""
    data = Data()
    for source in [sources] if isinstance(sources, Path | str) else sources:
        path = Path(source)
        files = _files(path) if path.is_dir() else [path]
        if not files:
            data.faults.append(Fault("unreadable", str(path), 1, {"reason": "no .yml file in this folder"}))
        for file in files:
            _read_file(file, data)
    return data


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix in _SUFFIXES and not path.name.startswith("."))
    return sorted(path for path in found if path.is_file())


def _read_file(path: Path, data: Data) -> None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        data.faults.append(Fault("unreadable", str(path), 1, {"reason": error.strerror or "no file"}))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        data.faults.append(Fault("unreadable", str(path), line, {"reason": "not UTF-8 text"}))
    else:
        read_text(str(path), text, data)


def read_text(file: str, text: str, data: Data) -> None:
    """Read the text of one file into `data`."""
    data.files += 1
    text = text.replace("\r\n", "\n")
    data.faults += _refused(file, text)
    text = _REFUSED.sub(" ", text)
    try:
        parsed = parse(text)
    except YamlFault as fault:
        last = text.rstrip("\n").count("\n") + 1
        reason = fault.message.removeprefix("not YAML: ")
        data.faults.append(Fault("yaml", file, min(fault.line, last), {"reason": reason}))
    except (YAMLError, UnicodeError, RecursionError):
        # Characters that YAML's reader refuses come without a line.
        data.faults.append(Fault("yaml", file, 1, {"reason": "a character that YAML does not allow"}))
    else:
        data.faults += [Fault("key-twice", file, line, {"reason": message}) for line, message in parsed.faults]
        _take(file, parsed, text.split("\n"), data)


def _refused(file: str, text: str) -> Iterator[Fault]:
    for found in _REFUSED.finditer(text):
        code = "invisible" if found.group() == _BYTE_ORDER_MARK else "control"
        yield Fault(code, file, text.count("\n", 0, found.start()) + 1, {"code": ord(found.group())})


def _take(file: str, parsed: Parsed, lines: list[str], data: Data) -> None:
    for part in blocks.parts(blocks.Source(file, parsed, lines)):
        if isinstance(part, Example):
            data.examples.append(part)
        elif isinstance(part, Answer):
            data.answers.append(part)
        elif isinstance(part, Label):
            data.labels.append(part)
        else:
            data.faults.append(part)
