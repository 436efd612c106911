"""The assistant's commands: `python -m bot train | serve | ask`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time

from settings import Settings, SettingsError, load_settings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a model from nlu_data/ and bot/, and make it the current one")
    train.add_argument("--if-changed", action="store_true", help="only when what it is trained from has changed")
    serve = commands.add_parser("serve", help="answer over HTTP")
    serve.add_argument("--worker", type=int, default=0, help="which worker: listens on DALIL_ASSISTANT_PORT + WORKER")
    ask = commands.add_parser("ask", help="answer one question, or JSON lines from standard input")
    ask.add_argument("text", nargs="?", help="the question")
    ask.add_argument("--channel", choices=["web", "telegram", "sms"], default="web")
    ask.add_argument("--json", action="store_true", help="print the reply as JSON")
    ask.add_argument("--jsonl", action="store_true", help='read {"id", "text"} a line, write one reply a line')
    return parser


def main() -> int:
    """Run the command line; 1 with one clear line when something an operator can mend is wrong."""
    options = _parser().parse_args()
    # Before the first import of rasa, which the commands below do.
    from bot import quiet, slim

    quiet.install()
    slim.install(serving=options.command != "train")
    from bot.errors import AssistantError
    from integrations.catalogue.errors import CatalogueError
    from storage import StorageError

    try:
        settings = load_settings()
        logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        _require_tables(settings)
        return {"train": _train, "serve": _serve, "ask": _ask}[options.command](options, settings)
    except (SettingsError, StorageError, AssistantError, CatalogueError) as error:
        print(error, file=sys.stderr)
        return 1


def _require_tables(settings: Settings) -> None:
    from storage import SyncDatabase
    from storage.migrate import check_schema

    database = SyncDatabase(settings.database_url)
    try:
        check_schema(database)
    finally:
        database.close()


def _train(options: argparse.Namespace, settings: Settings) -> int:
    from bot.fingerprint import is_current

    if options.if_changed and is_current(settings.model_folder):
        print("the model is up to date")
        return 0
    # Only now: importing Rasa's training takes seconds.
    from bot import training

    started = time.monotonic()
    print("training …", flush=True)
    manifest = training.train(settings.model_folder)
    print(f"trained {manifest.name} in {time.monotonic() - started:.1f} s")
    return 0


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    import uvloop
    from aiohttp import web

    from bot.server import create_app

    port = settings.assistant_port + options.worker
    try:
        web.run_app(
            create_app(settings),
            host=settings.assistant_host,
            port=port,
            print=None,
            access_log=None,
            loop=uvloop.new_event_loop(),
        )
    except OSError as error:
        print(
            f"DALIL_ASSISTANT_PORT: cannot listen on {settings.assistant_host}:{port}: {error.strerror}",
            file=sys.stderr,
        )
        return 1
    return 0


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    import json

    from bot import ask

    logging.getLogger().setLevel(logging.ERROR)
    if options.jsonl:
        asyncio.run(ask.ask_lines(settings, sys.stdin, sys.stdout))
        return 0
    if not options.text:
        print("say what to ask, or use --jsonl", file=sys.stderr)
        return 1
    reply = asyncio.run(ask.ask_once(settings, options.text, options.channel))
    print(json.dumps(reply, ensure_ascii=False)) if options.json else ask.show(reply)
    return 0


if __name__ == "__main__":
    sys.exit(main())
