"""All checks together: over files, or over one sentence that somebody is typing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from bot.data import personal, script, sentence
from bot.data.corpus import Corpus, Known, Place, stems_of
from bot.data.faults import Fault, in_order
from bot.data.reading import Answer, Data, Example, Label, read

FEWEST_EXAMPLES = 8
"""Of an intent; with fewer the classifier learns the words of the examples rather than the question."""

Sources = Path | str | Iterable[Path | str]


def check(
    sources: Sources,
    *,
    services: Collection[str],
    intents: Collection[str],
    entities: Collection[str] = frozenset(),
    names: Iterable[str] = (),
) -> list[Fault]:
    """Every fault in files or folders of training data, by file and line.

    Args:
        sources: a folder or a file, or several.
        services: identifiers of the catalogue's services.
        intents: intents of the domain, `faq` for all of faq/*.
        entities: entities of the domain.
        names: names and keywords of services; sentences that differ in one of their words are not alike.
    """
    return check_data(read(sources), Known(intents, services, entities, stems_of(names)))


def check_data(data: Data, known: Known) -> list[Fault]:
    """As `check`, over what was read before."""
    found = list(data.faults)
    for label in data.labels:
        found += _label(label, known)
    found += _counts(data)
    found += _topics(data)
    for example in data.examples:
        found += _alone(example, known)
    for answer in data.answers:
        found += check_answer(answer)
    found += Corpus(data.examples, known).clashes
    return in_order(found)


def index(
    sources: Sources,
    *,
    services: Collection[str],
    intents: Collection[str],
    entities: Collection[str] = frozenset(),
    names: Iterable[str] = (),
) -> Corpus:
    """The sentences of files or folders, to check new ones against; arguments as of `check`."""
    return Corpus(read(sources).examples, Known(intents, services, entities, stems_of(names)))


def check_example(
    text: str, intent: str, service: str | None, corpus: Corpus, replacing: Place | None = None
) -> list[Fault]:
    """Every fault of one new sentence, in a few milliseconds.

    Args:
        text: the sentence, without the dash.
        intent: what it shall be taught as.
        service: the identifier of the service that it is about, if any.
        corpus: the sentences that there are, from `index`.
        replacing: file and line of the sentence that it is written over, which it may then repeat.
    """
    example = Example(text.strip(), intent, service)
    label = Label(intent, service, "", 0, 0)
    found = [*_label(label, corpus.known), *_alone(example, corpus.known)]
    return in_order([*found, *corpus.compare(example, replacing)] if example.text else found)


def check_answer(answer: Answer) -> list[Fault]:
    """Every fault of one text of an answer."""
    return in_order([*script.of_answer(answer), *personal.of_answer(answer)])


def _alone(example: Example, known: Known) -> Iterator[Fault]:
    """What is wrong with a sentence whatever the others are."""
    yield from sentence.check(example, known.entities)
    if example.text:
        yield from script.of_example(example)
        yield from personal.of_example(example)


def _label(label: Label, known: Known) -> Iterator[Fault]:
    if label.intent not in known.intents and label.intent.partition("/")[0] not in known.intents:
        yield Fault("unknown-intent", label.file, label.line, {"intent": label.intent})
    if label.service is not None and label.service not in known.services:
        yield Fault("unknown-service", label.file, label.service_line, {"service": label.service})


def _first_labels(data: Data) -> dict[str, Label]:
    first: dict[str, Label] = {}
    for label in data.labels:
        first.setdefault(label.intent, label)
    return first


def _counts(data: Data) -> Iterator[Fault]:
    counts = Counter(example.intent for example in data.examples if example.text)
    for intent, label in _first_labels(data).items():
        if counts[intent] < FEWEST_EXAMPLES:
            values: dict[str, str | int] = {"intent": intent, "count": counts[intent], "least": FEWEST_EXAMPLES}
            yield Fault("few-examples", label.file, label.line, values)


def _topics(data: Data) -> Iterator[Fault]:
    """Questions without their answer, and answers without their question (intents such as faq/privacy)."""
    answers = {answer.name: answer for answer in reversed(data.answers)}
    topics = {f"utter_{intent}": label for intent, label in _first_labels(data).items() if "/" in intent}
    for name in topics.keys() - answers.keys():
        label = topics[name]
        yield Fault("faq-without-answer", label.file, label.line, {"intent": label.intent})
    for name, answer in answers.items():
        if "/" in name and name not in topics:
            yield Fault("answer-without-faq", answer.file, answer.line, {"name": name})
