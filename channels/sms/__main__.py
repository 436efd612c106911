"""`python -m channels.sms`: what an operator does with the SMS channel, while the gateway runs or not.

check      the configuration file, provider by provider
addresses  what each provider must call; they have secrets in them
report     queue, and for each provider parts, delivered share, seconds, failures by code and riyals
show       the way of one message, by its id
replay     send stuck messages again; safe to repeat
stop       use a provider no more, with the reason        resume   use it again
page       the same in a browser, until Ctrl-C; by itself on loopback only
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping
from sqlalchemy.exc import SQLAlchemyError

from channels import logs
from channels.errors import StartupError
from channels.serving import check_tables, listen, serve
from channels.sms.addresses import Addresses
from channels.sms.operating import report
from channels.sms.operating.page.app import create_app
from channels.sms.operating.replay import STUCK, replay
from channels.sms.operating.trace import message_of, trace
from channels.sms.routing import switches
from channels.tables import OutboxState
from channels.wiring import sms_providers
from settings import Settings, SettingsError, load_settings
from storage import StorageError, SyncDatabase, utc_now
from storage.migrate import check_schema

Work = Callable[[Connection, argparse.Namespace], Iterator[str]]


def main() -> int:
    """Run the command line; 0 when done, 1 with clear lines otherwise."""
    options = _options()
    try:
        settings = load_settings()
        if options.command in ("check", "addresses"):
            lines = list(_configured(settings, with_secrets=options.command == "addresses"))
        elif options.command == "page":
            return _serve_page(settings, options)
        else:
            lines = _in_database(settings, options)
    except (SettingsError, StorageError, StartupError, _Refused) as error:
        print(error, file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        print(f"the database does not answer: {type(error).__name__}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


class _Refused(Exception):
    """The command cannot be carried out; the message says why."""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m channels.sms", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("check")
    commands.add_parser("addresses")
    commands.add_parser("report").add_argument("--hours", type=float, default=24.0, help="how far back (default 24)")
    commands.add_parser("show").add_argument("message", help="id of the message, 32 hexadecimal digits")
    again = commands.add_parser("replay")
    again.add_argument("messages", nargs="*", help="ids; without them all that are stuck")
    again.add_argument("--unknown", action="store_true", help="also those that may have gone out: perhaps twice then")
    again.add_argument("--hours", type=float, default=24.0, help="written within so many hours (default 24)")
    again.add_argument("--dry-run", action="store_true", help="only say which")
    halt = commands.add_parser("stop")
    halt.add_argument("provider")
    halt.add_argument("--reason", required=True)
    commands.add_parser("resume").add_argument("provider")
    page = commands.add_parser("page")
    page.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    page.add_argument("--port", type=int, help="port to listen on (default DALIL_OPERATOR_PORT)")
    return parser.parse_args()


def _serve_page(settings: Settings, options: argparse.Namespace) -> int:
    logs.configure(settings.log_level)
    names = [provider.name for provider in sms_providers(settings)]
    check_tables(settings.database_url)
    port = settings.operator_port if options.port is None else options.port
    listening = listen(options.host, port, "--host, --port or DALIL_OPERATOR_PORT")
    asyncio.run(serve(create_app(settings, names), listening))
    return 0


def _configured(settings: Settings, *, with_secrets: bool) -> Iterator[str]:
    for provider in sms_providers(settings):
        yield (
            f"{provider.name}: {provider.kind}, sender {provider.sender}, weight {provider.weight}, "
            f"{provider.parts_per_second:g} parts/s, {provider.part_cost:g} riyals a part"
        )
        if with_secrets and not provider.calls:
            yield "  calls nothing: the gateway keeps a connection to it"
        elif with_secrets:
            gateway = provider.gateway_url or settings.public_url
            where = Addresses(settings.sms_secret.get_secret_value(), provider.name, gateway)
            yield from (f"  {where.base}/{path}" for path in ("inbound", "receipt"))


def _in_database(settings: Settings, options: argparse.Namespace) -> list[str]:
    works: dict[str, Work] = {"report": _report, "show": _show, "replay": _replay, "stop": _stop, "resume": _resume}
    if options.command in ("stop", "resume"):
        _check_known(settings, options.provider)
    database = SyncDatabase(settings.database_url)
    try:
        check_schema(database)
        with database.engine.execution_options(dalil_writes=True).begin() as connection:
            return list(works[options.command](connection, options))
    finally:
        database.close()


def _check_known(settings: Settings, name: str) -> None:
    known = [provider.name for provider in sms_providers(settings)]
    if name not in known:
        raise _Refused(f"no provider is named {name}: there are {', '.join(known)}")


def _report(connection: Connection, options: argparse.Namespace) -> Iterator[str]:
    waiting = report.queue(connection)
    since = f", the oldest since {waiting.oldest:%Y-%m-%d %H:%M} UTC" if waiting.oldest else ""
    yield f"queued {waiting.queued}{since}, sending {waiting.sending}"
    for name, stop in switches.stopped(connection).items():
        yield f"STOPPED {name}: {stop.reason} ({stop.by}, {stop.at:%Y-%m-%d %H:%M} UTC)"
    for one in report.providers(connection, utc_now() - timedelta(hours=options.hours)):
        states = ", ".join(f"{state} {count}" for state, count in sorted(one.states.items()))
        yield (
            f"{one.provider}: {one.parts} parts ({states}), delivered {one.delivered_share:.1%}, "
            f"accepted after {_seconds(one.accepted)}, delivered after {_seconds(one.delivered)}, {one.cost:g} riyals"
        )
        yield from (f"  {code}: {count}" for code, count in sorted(one.codes.items(), key=lambda item: -item[1]))


def _seconds(took: report.Seconds | None) -> str:
    return "-" if took is None else f"{took.median:.2f} s (95 %: {took.p95:.2f})"


def _show(connection: Connection, options: argparse.Namespace) -> Iterator[str]:
    message_id = message_of(options.message)
    way = trace(connection, message_id) if message_id else None
    if way is None:
        raise _Refused("there is no such SMS")
    yield "message " + _said(way.message)
    yield from ("part " + _said(part) for part in way.parts)


def _said(known: RowMapping) -> str:
    return " ".join(f"{name}={_plain(value)}" for name, value in known.items() if value is not None)


def _plain(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _replay(connection: Connection, options: argparse.Namespace) -> Iterator[str]:
    states = [state for state in STUCK if options.unknown or state is not OutboxState.UNKNOWN]
    since = utc_now() - timedelta(hours=options.hours)
    with connection.begin_nested() as tried:
        found = replay(connection, states, since, options.messages)
        if options.dry_run:
            tried.rollback()
    yield f"{len(found)} {'would be' if options.dry_run else 'are'} queued again"
    yield from found


def _stop(connection: Connection, options: argparse.Namespace) -> Iterator[str]:
    switches.stop(connection, options.provider, options.reason, getpass.getuser())
    yield f"{options.provider} is stopped; gateways notice within seconds"


def _resume(connection: Connection, options: argparse.Namespace) -> Iterator[str]:
    was_off = switches.resume(connection, options.provider)
    yield f"{options.provider} is {'used again' if was_off else 'not stopped'}"


if __name__ == "__main__":
    sys.exit(main())
