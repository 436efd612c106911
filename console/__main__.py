"""`python -m console`: the staff console.

serve                  run it until SIGINT or SIGTERM
invite NAME            somebody new, or a new invitation for somebody there is; prints a link that works once
invite --first         the first administrator, as long as none has joined; otherwise does nothing
audit verify           read the whole audit log and compare every hash; fails on the first fault
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable

from sqlalchemy import Connection

from channels import logs
from channels.errors import StartupError
from channels.serving import check_tables, listen, serve
from console.access.roles import EVERYWHERE, Grant, Role
from console.accounts import staff
from console.accounts.second_step import Vault, new_secret
from console.app import create_app
from console.audit import log
from console.audit.log import Act
from console.errors import CommandRefused, Problem
from console.pages.words import say
from settings import Settings, SettingsError, load_settings
from storage import StorageError, SyncDatabase
from storage.migrate import check_schema

_Work = Callable[[Connection, argparse.Namespace, Settings], str]
_FIRST = "admin"
_SHELL = "shell"
"""The actor of what is done by command line."""


def main() -> int:
    """Run the command line; 0 when done, 1 with one clear line otherwise."""
    options = _options()
    try:
        settings = load_settings()
        if options.command == "serve":
            return _serve(settings)
        work = _invite if options.command == "invite" else _verify
        print(_in_database(settings, options, work), end="")
    except (SettingsError, StorageError, StartupError, CommandRefused) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m console", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve")
    invite = commands.add_parser("invite")
    invite.add_argument("name", nargs="?", help="log-in name: small Latin letters and digits")
    invite.add_argument("--first", action="store_true", help="only when there is no administrator")
    invite.add_argument("--shown", default="", help="the name that others read (default: the log-in name)")
    invite.add_argument("--role", action="append", choices=[role.value for role in Role], default=[])
    invite.add_argument("--ministry", default=EVERYWHERE, help="an authority of the catalogue (default: all)")
    audit = commands.add_parser("audit").add_subparsers(dest="audit", required=True, metavar="verify")
    verify = audit.add_parser("verify")
    verify.add_argument("--since", metavar="ID:HASH", help="an entry's hash that was noted elsewhere")
    return parser.parse_args()


def _serve(settings: Settings) -> int:
    logs.configure(settings.log_level)
    check_tables(settings.database_url)
    listening = listen(settings.console_host, settings.console_port, "DALIL_CONSOLE_HOST, DALIL_CONSOLE_PORT")
    asyncio.run(serve(create_app(settings), listening))
    return 0


def _in_database(settings: Settings, options: argparse.Namespace, work: _Work) -> str:
    database = SyncDatabase(settings.database_url)
    try:
        check_schema(database)
        with database.engine.execution_options(dalil_writes=True).begin() as connection:
            return work(connection, options, settings)
    finally:
        database.close()


def _invite(connection: Connection, options: argparse.Namespace, settings: Settings) -> str:
    if options.first and staff.has_admin(connection):
        return ""
    name = _FIRST if options.first else options.name
    if not name:
        raise CommandRefused("say who: python -m console invite NAME --role editor, or --first")
    known = {member.name: member.id for member in staff.members(connection)}
    roles = [Role.ADMIN] if options.first else [Role(role) for role in options.role]
    if name not in known and not roles:
        raise CommandRefused(f"{name} is new: say what they may with --role")
    try:
        grants = [Grant(role, EVERYWHERE if role is Role.ADMIN else options.ministry) for role in roles]
        staff_id = known.get(name) or staff.add(connection, name, options.shown or name, grants)
        if name in known and grants:
            staff.set_grants(connection, staff_id, grants)
    except Problem as problem:
        raise CommandRefused(f"{name}: {say('en', problem.text, **problem.values)}") from None
    token = staff.invite(connection, staff_id, Vault(settings.console_key).seal(new_secret()))
    log.append(connection, Act(_SHELL, "staff-invite", name, detail={"grants": [role.value for role in roles]}))
    link = f"{settings.console_url.rstrip('/')}/join/{token}\n"
    return (
        f"no administrator has joined the staff console yet; once, within 24 hours: {link}" if options.first else link
    )


def _verify(connection: Connection, options: argparse.Namespace, _settings: Settings) -> str:
    noted = {}
    if options.since:
        number, _, sealed = options.since.partition(":")
        if not number.isdecimal() or len(sealed) != 64:
            raise CommandRefused("--since: give ID:HASH, as this command prints them")
        noted = {int(number): sealed}
    verdict = log.verify(connection, noted)
    if verdict.fault:
        raise CommandRefused(f"the audit log was changed: {verdict.fault}")
    return f"the audit log is whole: {verdict.entries} entries, {verdict.entries}:{verdict.hash}\n"


if __name__ == "__main__":
    sys.exit(main())
