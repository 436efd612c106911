"""The same bot as a stock Rasa project, in a folder of its own, and the environment that runs it.

The same: intents, examples, questions and answers of the ministries, rules, sentences, actions, catalogue. Where stock
Rasa has its own way it is used: a `utter_` response needs no action, a retrieval intent is answered by the response
selector. Not the same: pipeline, tracker store, action server and HTTP server, which are Rasa's defaults.

Its environment is Rasa's own pins (stock/requirements.lock: SQLAlchemy 1.4, pydantic 1, sanic 21.12), not Dalil's, so
that nothing of ours slows it. Only its action server runs on Dalil's environment, since the actions need the catalogue.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from processes import BenchmarkError
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
FILES = Path(__file__).resolve().parent / "stock"
FULL_EPOCHS = 100
# Responses that are not called like their intent.
RESPONSES = {"cancel": "utter_cancelled", "start_over": "utter_restart"}
yaml = YAML(typ="safe")
yaml.default_flow_style = False
yaml.allow_unicode = True
yaml.version = None


def environment() -> Path:
    """The Python of the stock environment, made on first use and kept for the next run."""
    lock = FILES / "requirements.lock"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "dalil-benchmarks" / f"stock-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    python, complete = folder / "bin" / "python", folder / "complete"
    if not complete.exists():
        print(f"making the stock environment in {folder} (1.5 GB, once) …", flush=True)
        uv = _uv()
        _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
        _run(uv, "pip", "sync", "--quiet", "--python", str(python), str(lock))
        complete.touch()
    return python


def _uv() -> str:
    own = ROOT / ".venv-tools" / "venv" / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if found is None:
        raise BenchmarkError("uv is missing: run `make setup`")
    return found


def _run(*command: str) -> None:
    if subprocess.run(command).returncode:
        raise BenchmarkError(f"{' '.join(command[:3])} failed, its message is above")


def build(folder: Path, epochs: int, action_port: int) -> None:
    """Write the project into `folder`; an earlier one in it is replaced."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "nlu_data", folder / "data" / "nlu")
    config = (FILES / "config.yml").read_text("utf-8")
    (folder / "config.yml").write_text(config.replace(f"epochs: {FULL_EPOCHS}", f"epochs: {epochs}"), "utf-8")
    shutil.copy(FILES / "catalogue_actions.py", folder)
    rules, actions = _rules()
    _write(folder / "data" / "rules.yml", {"version": "3.1", "rules": rules})
    domain = folder / "domain"
    domain.mkdir()
    for name in ("intents.yml", "responses.yml"):
        shutil.copy(ROOT / "bot" / "domain" / name, domain)
    _write(domain / "actions.yml", {"version": "3.1", "actions": sorted(actions)})
    _write(folder / "credentials.yml", {"rest": None})
    _write(
        folder / "endpoints.yml",
        {
            "action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"},
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(folder / "tracker.db")},
        },
    )


def _write(path: Path, content: dict[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)


def _rules() -> tuple[list[dict[str, Any]], set[str]]:
    """Dalil's rules in stock form, and the custom actions they call."""
    responses = yaml.load(ROOT / "bot" / "domain" / "responses.yml")["responses"]
    rules, custom = [], set()
    for path in sorted((ROOT / "bot" / "rules").glob("*.yml")):
        for rule in yaml.load(path)["rules"]:
            steps = [_stock_step(step, rule["steps"], responses) for step in rule["steps"]]
            custom |= {step["action"] for step in steps if step.get("action", "").startswith("action_")}
            rules.append({**rule, "steps": steps})
    fallback = [{"intent": "nlu_fallback"}, {"action": "action_not_understood"}]
    if not any({"intent": "nlu_fallback"} in rule["steps"] for rule in rules):
        rules.append({"rule": "what was not understood", "steps": fallback})
    return rules, custom


def _stock_step(step: dict[str, Any], steps: list[dict[str, Any]], responses: dict[str, Any]) -> dict[str, Any]:
    if step.get("action") == "action_faq":
        return {"action": "utter_faq"}
    if step.get("action") == "action_conversation":
        intent = next(other["intent"] for other in steps if "intent" in other)
        response = RESPONSES.get(intent, f"utter_{intent}")
        if response not in responses:
            raise BenchmarkError(f"no response for {intent}: add it to RESPONSES in {Path(__file__).name}")
        return {"action": response}
    return step
