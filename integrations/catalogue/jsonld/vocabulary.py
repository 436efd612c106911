"""The vocabulary of the export: addresses, and the JSON-LD context that gives each key its property or class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

NAMESPACE: Final = "https://dalil.gov.ye/ns#"
BASE: Final = "https://dalil.gov.ye/id/"
_EU: Final = "http://publications.europa.eu/resource/authority/"
COUNTRY: Final = f"{_EU}country/YEM"
ARABIC: Final = f"{_EU}language/ARA"
CURRENCY: Final = f"{_EU}currency/"

_PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dalil": NAMESPACE,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_TYPES = {
    "BusinessEvent": "cv:BusinessEvent",
    "Channel": "cv:Channel",
    "Concept": "skos:Concept",
    "ContactPoint": "cv:ContactPoint",
    "Cost": "cv:Cost",
    "Document": "foaf:Document",
    "Duration": "dalil:Duration",
    "Event": "cv:Event",
    "Evidence": "cv:Evidence",
    "LegalResource": "eli:LegalResource",
    "LifeEvent": "cv:LifeEvent",
    "LinguisticSystem": "dct:LinguisticSystem",
    "Location": "dct:Location",
    "Note": "dalil:Note",
    "Output": "cv:Output",
    "PublicOrganisation": "cv:PublicOrganisation",
    "PublicService": "cpsv:PublicService",
    "Requirement": "cv:Requirement",
    "Rule": "cpsv:Rule",
    "Source": "dalil:Source",
    "Step": "dalil:Step",
    "TemporalEntity": "time:TemporalEntity",
}
_PROPERTIES = {
    "audience": "dct:audience",
    "competentAuthority": "cv:hasCompetentAuthority",
    "contactPage": "cv:contactPage",
    "contactPoint": "cv:contactPoint",
    "currency": "cv:currency",
    "email": "cv:email",
    "event": "cv:isGroupedBy",
    "follows": "cpsv:follows",
    "hasChannel": "cv:hasChannel",
    "hasCost": "cv:hasCost",
    "hasInput": "cpsv:hasInput",
    "holdsRequirement": "cv:holdsRequirement",
    "identifier": "dct:identifier",
    "language": "dct:language",
    "legalResource": "cv:hasLegalResource",
    "openingHours": "cv:openingHours",
    "page": "foaf:page",
    "produces": "cpsv:produces",
    "relatedService": "cv:relatedService",
    "source": "dct:source",
    "sourceTitle": "dct:title",
    "spatial": "dct:spatial",
    "status": "adms:status",
    "telephone": "cv:telephone",
    "type": "dct:type",
}
_OURS = (
    *("amount", "base", "code", "costsComplete", "days", "eligibilityComplete", "evidenceComplete"),
    *("free", "grade", "hasDuration", "hasNote", "hasSource", "hasStep", "jurisdiction", "legal", "percent"),
    *("position", "published", "requirementsComplete", "statusFact", "stepsComplete", "surcharge", "working"),
)
_ARABIC_PROPERTIES = {
    "alternative": "dct:alternative",
    "description": "dct:description",
    "keyword": "dcat:keyword",
    "note": "dalil:note",
    "parentName": "dalil:parentName",
    "percentOf": "dalil:percentOf",
    "prefLabel": "skos:prefLabel",
    "surchargeText": "dalil:surchargeText",
    "title": "dct:title",
}
_TYPED = {
    "hasValue": ("cv:hasValue", "xsd:double"),
    "processingTime": ("cv:processingTime", "xsd:duration"),
    "retrieved": ("dalil:retrieved", "xsd:date"),
}
CONTEXT: Final[Mapping[str, Any]] = {
    **_PREFIXES,
    **_TYPES,
    **_PROPERTIES,
    **{name: f"dalil:{name}" for name in _OURS},
    **{name: {"@id": iri, "@language": "ar"} for name, iri in _ARABIC_PROPERTIES.items()},
    **{name: {"@id": iri, "@type": kind} for name, (iri, kind) in _TYPED.items()},
}
