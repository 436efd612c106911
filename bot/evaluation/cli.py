"""`python -m bot evaluate`."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.ask import Asking
from bot.engine.manifest import current, manifest_of
from bot.evaluation import page, pictures, report
from bot.evaluation.answering import Answered, answer
from bot.evaluation.cases import Case, load_cases
from bot.evaluation.errors import BadCases, EvaluationError
from bot.evaluation.floors import broken, read_floors
from bot.evaluation.judging import Judged, expected, got, judge
from bot.evaluation.known import NAME, compare, read_known, write_known
from bot.evaluation.progress import Progress
from bot.fingerprint import is_current
from integrations.catalogue import live
from settings import Settings

DEFAULT_SETS = ("tests/nlu/held_out",)
_ROOT = Path(__file__).parents[2]


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Measure, save and print; 1 when `--check` finds what it is for.

    Raises:
        EvaluationError: with what cannot be read, before anything is answered.
    """
    logging.getLogger().setLevel(logging.ERROR)
    folders = list(dict.fromkeys(map(Path, options.folders or DEFAULT_SETS)))
    cases = {folder: _cases(folder) for folder in folders}
    known = {folder: read_known(folder) for folder in folders}
    floors = {folder: read_floors(folder) for folder in folders}
    model = _model(settings, options.model)
    sets = _judged(cases, settings, options.model)
    made = report.build({folder.as_posix(): judged for folder, judged in sets.items()}, model)
    _save(made, Path(options.output))
    print(json.dumps(made, ensure_ascii=False, indent=1) if options.json else page.summary(made), flush=True)
    if not options.json:
        print(f"{len(made['failures'])} failures are listed in {Path(options.output) / 'report.md'}")
    faults = 0
    for folder, judged in sets.items():
        if options.update_known:
            _update(folder, known[folder], judged)
        elif options.check:
            faults += _check(folder, known[folder], floors[folder], judged)
    return 1 if faults else 0


def _cases(folder: Path) -> list[Case]:
    cases = load_cases(folder)
    if not cases:
        raise BadCases(f"{folder}: no cases in *.yml")
    return cases


def _judged(sets: Mapping[Path, Sequence[Case]], settings: Settings, model: str | None) -> dict[Path, list[Judged]]:
    cases = [case for members in sets.values() for case in members]
    judged = iter([judge(answered) for answered in asyncio.run(_answered(cases, settings, model))])
    return {folder: [next(judged) for _ in members] for folder, members in sets.items()}


async def _answered(cases: Sequence[Case], settings: Settings, model: str | None) -> list[Answered]:
    asking = Asking(settings, model=model)
    progress = Progress(len(cases))
    try:
        services = live.shared().snapshot.services
        if not services:
            raise EvaluationError("the catalogue is empty: run `python -m integrations.catalogue import` first")
        for name, times in _unknown(cases, services).items():
            print(f"warning: no service {name} in the catalogue; {times} messages ask for it", file=sys.stderr)
        return await answer(asking, cases, progress.step)
    finally:
        progress.close()
        await asking.close()


def _unknown(cases: Sequence[Case], services: Mapping[str, object]) -> dict[str, int]:
    """The services that cases name and the catalogue has not, with how many cases do: those can only fail."""
    named = [name for case in cases for name in {case.service, *case.options, *(q.service for q in case.also)} if name]
    return {name: named.count(name) for name in sorted({*named} - {*services})}


def _model(settings: Settings, name: str | None) -> report.Model:
    folder = Path(settings.model_folder)
    manifest = manifest_of(folder, name) if name else current(folder)
    fresh = name is None and is_current(folder, settings.data_folder)
    return report.Model(manifest.name, fresh, report.revision(_ROOT))


def _save(made: Mapping[str, Any], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
        (folder / "report.md").write_text(page.page(made), "utf-8")
    except OSError as error:
        raise EvaluationError(f"the report cannot be saved in {folder}: {error.strerror}") from error
    pictures.draw(folder / "report.json", folder)


def _update(folder: Path, known: Sequence[str], judged: Sequence[Judged]) -> None:
    found = compare(known, judged)
    write_known(folder, judged)
    failed = sum(1 for item in judged if item.wrong)
    print(f"{folder / NAME}: {failed} known, {len(found.new)} new, {len(found.stale)} dropped", file=sys.stderr)


def _check(folder: Path, known: Sequence[str], floors: Mapping[str, float], judged: Sequence[Judged]) -> int:
    """Print what is wrong, and return how many there are of it; stale entries are counted but wrong nothing."""
    found = compare(known, judged)
    below = broken(floors, judged)
    for item in found.new:
        came = f"expected {expected(item.case)}, got {got(item.answered.reply)}"
        print(f"{folder}: new failure: {item.answered.sentence}: {came}", file=sys.stderr)
    for line in below:
        print(f"{folder}: {line}", file=sys.stderr)
    still = len(known) - len(found.stale)
    advice = "; drop the stale ones with --update-known" if found.stale else ""
    counts = f"{len(found.new)} new failures, {still} known, {len(found.stale)} stale"
    print(f"{folder}: {counts}, {len(below)} of {len(floors)} floors broken{advice}", file=sys.stderr)
    return len(found.new) + len(below)
