"""The assistant's commands: `python -m bot train | current | use | serve | ask | evaluate | data check`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from pathlib import Path

from settings import Settings, SettingsError, load_settings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a model from nlu_data/ and bot/, and make it the current one")
    train.add_argument("--if-changed", action="store_true", help="only when what it is trained from has changed")
    train.add_argument("--candidate", metavar="NAME", help="a model of this name that does not become the current one")
    train.add_argument("--data", type=Path, metavar="FOLDER", help="other training data than DALIL_DATA_FOLDER")
    current = commands.add_parser("current", help="name the current model; fails when its files have changed since")
    current.add_argument("--json", action="store_true", help="print it as JSON")
    use = commands.add_parser("use", help="make a trained model the current one; running workers are told by POST")
    use.add_argument("name", help="as `train` printed it")
    serve = commands.add_parser("serve", help="answer over HTTP")
    serve.add_argument("--worker", type=int, default=0, help="which worker: listens on DALIL_ASSISTANT_PORT + WORKER")
    ask = commands.add_parser("ask", help="answer one question, or JSON lines from standard input")
    ask.add_argument("text", nargs="?", help="the question")
    ask.add_argument("--channel", choices=["web", "telegram", "sms"], default="web")
    ask.add_argument("--json", action="store_true", help="print the reply as JSON")
    ask.add_argument("--jsonl", action="store_true", help='read {"id", "text"} a line, write one reply a line')
    ask.add_argument("--explain", action="store_true", help="with --jsonl: also what the text may mean, with scores")
    ask.add_argument("--model", metavar="NAME", help="another model than the current one")
    ask.add_argument("--exchange-seed", type=Path, metavar="FILE", help="other applications of the simulated exchange")
    _add_evaluate(commands.add_parser("evaluate", help="measure what is understood, on labelled sentences"))
    _add_data(commands.add_parser("data", help="check the training data"))
    return parser


def _add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("folders", nargs="*", metavar="FOLDER", help="sets of cases (default tests/nlu/held_out)")
    evaluate.add_argument("--output", metavar="DIR", default="results/nlu", help="where the report goes (%(default)s)")
    evaluate.add_argument("--json", action="store_true", help="print the report as JSON")
    evaluate.add_argument("--model", metavar="NAME", help="another model than the current one")
    known = evaluate.add_mutually_exclusive_group()
    known.add_argument("--check", action="store_true", help="fail on failures not known, and on figures under floors")
    known.add_argument("--update-known", action="store_true", help="list the failures of today as the known ones")


def _add_data(data: argparse.ArgumentParser) -> None:
    commands = data.add_subparsers(dest="data_command", required=True, metavar="check")
    check = commands.add_parser("check", help="file and line of every fault; fails on errors, not on warnings")
    check.add_argument("folder", nargs="?", default="nlu_data", help="or a file (default %(default)s)")
    check.add_argument("--errors", action="store_true", help="only count the warnings")
    check.add_argument("--json", action="store_true", help="print the faults as a JSON list")


def main() -> int:
    """Run the command line; 1 with one clear line when something an operator can mend is wrong."""
    options = _parser().parse_args()
    if options.command == "data":
        # Needs neither Rasa nor a database.
        from bot.data import cli

        return cli.run(options)
    # Before the first import of rasa, which the commands below do.
    from bot import quiet, slim

    quiet.install()
    slim.install(serving=options.command != "train")
    from bot.errors import AssistantError
    from integrations.catalogue.errors import CatalogueError
    from integrations.exchange.errors import ExchangeError
    from storage import StorageError

    try:
        settings = load_settings()
        logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        _require_tables(settings)
        commands = {"train": _train, "current": _current, "use": _use}
        commands |= {"serve": _serve, "ask": _ask, "evaluate": _evaluate}
        return commands[options.command](options, settings)
    except (SettingsError, StorageError, AssistantError, CatalogueError, ExchangeError) as error:
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

    data = options.data or settings.data_folder
    if options.if_changed and is_current(settings.model_folder, data):
        print("the model is up to date")
        return 0
    # Only now: importing Rasa's training takes seconds.
    from bot import training

    started = time.monotonic()
    print("training …", flush=True)
    manifest = training.train(settings.model_folder, data, options.candidate)
    print(f"trained {manifest.name} in {time.monotonic() - started:.1f} s")
    return 0


def _current(options: argparse.Namespace, settings: Settings) -> int:
    import json

    from bot.engine.manifest import current
    from bot.fingerprint import is_current

    name, fresh = current(settings.model_folder).name, is_current(settings.model_folder, settings.data_folder)
    if options.json:
        print(json.dumps({"model": name, "is_current": fresh}))
    else:
        print(name if fresh else f"{name}: what it was trained from has changed since")
    return 0 if fresh else 1


def _use(options: argparse.Namespace, settings: Settings) -> int:
    from bot.engine.manifest import make_current

    make_current(settings.model_folder, options.name)
    print(f"{options.name} is the current model")
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
        asyncio.run(
            ask.ask_lines(
                settings, sys.stdin, sys.stdout, options.exchange_seed, options.model, explain=options.explain
            )
        )
        return 0
    if not options.text:
        print("say what to ask, or use --jsonl", file=sys.stderr)
        return 1
    reply = asyncio.run(ask.ask_once(settings, options.text, options.channel, options.exchange_seed, options.model))
    print(json.dumps(reply, ensure_ascii=False)) if options.json else ask.show(reply)
    return 0


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from bot.evaluation import cli

    return cli.run(options, settings)


if __name__ == "__main__":
    sys.exit(main())
