"""The export: CPSV-AP that its own shapes accept, lossless, and no unverified fee where every reader looks for one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pyshacl import validate
from rdflib import Graph

from integrations.catalogue.document import Content
from integrations.catalogue.errors import CatalogueInvalid
from integrations.catalogue.importer import import_content
from integrations.catalogue.jsonld import CONTEXT, from_jsonld, to_jsonld
from integrations.catalogue.repository import SqlCatalogue
from storage import SyncDatabase
from tests.catalogue.strategies import contents

SHAPES = Path(__file__).parents[2].parent / "shared" / "benchmarks" / "cpsv-ap" / "cpsv-ap-SHACL.ttl"


def exported(content: Content) -> Any:
    """What a reader of the written file has."""
    return json.loads(json.dumps(to_jsonld(content), ensure_ascii=False))


def nodes(value: Any, kind: str) -> Iterator[Any]:
    """All nodes of a type, however deep."""
    if isinstance(value, dict):
        if value.get("@type") == kind:
            yield value
        for item in value.values():
            yield from nodes(item, kind)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item, kind)


@pytest.fixture(scope="session")
def shapes() -> Graph:
    """The SHACL shapes of CPSV-AP 3.2.0, which are not part of this repository."""
    if not SHAPES.exists():
        pytest.skip(f"needs the CPSV-AP 3.2.0 shapes at ../{SHAPES.relative_to(SHAPES.parents[3])}")
    return Graph().parse(SHAPES)


def faults(document: Any, shapes: Graph) -> str:
    """What the shapes say against a document; empty when it conforms."""
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    conforms, _report, text = validate(graph, shacl_graph=shapes)
    return "" if conforms else str(text)


def test_the_small_catalogue_conforms(content: Content, shapes: Graph) -> None:
    assert faults(exported(content), shapes) == ""


def test_the_sample_conforms(sample: Content, shapes: Graph) -> None:
    assert faults(exported(sample), shapes) == ""


BREAKS = [
    ("PublicService", "title"),
    ("PublicService", "competentAuthority"),
    ("PublicOrganisation", "spatial"),
    ("Requirement", "title"),
    ("Evidence", "identifier"),
    ("Cost", "identifier"),
    ("Rule", "description"),
    ("Channel", "identifier"),
    ("Output", "title"),
]


@pytest.mark.parametrize(("kind", "key"), BREAKS)
def test_the_shapes_do_look_at_our_nodes(content: Content, shapes: Graph, kind: str, key: str) -> None:
    document = exported(content)
    del next(nodes(document, kind))[key]
    assert "Constraint Violation" in faults(document, shapes)


def test_only_a_verified_fee_has_a_value(content: Content) -> None:
    values = {cost["identifier"]: cost.get("hasValue") for cost in nodes(exported(content), "Cost")}
    assert values == {
        "card": 500,
        "late": None,
        "newborn": 0,
        "copy": None,
        "express": None,
        "licence": 3000,
        "survey": 200,
    }


def test_the_sample_gives_no_value_to_an_unverified_fee(sample: Content) -> None:
    document = exported(sample)
    grades = {source["@id"]: source["grade"] for source in nodes(document, "Source")}
    costs = list(nodes(document, "Cost"))
    unverified = [cost for cost in costs if cost.get("grade", grades[cost["source"]["@id"]]) not in ("A", "B")]
    assert unverified and not [cost["@id"] for cost in unverified if "hasValue" in cost]
    assert [cost for cost in costs if cost.get("hasValue")]


def test_the_processing_time_is_in_calendar_days(content: Content) -> None:
    card, permit, _boat = nodes(exported(content), "PublicService")
    assert card["processingTime"] == "P2D" and "processingTime" not in permit


def test_the_graph_says_what_the_file_says(content: Content) -> None:
    graph = Graph().parse(data=json.dumps(to_jsonld(content)), format="json-ld")
    rows = graph.query(
        """
        PREFIX cpsv: <http://purl.org/vocab/cpsv#> PREFIX cv: <http://data.europa.eu/m8g/>
        PREFIX dct: <http://purl.org/dc/terms/> PREFIX dalil: <https://dalil.gov.ye/ns#>
        SELECT ?name ?value ?grade WHERE {
          ?service a cpsv:PublicService ; dct:title ?name ; cv:hasCost ?cost .
          ?cost cv:hasValue ?value ; dct:source/dalil:grade ?grade . FILTER(lang(?name) = "ar" && ?value > 1000)
        }"""
    )
    assert [(str(name), float(value), str(grade)) for name, value, grade in rows] == [("رخصة قارب", 3000.0, "B")]


def test_the_sample_comes_back_whole(sample: Content) -> None:
    assert from_jsonld(exported(sample)) == sample


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents())
def test_any_catalogue_comes_back_whole(content: Content) -> None:
    assert from_jsonld(exported(content)) == content


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents())
def test_any_catalogue_is_stored_whole(sqlite: SyncDatabase, content: Content) -> None:
    import_content(sqlite, content)
    present = SqlCatalogue(sqlite).content()
    assert present.authorities == content.authorities
    assert not import_content(sqlite, content).anything


def test_the_order_of_the_nodes_does_not_matter(content: Content) -> None:
    document = exported(content)
    for node in nodes(document, "PublicService"):
        for value in node.values():
            if isinstance(value, list) and isinstance(value[0], dict) and "position" in value[0]:
                value.reverse()
    document["@graph"].sort(key=lambda node: node["@type"] == "PublicOrganisation")
    assert from_jsonld(document) == content


def test_terms_of_others_are_ignored(content: Content) -> None:
    document = exported(content)
    document["@context"]["schema"] = "https://schema.org/"
    next(nodes(document, "PublicService"))["schema:image"] = "https://example.org/image.png"
    assert from_jsonld(document) == content


def _drop(kind: str, key: str) -> Any:
    return lambda document: next(nodes(document, kind)).pop(key)


def _put(kind: str, key: str, value: object) -> Any:
    return lambda document: next(nodes(document, kind)).update({key: value})


WRONG = [
    (lambda document: document.pop("@graph"), "must be an object with @context and @graph"),
    (lambda document: document.update({"@context": "https://evil.example/c"}), "contexts are not fetched"),
    (lambda document: document["@context"].update(grade="x:grade"), "@context: has not our definition of grade"),
    (lambda document: document["@graph"].append(5), "a node: must be a node with @type"),
    (lambda document: document["@graph"].append({"@id": "x", "@type": "Cat"}), "x: has an unknown type ['Cat']"),
    (lambda document: document["@graph"].pop(2), "authority/health: is not in the document"),
    (lambda document: document["@graph"].append(document["@graph"][2]), "authority/health: is given twice"),
    (_drop("PublicService", "title"), "name: Field required"),
    (_drop("PublicService", "competentAuthority"), "must be a node with competentAuthority"),
    (_drop("PublicService", "costsComplete"), "costsComplete: is missing"),
    (_drop("Cost", "position"), "must be a node with position"),
    (_put("Cost", "position", "first"), "position: must be a whole number"),
    (_put("Cost", "amount", "خمسة"), "costs/items/0/amount: Input should be a valid number"),
    (_put("Cost", "source", {"@id": "https://dalil.gov.ye/id/authority/port/source/law"}), "must be an address that"),
    (_put("Cost", "source", ["a", "b"]), "source: must be a node with @id"),
    (_put("Cost", "working", True), "working: has no meaning here"),
    (_put("PublicService", "hasCost", 7), "must be a node"),
    (_put("PublicService", "status", {"@id": "dalil:status-lost"}), "status: Input should be 'in-force', 'suspended'"),
]


@pytest.mark.parametrize(("break_it", "message"), WRONG)
def test_what_is_not_ours_is_refused_with_its_place(content: Content, break_it: Any, message: str) -> None:
    document = exported(content)
    break_it(document)
    with pytest.raises(CatalogueInvalid) as invalid:
        from_jsonld(document)
    assert [fault for fault in invalid.value.faults if message in fault], invalid.value.faults


@pytest.mark.parametrize("value", [None, 5, "text", [], [1], {}])
def test_what_is_no_document_is_refused(value: object) -> None:
    with pytest.raises(CatalogueInvalid):
        from_jsonld(value)


def test_every_term_of_ours_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text("utf-8")
    iris = [item["@id"] if isinstance(item, dict) else item for item in CONTEXT.values()]
    ours = [iri for iri in iris if iri.startswith("dalil:")]
    assert len(ours) > 30 and [iri for iri in ours if f"`{iri}`" not in text] == []
