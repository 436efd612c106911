"""The command line of the catalogue: check, import, export, show, search, and the remote catalogue's commands."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from integrations.catalogue import show
from integrations.catalogue.errors import CatalogueError, SourceUnreadable
from integrations.catalogue.importer import import_folder
from integrations.catalogue.jsonld import to_jsonld
from integrations.catalogue.reader import read_folder
from integrations.catalogue.remote import cli as remote
from integrations.catalogue.repository import SqlCatalogue
from settings import SettingsError, load_settings
from storage import StorageError, SyncDatabase
from storage.migrate import check_schema


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line: 0 when it was done, 1 with one clear line for each fault, 2 for a wrong command."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except (CatalogueError, SettingsError, StorageError) as error:
        print(error, file=sys.stderr)
    except DBAPIError as error:
        print(f"database: {error.orig}", file=sys.stderr)
    except BrokenPipeError:
        # The reader of our output (such as `head`) has seen enough; Python must not flush into it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m integrations.catalogue", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("check", _check, "check a folder of catalogue files: file and line of every fault"),
        ("import", _import, "check a folder, then make the database hold what it says"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("folder", nargs="?", type=Path, help="default: DALIL_CATALOGUE_SOURCE")
        command.set_defaults(run=run)
    export = commands.add_parser("export", help="write the catalogue as CPSV-AP 3.2")
    export.add_argument("--format", choices=["jsonld"], default="jsonld")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    export.set_defaults(run=_export)
    shown = commands.add_parser("show", help="print a service with the source, date and grade of every fact")
    shown.add_argument("id")
    shown.set_defaults(run=_show)
    search = commands.add_parser("search", help="print the services that a citizen's words mean, with their scores")
    search.add_argument("words", nargs="+")
    search.add_argument("--limit", type=int, default=5)
    search.set_defaults(run=_search)
    remote.add_commands(commands, _database)
    return parser


def _folder(options: argparse.Namespace) -> Path:
    if options.folder is not None:
        return Path(options.folder)
    source = load_settings().catalogue_source
    if _is_address(source):
        raise SourceUnreadable(f"DALIL_CATALOGUE_SOURCE is a remote catalogue ({source}): name a folder")
    return Path(source)


def _is_address(source: str) -> bool:
    return source.startswith(("http://", "https://"))


@contextmanager
def _database() -> Iterator[SyncDatabase]:
    database = SyncDatabase(load_settings().database_url)
    try:
        check_schema(database)
        yield database
    finally:
        database.close()


def _check(options: argparse.Namespace) -> int:
    content = read_folder(_folder(options))
    services = sum(len(authority.services) for authority in content.authorities)
    print(f"no fault: {services} services of {len(content.authorities)} authorities")
    return 0


def _import(options: argparse.Namespace) -> int:
    if options.folder is None and _is_address(source := load_settings().catalogue_source):
        return remote.sync_and_report(source, _database)
    with _database() as database:
        report = import_folder(database, _folder(options))
    print("\n".join(report.lines()))
    return 0


def _export(options: argparse.Namespace) -> int:
    with _database() as database:
        text = json.dumps(to_jsonld(SqlCatalogue(database).content()), ensure_ascii=False, indent=1)
    if options.output is None:
        print(text)
        return 0
    unfinished = options.output.with_name(f".{options.output.name}.part")
    try:
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.replace(options.output)
    except OSError as error:
        raise CatalogueError(f"{options.output}: {error.strerror}") from error
    return 0


def _show(options: argparse.Namespace) -> int:
    with _database() as database:
        service = SqlCatalogue(database).service(options.id)
    print("\n".join(show.lines(service)))
    return 0


def _search(options: argparse.Namespace) -> int:
    # Its word lists take a while to load; no other command needs them.
    from integrations.catalogue.search import SearchIndex

    with _database() as database:
        services = SqlCatalogue(database).services(load_settings().jurisdiction)
    hits = SearchIndex.build(services).search(" ".join(options.words), limit=options.limit)
    if not hits:
        raise CatalogueError("nothing found")
    for hit in hits:
        print(f"{hit.score:.2f}  {hit.service}  {hit.name}")
    return 0
