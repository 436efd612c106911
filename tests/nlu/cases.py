"""The sentences for measuring understanding: what a citizen writes, and what the reply must say it is.

They are for measurement only (`python -m bot evaluate`; bot/evaluation/cases.py says what their files look like):
nothing is trained on them, and they were written without sight of the training data. They live in two sets:
`development`, whose failures may be read while developing, and `held_out`, which is measured in sum and never read
sentence by sentence (README.md has the rules). Here is what their labels may be.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
DEVELOPMENT, HELD_OUT = FOLDER / "development", FOLDER / "held_out"

TOPICS = frozenset(
    "requirements fees steps duration location hours eligibility overview status conversational faq_free out_of_scope"
    " ambiguous two_questions followups".split()
)
KINDS = frozenset(
    "requirements fees steps duration location hours eligibility overview status follow lost_reference list_services"
    " human complaint greeting thanks goodbye help stop start ambiguous out_of_scope cancelled".split()
)
FAQ_TOPICS = frozenset(path.stem for path in (FOLDER.parents[1] / "nlu_data" / "faq").glob("*.yml"))
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
