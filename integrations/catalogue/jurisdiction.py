"""What a deployment of one jurisdiction may tell its citizens.

A fact of the other side is never shown as this side's: it is removed. A service of the other side stays listed only
when its authority is shared (BOTH), so that a citizen who asks for it hears which authority is responsible and that
its details are not verified here, instead of "no such service". Its `jurisdiction` stays the other side's, so that an
answer can say whose service it is; its grade falls to what is left (D when nothing is).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, get_args

from integrations.catalogue.document import Grade
from integrations.catalogue.model import (
    ContactPoint,
    Cost,
    Duration,
    PublicService,
    ServiceChannel,
    Statement,
    StatementList,
)
from settings.model import Jurisdiction as Side

_Fact = TypeVar("_Fact", Statement, Cost, Duration, ServiceChannel, ContactPoint)


def for_jurisdiction(service: PublicService, side: str) -> PublicService | None:
    """The service as `side` ("SAN" or "ADE") may show it; None when it does not concern that side.

    Facts of the side itself, of BOTH and of ABROAD (the missions) stay. A list left without a fact becomes "not
    stated" (None, or no costs): that the other side asks for papers says nothing of this one.

    Raises:
        ValueError: `side` is neither SAN nor ADE.
    """
    if side not in get_args(Side):
        raise ValueError(f"the jurisdiction must be SAN or ADE, not {side!r}")
    shown = {side, "BOTH", "ABROAD"}
    foreign = service.jurisdiction not in shown
    if foreign and service.authority.jurisdiction not in shown:
        return None
    view = _only(service, shown)
    if foreign:
        # The description and the status are the other side's words and have no provenance of their own.
        view = replace(view, description=service.name, status="unknown", code=None, outputs=())
    elif view.status_statement != service.status_statement:
        view = replace(view, status="unknown")
    return view if view == service else replace(view, grade=_grade(view))


def _only(service: PublicService, shown: set[str]) -> PublicService:
    costs = _kept(service.costs, shown)
    status = service.status_statement
    return replace(
        service,
        status_statement=status if status and status.provenance.jurisdiction in shown else None,
        eligibility=_list(service.eligibility, shown),
        requirements=_list(service.requirements, shown),
        evidence=_list(service.evidence, shown),
        steps=_list(service.steps, shown),
        costs=costs,
        costs_complete=service.costs_complete and bool(costs),
        durations=_kept(service.durations, shown),
        channels=_kept(service.channels, shown),
        contacts=_kept(service.contacts, shown),
        rules=_kept(service.rules, shown),
        notes=_kept(service.notes, shown),
    )


def _kept(facts: tuple[_Fact, ...], shown: set[str]) -> tuple[_Fact, ...]:
    return tuple(fact for fact in facts if fact.provenance.jurisdiction in shown)


def _list(stated: StatementList | None, shown: set[str]) -> StatementList | None:
    items = _kept(stated.items, shown) if stated else ()
    return replace(stated, items=items) if stated and items else None


def _grade(view: PublicService) -> Grade:
    """The best grade among the facts left, but never better than the whole service's; D when none is left."""
    lists = (view.eligibility, view.requirements, view.evidence, view.steps)
    left = [item.provenance.grade for stated in lists if stated for item in stated.items]
    for facts in (view.costs, view.durations, view.channels, view.rules):
        left += [fact.provenance.grade for fact in facts]
    return max(view.grade, min(left, default="D"))
