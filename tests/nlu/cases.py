"""The held-out sentences for measuring understanding: what a citizen writes, and what the reply must say it is.

They are for measurement only: nothing is trained on them, and they were written without sight of the training data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent

TOPICS = frozenset(
    "requirements fees steps duration location hours eligibility overview status conversational faq_free out_of_scope"
    " ambiguous two_questions followups".split()
)
KINDS = frozenset(
    "requirements fees steps duration location hours eligibility overview status follow lost_reference list_services"
    " human complaint greeting thanks goodbye help stop start ambiguous out_of_scope cancelled".split()
)
REGISTERS = frozenset("msa sanaani taizzi hadrami tihami sms arabizi typos".split())
SERVICES = frozenset(
    "notary-marriage notary-divorce notary-power-of-attorney notary-property-sale notary-heirs-partition"
    " notary-true-copy notary-lost-deed notary-damaged-deed notary-attestation-abroad notary-licence"
    " id-card id-card-replacement smart-id-card birth-registration birth-late-registration death-registration"
    " family-card civil-marriage-entry passport passport-replacement passport-abroad residence-permit work-permit"
    " annual-increment job-competition job-seeker-registration company-registration commercial-register trade-name"
    " investment-registration tax-registration tax-clearance customs-personal-effects customs-visiting-car"
    " customs-broker-card customs-import zakat-payment building-permit land-registry driving-licence"
    " vehicle-ownership-card traffic-fines university-licence certificate-equivalence school-certificate-attestation"
    " exam-results medical-practice-licence pension ngo-registration mofa-attestation police-record hajj-registration"
    " mobile-postpaid electricity-connection water-connection".split()
)


@dataclass(frozen=True)
class Question:
    """What was asked: its kind, and the service's identifier where one is meant."""

    kind: str
    service: str | None


@dataclass(frozen=True)
class Case:
    """One message and its label.

    `options` are the services to offer when `kind` is ambiguous; `also` the further questions of the message;
    `accept` other kinds that a fair judge would let pass; `conversation` and `turn` (from 0) place a message of a
    conversation, and are "" and 0 for a message that stands alone.
    """

    text: str
    kind: str
    service: str | None
    topic: str
    register: str
    channel: str = "web"
    reference: str | None = None
    options: tuple[str, ...] = ()
    also: tuple[Question, ...] = ()
    accept: tuple[str, ...] = ()
    conversation: str = ""
    turn: int = 0


def load_cases(folder: Path = FOLDER) -> list[Case]:
    """Every case of the folder's files, the turns of a conversation one after another.

    Raises TypeError for an entry with missing or unknown fields, ruamel.yaml.error.YAMLError for what is not YAML.
    """
    return [case for path in sorted(folder.glob("*.yml")) for case in _cases(path)]


def _cases(path: Path) -> Iterator[Case]:
    for number, entry in enumerate(YAML(typ="safe").load(path), start=1):
        if "conversation" not in entry:
            yield _case(path.stem, **entry)
            continue
        turns = entry.pop("conversation")
        for turn, said in enumerate(turns):
            yield _case(path.stem, **entry, **said, conversation=f"{path.stem}-{number}", turn=turn)


def _case(topic: str, *, also: list[dict[str, Any]] | None = None, **fields: Any) -> Case:
    for name in ("options", "accept"):
        fields[name] = tuple(fields.get(name, ()))
    return Case(topic=topic, also=tuple(Question(**question) for question in also or ()), **fields)
