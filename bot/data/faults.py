"""Every fault the lint can find: its code, how bad it is, what is wrong and what to do.

The table is the only place with words, so that the console can show its own in Arabic: a fault carries its code and
the values that the words need. Personal data is never among the values: whoever reads a log must not find it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
Values = Mapping[str, "str | int"]


class Text(NamedTuple):
    """The words of a code; both are format strings over the fault's values."""

    severity: Severity
    wrong: str
    advice: str


def _error(wrong: str, advice: str) -> Text:
    return Text("error", wrong, advice)


def _warning(wrong: str, advice: str) -> Text:
    return Text("warning", wrong, advice)


TEXTS: Mapping[str, Text] = {
    # The file
    "unreadable": _error("cannot be read: {reason}", "give a YAML file in UTF-8, or a folder with some"),
    "yaml": _error("not YAML from here on: {reason}", "mend this line; nothing of the file is checked until then"),
    "key-twice": _error("{reason}", "keep one of the two: Rasa reads only one"),
    "key-unknown": _error("{key!r} is not a key that Rasa knows here", "mend the spelling, or take it out"),
    "wrong-shape": _error("{key} must be {wanted}", "write it as in the other files"),
    "no-dash": _error('the line does not begin with "- ": Rasa leaves it out', 'begin it with "- ", or take it out'),
    # Labels
    "unknown-intent": _error("the intent {intent!r} is not in bot/domain", "mend the spelling, or add it there"),
    "unknown-service": _error("the catalogue has no service {service!r}", "use the identifier of a service in it"),
    "unknown-entity": _error("the entity {entity!r} is not in bot/domain", "take out the brackets, or add it there"),
    "faq-without-answer": _error("{intent} has no answer", "write utter_{intent} under `responses` in this file"),
    "answer-without-faq": _error("{name} answers a question that nobody asks", "add the intent, or take it out"),
    "few-examples": _warning("{intent} has only {count} examples", "write at least {least}, each in its own way"),
    # The sentence
    "empty": _error("there is no sentence on this line", "write one, or take the line out"),
    "too-long": _warning("{words} words, {characters} characters: too long", "split it, or keep what is asked"),
    "slash": _error('begins with "/": Rasa takes it for a command', 'take the "/" out'),
    "brackets": _error("square brackets that mark no entity", "take them out; round ones do no harm"),
    # Letters
    "no-letters": _warning("no word to learn from", "take it out"),
    "foreign-language": _warning(
        "not Arabic, neither in Arabic letters nor in Latin ones", "only out_of_scope has such sentences: move it there"
    ),
    "foreign-script": _error("has a letter of another script: {script}", "type it again on an Arabic keyboard"),
    "invisible": _error("has an invisible character, U+{code:04X}", "delete the line and type it again"),
    "control": _error("has a control character, U+{code:04X}", "delete the line and type it again"),
    "presentation-forms": _error("has letters made for printing, U+{code:04X}", "type the word again"),
    "tatweel": _warning("has a tatweel (ـ), which changes nothing for the assistant", "take it out"),
    "answer-not-arabic": _error("an answer without an Arabic letter", "answer in Arabic"),
    # Personal data
    "mobile": _error("has a mobile telephone number", "take it out, and never put a citizen's number here"),
    "landline": _error("has a telephone number", "take it out, and never put a citizen's number here"),
    "national-number": _error("has 11 digits, as a national number", "take it out, or invent an application number"),
    "email": _error("has an e-mail address", "take it out, and never put a citizen's address here"),
    "card": _error("has a row of digits as long as a bank card's", "take it out, or invent a shorter number"),
    "iban": _error("has the number of a bank account (IBAN)", "take it out"),
    # Other sentences
    "duplicate": _warning("stands already at {other_file}:{other_line}", "take one of the two out"),
    "contradiction": _error(
        "taught as {label} here and as {other_label} at {other_file}:{other_line}", "keep it where it belongs"
    ),
    "same-words": _warning(
        "the same words are {other_label} at {other_file}:{other_line} ({other_text})", "keep one, or say it clearly"
    ),
    "alike": _warning(
        "nearly the same is {other_label} at {other_file}:{other_line} ({other_text})", "keep one, or say it clearly"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One fault, with its place; `file` is empty for a sentence that stands in no file yet."""

    code: str
    file: str = ""
    line: int = 0
    values: Values = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Whether it stops `make check`."""
        return TEXTS[self.code].severity

    @property
    def message(self) -> str:
        """What is wrong, in English for developers."""
        return TEXTS[self.code].wrong.format(**self.values)

    @property
    def advice(self) -> str:
        """What to do about it."""
        return TEXTS[self.code].advice.format(**self.values)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.message}: {self.advice} [{self.code}]"

    def as_json(self) -> dict[str, object]:
        """For `--json`: everything, with the values that a translation needs."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "message": self.message,
            "advice": self.advice,
            "values": dict(self.values),
        }


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Without repetition, by file and line; what stops comes first on its line."""
    unique = {(fault.file, fault.line, fault.severity, fault.code, fault.message): fault for fault in faults}
    return [unique[key] for key in sorted(unique)]


def errors(faults: Iterable[Fault]) -> list[Fault]:
    """Those that stop `make check`."""
    return [fault for fault in faults if fault.severity == "error"]
