"""Kinds of replies in groups, for whoever must not guess from wording what a reply was (design, section 3)."""

from __future__ import annotations

FACTS = ("requirements", "fees", "steps", "duration", "location", "hours", "eligibility", "overview")
"""Facts of a service, out of the catalogue."""
LOOKUPS = ("status", "follow", "lost_reference")
"""About one application. Whether the news is welcome is the agency's doing: they are not rated."""
RATED = frozenset({*FACTS, "faq"})
"""Answers of which a citizen may say whether they helped."""
