"""What a simulated agency tells of an application. The name and the numbers are not among it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from integrations.exchange.configuration import Agency
from integrations.exchange.simulator.seed import Application, Stage


def status_told(agency: Agency, application: Application, now: datetime) -> dict[str, Any]:
    """The answer to a question about it."""
    history = application.history
    institution = {"code": agency.id, "name": {"ar": agency.name}, "office": application.office}
    told: dict[str, Any] = {
        "reference": application.reference,
        "service": {"code": application.service, "name": _arabic(application.service_name)},
        "status": _state(application) | {"reasonCode": application.reason},
        "ended": application.ended,
        "asOf": now.isoformat(),
        "submittedAt": history[0].at.isoformat() if history else None,
        "updatedAt": history[-1].at.isoformat() if history else None,
        "expectedBy": application.expected.isoformat() if application.expected else None,
        "institution": institution,
        "actionRequired": _required(application),
        "history": [_state(stage) | {"at": stage.at.isoformat()} for stage in history],
    }
    told_of_it: dict[str, Any] = _without_none(told)
    return told_of_it


def change_told(application: Application, now: datetime) -> dict[str, Any]:
    """A change that has come to this; without the subscription. now: where the seed does not say since when."""
    told: dict[str, Any] = _without_none(
        {
            "at": (application.history[-1].at if application.history else now).isoformat(),
            "status": _state(application) | {"reasonCode": application.reason},
            "ended": application.ended,
            "actionRequired": _required(application),
            "expectedBy": application.expected.isoformat() if application.expected else None,
        }
    )
    return told


def _state(of: Application | Stage) -> dict[str, Any]:
    return {"code": of.word or of.state.value, "title": _arabic(of.title)}


def _required(application: Application) -> dict[str, Any] | None:
    if (required := application.required) is None:
        return None
    due = required.due.isoformat() if required.due else None
    return {"code": required.code, "text": {"ar": required.text}, "dueBy": due}


def _arabic(text: str | None) -> dict[str, str] | None:
    return {"ar": text} if text else None


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return [_without_none(item) for item in value] if isinstance(value, list) else value
