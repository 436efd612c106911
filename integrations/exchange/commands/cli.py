"""The command line of the exchange: check, ready, status; certificates, simulate, move."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from integrations.exchange.commands import asking, moving, simulating
from integrations.exchange.errors import ExchangeError
from integrations.exchange.model import ProofKind, State
from integrations.exchange.simulator.seed import SAMPLE

_CERTIFICATES = Path("var/exchange")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line: 0 when it was done, 1 with one clear line for each fault, 2 for a wrong command."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except ExchangeError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or 'network'}: {error.strerror}", file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m integrations.exchange", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check a configuration file: file and line of every fault")
    check.add_argument("file", type=Path)
    check.set_defaults(run=lambda options: asking.check(options.file))
    ready = commands.add_parser("ready", help="ask the exchange which agencies can be asked")
    ready.add_argument("agency", nargs="*", help="default: all of the configuration")
    ready.set_defaults(run=lambda options: asyncio.run(asking.ready(_source(options), options.agency)))
    status = commands.add_parser("status", help="ask where an application stands; the proof is asked for, not shown")
    status.add_argument("agency")
    status.add_argument("reference")
    status.add_argument("--proof", choices=[kind.value for kind in ProofKind], default=ProofKind.LAST_FOUR.value)
    status.set_defaults(run=lambda options: asking.status(_source(options), options))
    for command in (ready, status):
        where = command.add_mutually_exclusive_group()
        where.add_argument("--agencies", type=Path, metavar="FILE", help="configuration; default: the simulator")
        where.add_argument("--seed", type=Path, metavar="FILE", help="other applications of the simulator")
    certificates = commands.add_parser("certificates", help="make an authority, server and client certificates to try")
    certificates.add_argument("folder", type=Path)
    certificates.set_defaults(run=lambda options: simulating.certificates(options.folder))
    _add_simulate(commands.add_parser("simulate", help="serve a security server with agencies behind it, on loopback"))
    _add_move(commands.add_parser("move", help="move an application of a running simulator on, as an official would"))
    return parser


def _add_simulate(simulate: argparse.ArgumentParser) -> None:
    simulate.add_argument("--seed", type=Path, default=SAMPLE, metavar="FILE", help="who applied for what")
    simulate.add_argument("--prepare", action="store_true", help="only make certificates and configuration")
    simulate.add_argument("--port", type=int, default=0, help="default: any free one")
    simulate.add_argument(
        "--certificates",
        type=Path,
        default=_CERTIFICATES,
        metavar="DIR",
        help="made when missing or over; the configuration to ask it with is written there (default: %(default)s)",
    )
    simulate.set_defaults(run=lambda options: asyncio.run(simulating.simulate(options)))


def _add_move(move: argparse.ArgumentParser) -> None:
    move.add_argument("reference")
    move.add_argument("state", choices=[state.value for state in State], metavar="STATE")
    move.add_argument("--required", metavar="TEXT", help="what the citizen must do now, in Arabic")
    move.add_argument(
        "--agencies",
        type=Path,
        default=_CERTIFICATES / "exchange.yml",
        metavar="FILE",
        help="the configuration that `simulate` wrote (default: %(default)s)",
    )
    move.set_defaults(
        run=lambda options: moving.move(options.agencies, options.reference, options.state, options.required)
    )


def _source(options: argparse.Namespace) -> asking.Source:
    return asking.Source(options.agencies, options.seed or SAMPLE)
