"""The actions of the stock bot: Dalil's own, told which services a message names.

Dalil's pipeline finds the services before its actions run. The default pipeline does not, so here the action looks
them up in the same index: both bots do the same work and say the same from the same catalogue.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from integrations.catalogue import live

Run = Callable[[Action, CollectingDispatcher, Tracker, dict[str, Any]], Awaitable[list[Any]]]
CANDIDATES = 6


def finding_services(run: Run) -> Run:
    """`run`, with the services in the message."""

    async def found(
        self: Action, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Any]:
        hits = live.shared().snapshot.index.search(tracker.latest_message.get("text") or "", limit=CANDIDATES)
        tracker.latest_message["services"] = [
            {"service": hit.service, "score": round(hit.score, 4), "spans": [list(span) for span in hit.spans]}
            for hit in hits
        ]
        return await run(self, dispatcher, tracker, domain)

    return found


for module in pkgutil.walk_packages(actions.__path__, "actions."):
    importlib.import_module(module.name)
for action in Action.__subclasses__():
    if action.__module__.startswith("actions."):
        action.run = finding_services(action.run)
