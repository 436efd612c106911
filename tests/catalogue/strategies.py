"""Whole catalogues that keep every rule, for properties that must hold of all of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from integrations.catalogue.document import (
    Authority,
    ContactPoint,
    Content,
    Cost,
    Costs,
    Duration,
    Event,
    Fact,
    FactList,
    LegalResource,
    PublicService,
    ServiceChannel,
    Source,
)

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإئؤةى"
texts = st.text(alphabet=_LETTERS + " 0159٣،.\"'\\<>&{}", max_size=30).map(lambda tail: "نص" + tail.rstrip())
names = st.text(alphabet=_LETTERS + " ", max_size=20).map(lambda tail: "اسم" + tail.rstrip())
jurisdictions = st.sampled_from(["SAN", "ADE", "BOTH", "ABROAD"])
amounts = st.floats(0.01, 1e9, allow_nan=False)


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value or None."""
    return st.none() | strategy


def several(strategy: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[Any]:
    """A short tuple of values."""
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


def sourced(sources: tuple[Source, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """The fields of every fact: its grade no better than its source's."""
    return st.sampled_from(sources).flatmap(
        lambda source: st.fixed_dictionaries(
            {
                "text": texts,
                "source": st.just(source.id),
                "grade": some(st.sampled_from([grade for grade in "ABCDX" if grade >= source.grade])),
                "jurisdiction": some(jurisdictions),
                "note": some(texts),
            }
        )
    )


_VALUES = st.one_of(
    st.just({}),
    st.just({"free": True}),
    st.builds(lambda amount, currency: {"amount": amount, "currency": currency}, amounts, st.sampled_from(["USD"])),
    st.builds(lambda base, add: {"amount": base + add, "base": base, "surcharge": add}, amounts, amounts),
    st.builds(lambda percent, of: {"percent": percent, "percent_of": of}, st.floats(0.01, 100), texts),
)


def _numbered(part: type[Any], prefix: str) -> Any:
    return lambda values: tuple(part(id=f"{prefix}-{place}", **fields) for place, fields in enumerate(values))


def _lists(sources: tuple[Source, ...]) -> dict[str, st.SearchStrategy[Any]]:
    facts = sourced(sources).map(lambda fields: Fact(**fields))
    fact_list = some(st.builds(FactList, complete=st.booleans(), items=several(facts, 1)))
    cost = st.builds(lambda fields, value: fields | value, sourced(sources), _VALUES)
    costs = several(cost, 1).map(_numbered(Cost, "cost"))
    kinds = st.sampled_from(["processing", "deadline", "validity"])
    duration = st.builds(
        lambda fields, kind, days, working: Duration(**fields, kind=kind, days=days, working=working),
        sourced(sources),
        kinds,
        some(st.sampled_from([1.0, 0.5, 60.0])),
        st.booleans(),
    )
    channel = st.builds(
        lambda fields, kind, hours, url: fields | {"kind": kind, "hours": hours, "url": url},
        sourced(sources),
        st.sampled_from(["office", "online", "bank"]),
        some(texts),
        some(st.just("https://example.org/a?b=c&d=ه")),
    )
    return {
        "status_fact": some(facts),
        **dict.fromkeys(("eligibility", "requirements", "evidence", "steps"), fact_list),
        "costs": some(st.builds(Costs, complete=st.booleans(), items=costs)),
        "durations": several(duration),
        "channels": several(channel).map(_numbered(ServiceChannel, "channel")),
        "rules": several(facts),
        "notes": several(facts),
    }


@st.composite
def authorities(draw: st.DrawFn, identifier: str, services: list[str], events: list[str]) -> Authority:
    """An authority with these services."""
    grades = st.sampled_from("ABCDX")
    sources = tuple(
        Source(
            id=f"source-{place}",
            title=draw(texts),
            url=draw(some(st.just("https://example.org/law"))),
            published=draw(st.sampled_from([None, "2010", "2010-08", "2010-08-07"])),
            retrieved=date(2026, 1, 15),
            grade=draw(grades),
            jurisdiction=draw(jurisdictions),
            note=draw(some(texts)),
        )
        for place in range(draw(st.integers(1, 3)))
    )
    contact = st.builds(
        lambda fields, numbers, hours: fields | {"telephone": numbers, "email": ("a@example.org",), "hours": hours},
        sourced(sources),
        several(st.sampled_from(["160", "01-252158"])),
        some(texts),
    )
    contacts = draw(several(contact).map(_numbered(ContactPoint, "contact")))
    legal = (LegalResource(id="law", title=draw(texts), source=sources[0].id, note=draw(some(texts))),)
    return Authority(
        id=identifier,
        name=draw(names),
        also=draw(several(names)),
        jurisdiction=draw(jurisdictions),
        parent=draw(some(names)),
        description=draw(some(texts)),
        sources=sources,
        contacts=contacts,
        legal=legal,
        services=tuple(
            PublicService(
                id=service,
                name=draw(names),
                also=draw(several(names)),
                keywords=draw(several(names)),
                description=draw(texts),
                code=draw(some(st.just("H-7"))),
                grade="C",
                jurisdiction=draw(jurisdictions),
                status=draw(st.sampled_from(["in-force", "suspended", "unknown"])),
                audience=draw(st.sampled_from([("individuals",), ("businesses", "government"), ()])),
                events=tuple(draw(st.lists(st.sampled_from(events), unique=True))),
                related=tuple(other for other in services if other != service and draw(st.booleans())),
                contacts=tuple(contact.id for contact in contacts if draw(st.booleans())),
                legal=draw(st.sampled_from([(), ("law",)])),
                outputs=draw(several(names)),
                **{field: draw(strategy) for field, strategy in _lists(sources).items()},
            )
            for service in services
        ),
    )


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """A catalogue of up to two authorities with up to two services each."""
    events = (Event(id="birth", kind="life", name=draw(names)), Event(id="trade", kind="business", name=draw(names)))
    parts = [["one", "two"], ["three"]][: draw(st.integers(1, 2))]
    return Content(
        authorities=tuple(
            draw(authorities(f"authority-{place}", services, ["birth", "trade"]))
            for place, services in enumerate(parts)
        ),
        events=events,
    )
