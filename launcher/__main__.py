"""`python -m launcher run`: bring everything up to date, then run every process until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time

from launcher import plan, preflight
from launcher.errors import LaunchError
from launcher.supervisor import LAUNCHER, Supervisor
from launcher.welcome import welcome
from settings import Settings, SettingsError, load_settings

COLOURS = ("36", "33", "35", "32", "34")


class Screen:
    """Lines with the name of their process in front; names in colour on a terminal."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._colours: dict[str, str] = {}
        self._closed = False

    def __call__(self, name: str, line: str) -> None:
        """Print one line."""
        label = name.ljust(self._width)
        if sys.stdout.isatty():
            colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
            label = f"\x1b[{colour}m{label}\x1b[0m"
        try:
            print(f"{label} | {line}", flush=True)
        except OSError:
            self._stop_everything()

    def _stop_everything(self) -> None:
        """The terminal or the pipe is gone: nobody can read what happens, or press Ctrl-C."""
        if not self._closed:
            self._closed = True
            sys.stdout = open(os.devnull, "w")
            signal.raise_signal(signal.SIGTERM)


async def launch(settings: Settings) -> None:
    """Check this machine, run the steps, then keep every program running until cancelled.

    Raises:
        LaunchError: what has to be put right, in one line for each fault.
    """
    started = time.monotonic()
    steps, programs = plan.steps(settings), plan.programs(settings)
    names = [step.name for step in steps] + [program.name for program in programs]
    screen = Screen(max(map(len, names)))
    supervisor = Supervisor(screen)
    preflight.check(settings, programs)
    for step in steps:
        await supervisor.run_step(step)

    def ready() -> None:
        for line in welcome(settings, time.monotonic() - started):
            screen(LAUNCHER, line)

    await supervisor.keep_running(programs, ready)


async def until_interrupted(settings: Settings) -> int:
    """Launch; the first Ctrl-C or SIGTERM stops everything in order, the second one at once."""
    launching = asyncio.ensure_future(launch(settings))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, launching.cancel)
    try:
        await launching
    except asyncio.CancelledError:
        print(f"{LAUNCHER}: stopped")
    return 0


def main() -> int:
    """Run the command line; 0 after Ctrl-C, 1 with one clear line when something has to be put right."""
    parser = argparse.ArgumentParser(prog="python -m launcher", description=__doc__)
    parser.add_argument("command", choices=["run"])
    parser.parse_args()
    try:
        return asyncio.run(until_interrupted(load_settings()))
    except (SettingsError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
