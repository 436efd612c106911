"""What a deployment of one jurisdiction may tell its citizens.

A fact of the other side is never shown as this side's: it is removed, and a list left without a fact becomes "not
stated". The service itself stays listed even when all of it is the other side's: to a citizen "we have nothing
verified about it here" is true and of use, while "there is no such service" is neither. What such an entry keeps is
its names, the facts that hold for both sides (a law of before 2014), and its authority, which is named with its seat
so that nobody takes it for this side's. Its `jurisdiction` stays the other side's; its grade falls to what is left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, get_args

from integrations.catalogue.document import Grade
from integrations.catalogue.model import (
    Authority,
    ContactPoint,
    Cost,
    Duration,
    PublicService,
    ServiceChannel,
    Statement,
    StatementList,
)
from settings.model import Jurisdiction as Side

_SEATS = {"SAN": "صنعاء", "ADE": "عدن"}

_Fact = TypeVar("_Fact", Statement, Cost, Duration, ServiceChannel, ContactPoint)


def for_jurisdiction(service: PublicService, side: str) -> PublicService:
    """The service as `side` ("SAN" or "ADE") may show it: facts of the side, of BOTH and of ABROAD (the missions).

    Raises:
        ValueError: `side` is neither SAN nor ADE.
    """
    if side not in get_args(Side):
        raise ValueError(f"the jurisdiction must be SAN or ADE, not {side!r}")
    shown = {side, "BOTH", "ABROAD"}
    view = _only(service, shown)
    if service.jurisdiction not in shown:
        # These are the other side's words and have no provenance of their own.
        view = replace(view, description=service.name, status="unknown", code=None, outputs=())
    elif view.status_statement != service.status_statement:
        view = replace(view, status="unknown")
    if view != service:
        view = replace(view, grade=_grade(view))
    return replace(view, authority=_with_seat(view.authority, shown))


def _with_seat(authority: Authority, shown: set[str]) -> Authority:
    if authority.jurisdiction in shown:
        return authority
    return replace(authority, name=f"{authority.name} ({_SEATS[authority.jurisdiction]})")


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
        legal=_kept(service.legal, shown),
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
