"""`python -m bot data check [FOLDER] [--errors] [--json]`: file and line of every fault in the training data."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Sequence

from bot.data import project
from bot.data.checks import check_data
from bot.data.faults import Fault, errors
from bot.data.reading import read
from integrations.catalogue.errors import CatalogueError
from settings import SettingsError
from storage import StorageError


def run(options: argparse.Namespace) -> int:
    """Check and print: 1 when there is an error, 0 with warnings only."""
    try:
        known = project.known()
    except (CatalogueError, SettingsError, StorageError) as error:
        print(error, file=sys.stderr)
        return 1
    # Half a million small things that all live to the end: looking for dead ones costs a sixth of the time.
    gc.disable()
    try:
        data = read(options.folder)
        faults = check_data(data, known)
    finally:
        gc.enable()
    wrong = errors(faults)
    shown = wrong if options.errors else faults
    if options.json:
        _print(json.dumps([fault.as_json() for fault in shown], ensure_ascii=False, indent=1))
    else:
        summary = _summary(data.files, len(data.examples), faults, hidden=options.errors)
        _print("\n".join([*map(str, shown), summary]))
    return 1 if wrong else 0


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # The reader of our output (such as `head`) has seen enough; Python must not flush into it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _summary(files: int, examples: int, faults: Sequence[Fault], *, hidden: bool) -> str:
    wrong = len(errors(faults))
    warnings = len(faults) - wrong
    where = " (python -m bot data check lists them)" if hidden and warnings else ""
    read = f"{_count(files, 'file')}, {_count(examples, 'sentence')}"
    return f"{read}: {_count(wrong, 'error')}, {_count(warnings, 'warning')}{where}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
