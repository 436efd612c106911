"""The remote catalogue's commands: sync, simulate."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from integrations.catalogue.errors import CatalogueError
from integrations.catalogue.remote.faults import Fault
from settings import load_settings
from storage import SyncDatabase

OpenDatabase = Callable[[], AbstractContextManager[SyncDatabase]]


def add_commands(commands: Any, open_database: OpenDatabase) -> None:
    """Add the commands to the subparsers `commands`; each sets `run`, which takes the options and gives a code."""
    synced = commands.add_parser("sync", help="read a remote catalogue, then make the database hold what it says")
    synced.add_argument("url", nargs="?", help="default: DALIL_CATALOGUE_SOURCE")
    synced.set_defaults(
        run=lambda options: sync_and_report(options.url or load_settings().catalogue_source, open_database)
    )
    simulated = commands.add_parser("simulate", help="serve a folder of catalogue files as a remote catalogue")
    simulated.add_argument("--port", type=int, default=0, help="default: any free one")
    simulated.add_argument("--folder", type=Path, default=Path(__file__).parent.parent / "sample")
    simulated.add_argument("--page-size", type=int, default=20, help="nodes a page (default: 20)")
    simulated.add_argument("--fault", choices=[fault.value for fault in Fault], help="what goes wrong")
    simulated.set_defaults(run=_simulate)


def sync_and_report(address: str, open_database: OpenDatabase) -> int:
    """Sync and print what changed."""
    # aiohttp takes a while to load; the catalogue's other commands do not need it.
    from integrations.catalogue.remote.sync import sync

    with open_database() as database:
        report = sync(database, address)
    print("\n".join(report.lines()) if report else "not changed since the last sync")
    return 0


def _simulate(options: argparse.Namespace) -> int:
    try:
        asyncio.run(_serve(options))
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        raise CatalogueError(f"--port {options.port}: {error.strerror}") from error
    return 0


async def _serve(options: argparse.Namespace) -> None:
    from aiohttp import web

    from integrations.catalogue.reader import read_folder
    from integrations.catalogue.remote.simulator import PATH, Simulator

    if options.page_size < 1:
        raise CatalogueError("--page-size must be 1 or more")
    fault = Fault(options.fault) if options.fault else None
    simulator = Simulator(read_folder(options.folder), options.page_size, fault)
    runner = web.AppRunner(simulator.app())
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", options.port).start()
        host, port = runner.addresses[0][:2]
        print(f"http://{host}:{port}{PATH}", flush=True)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
