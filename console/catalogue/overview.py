"""What the catalogue lacks, service by service, as a citizen who asks would find it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from arabic import normalise
from integrations.catalogue.model import PublicService
from integrations.catalogue.show import Fact, Group, groups

STALE_YEARS = 2
"""From when the source of a fact counts as old: fees and papers were changed more often than that."""
_ASKED = {
    "الأوراق المطلوبة": "لا أوراق مؤكدة",
    "الرسوم": "لا رسوم مؤكدة",
    "الخطوات": "لا خطوات مؤكدة",
    "المدد": "لا مدة مؤكدة",
    "أين وكيف": "لا مكان مؤكدًا",
}
INCOMPLETE = "قائمة ناقصة في مصدرها"


@dataclass(frozen=True)
class Line:
    """One service. gaps: Arabic names of what cannot be told. weak: facts that are not verified. oldest: a source's
    year, month or day, "" when none is dated."""

    service: PublicService
    groups: Sequence[Group]
    gaps: Sequence[str]
    weak: int
    oldest: str
    searchable: str

    def is_stale(self, today: date) -> bool:
        """Whether its oldest source is more than STALE_YEARS old; a source without a date is not known to be."""
        return bool(self.oldest) and self.oldest < f"{today.year - STALE_YEARS}-{today.month:02d}"


def line_of(service: PublicService) -> Line:
    """What a service has and lacks."""
    found = list(groups(service))
    facts = [fact for group in found for fact in group.facts or ()]
    gaps = [_ASKED[group.title] for group in found if group.title in _ASKED and not _told(group)]
    if any(not group.complete for group in found if group.facts):
        gaps.append(INCOMPLETE)
    dates = [fact.provenance.published for fact in facts if fact.provenance.published]
    words = (service.name, *service.also, *service.keywords, service.id, service.authority.name)
    weak = sum(not fact.provenance.verified for fact in facts)
    return Line(service, found, gaps, weak, min(dates, default=""), normalise("\n".join(words)))


def _told(group: Group) -> Sequence[Fact]:
    """The facts that citizens are told: of grade A and B."""
    return [fact for fact in group.facts or () if fact.provenance.verified]
