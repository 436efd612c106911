"""Kannel's processes: bearerbox, which keeps the messages, and smsbox, which speaks HTTP where that is wanted."""

from __future__ import annotations

import asyncio
import shutil
from asyncio.subprocess import DEVNULL, Process

from channels.sms.providers.kannel.trial.setup import Trial

_PATIENCE_SECONDS = 20.0
_PLACES = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"


class KannelMissing(Exception):
    """Kannel is not installed, or did not come up; the message says which."""


class Boxes:
    """The processes of one trial."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._running: list[Process] = []

    async def start(self) -> None:
        """Start them and wait until they listen.

        Raises:
            KannelMissing: there is no Kannel, or it ended at once.
        """
        for name, port in self._trial.programs:
            await self._start(name, port)

    async def stop(self) -> None:
        """End them in the order that loses nothing."""
        for process in reversed(self._running):
            if process.returncode is None:
                process.terminate()
            await process.wait()
        self._running.clear()

    async def kill(self) -> None:
        """End them at once, as a failing machine does."""
        for process in self._running:
            if process.returncode is None:
                process.kill()
            await process.wait()
        self._running.clear()

    async def _start(self, name: str, port: int) -> None:
        program = shutil.which(name) or shutil.which(name, path=_PLACES)
        if program is None:
            raise KannelMissing(f"{name} is not installed (Debian: apt-get install kannel)")
        # A session of its own, for Ctrl-C is ours to hear. Its log files are in the configuration.
        process = await asyncio.create_subprocess_exec(
            program,
            str(self._trial.configuration),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
        )
        self._running.append(process)
        await _until_listening(name, process, port, self._trial)


async def _until_listening(name: str, process: Process, port: int, trial: Trial) -> None:
    deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
    while asyncio.get_running_loop().time() < deadline and process.returncode is None:
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    raise KannelMissing(f"{name} did not come up: see {trial.folder / (name + '.log')}")
