"""Search finds the service that a citizen's sentence means, over all 55 services."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.catalogue.search import POSSIBLE, SURE, SearchIndex, shortlist

_LINES = (Path(__file__).parent / "queries.txt").read_text("utf-8").splitlines()


def _case(line: str) -> tuple[str, str, frozenset[str]]:
    words = line.split()
    place = max(number for number, word in enumerate(words) if word in ("=", ">", "?", "~", "-"))
    return " ".join(words[:place]), words[place], frozenset(words[place + 1 :])


CASES = [_case(line) for line in _LINES if line and not line.startswith("#")]


@pytest.mark.parametrize(("query", "kind", "expected"), CASES, ids=[case[0] for case in CASES])
def test_query(index: SearchIndex, query: str, kind: str, expected: frozenset[str]) -> None:
    hits = index.search(query, limit=8)
    chosen = shortlist(hits)
    if kind == "=":
        assert [hit.service for hit in chosen] == list(expected), hits
        assert chosen[0].score >= SURE, hits
    elif kind == ">":
        assert hits, query
        assert {hits[0].service} == expected, hits
        assert hits[0].score >= POSSIBLE, hits
    elif kind == "?":
        assert len(chosen) > 1, hits
        assert expected <= {hit.service for hit in index.search(query, limit=20) if hit.score >= POSSIBLE}
    elif kind == "~":
        assert len(chosen) != 1 or chosen[0].score < SURE, hits
    else:
        assert not chosen, hits
