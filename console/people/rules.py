"""Who of the staff sees which request, and how hours are written.

A request belongs to the authority it was given to, else to that of the service it was about. One of no authority is
every agent's: somebody has to read it. Whoever holds a conversation sees it in any case.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, select

from arabic import to_ascii_digits
from channels.handover import desk
from channels.handover.errors import WrongHours
from channels.handover.hours import Shift
from channels.handover.records import Handover
from console.access.roles import EVERYWHERE, Permission, Person
from console.ministries import ministries
from integrations.catalogue.tables import PublicService

_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_BETWEEN = re.compile(r"[\s،,؛;]+")
_SERVE = Permission.PEOPLE_SERVE


def authority_of(connection: Connection, handover: Handover) -> str | None:
    """Whose the request is, if anybody's."""
    if handover.authority is not None or handover.service is None:
        return handover.authority
    query = select(PublicService.organisation_id).where(PublicService.id == handover.service)
    found: str | None = connection.scalar(query)
    return found


def may_see(person: Person, handover: Handover, authority: str | None) -> bool:
    """Whether the request is this person's to work on."""
    return authority is None or handover.holder == person.name or person.may(_SERVE, authority)


def may_manage(person: Person, authority: str | None) -> bool:
    """Whether this person may free a request of the authority whoever has it; one of none is every manager's."""
    return authority is None or person.may(Permission.PEOPLE_MANAGE, authority)


def office_of(connection: Connection, person: Person) -> str | None:
    """The name under which this person answers: their authority's, if they serve one alone; else the desk's own."""
    served = {grant.ministry for grant in person.grants if Person(0, "", "", frozenset({grant})).may(_SERVE)}
    if len(served) != 1 or EVERYWHERE in served:
        return None
    name = ministries(connection).get(served.pop(), "")
    while len(name) > desk.OFFICE_LONGEST:
        name = name.rpartition(" ")[0]
    return name or None


def written(shifts: tuple[Shift, ...], weekday: int) -> str:
    """The shifts of a day, as `read` reads them."""
    return "، ".join(
        f"{_clock(shift.opens)}-{_clock(shift.closes)}" for shift in sorted(shifts) if shift.weekday == weekday
    )


def read(weekday: int, text: str) -> list[Shift]:
    """The shifts of a day out of what was typed: 08:00-12:00، 16:00-18:00, in any digits.

    Raises:
        WrongHours: it is no such list.
    """
    typed = to_ascii_digits(text).strip()
    found = [tuple(map(int, shift)) for shift in _SHIFT.findall(typed)]
    if _BETWEEN.sub("", _SHIFT.sub("", typed)) or any(first > 59 or last > 59 for _, first, _, last in found):
        raise WrongHours("not written as shifts")
    return [Shift(weekday, opens * 60 + first, closes * 60 + last) for opens, first, closes, last in found]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
