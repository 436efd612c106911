"""From the document's parts to the values callers get: each fact with its source."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.catalogue import document, model
from integrations.catalogue.walk import Sourced


def organisation(authority: document.Authority) -> model.Authority:
    """The authority as callers see it."""
    return model.Authority(
        id=authority.id,
        name=authority.name,
        also=authority.also,
        parent=authority.parent,
        jurisdiction=authority.jurisdiction,
    )


class Resolver:
    """Resolves the services of one authority."""

    def __init__(self, authority: document.Authority) -> None:
        self._authority = organisation(authority)
        self._sources = {source.id: source for source in authority.sources}
        self._legal = {legal.id: self._law(legal) for legal in authority.legal}
        self._contacts = {contact.id: self._contact(contact) for contact in authority.contacts}

    def service(self, service: document.PublicService, *, withdrawn: bool = False) -> model.PublicService:
        """The service as callers see it; its status is "withdrawn" when the source no longer has it."""
        costs = service.costs
        return model.PublicService(
            id=service.id,
            name=service.name,
            also=service.also,
            keywords=service.keywords,
            description=service.description,
            code=service.code,
            grade=service.grade,
            jurisdiction=service.jurisdiction,
            status="withdrawn" if withdrawn else service.status,
            status_statement=self._statement(service.status_fact) if service.status_fact else None,
            audience=service.audience,
            events=service.events,
            related=service.related,
            authority=self._authority,
            eligibility=self._list(service.eligibility),
            requirements=self._list(service.requirements),
            evidence=self._list(service.evidence),
            steps=self._list(service.steps),
            costs=tuple(self._cost(cost) for cost in costs.items) if costs else (),
            costs_complete=costs.complete if costs else False,
            durations=tuple(self._duration(duration) for duration in service.durations),
            channels=tuple(self._channel(channel) for channel in service.channels),
            contacts=tuple(self._contacts[contact] for contact in service.contacts),
            outputs=service.outputs,
            rules=self._statements(service.rules),
            legal=tuple(self._legal[legal] for legal in service.legal),
            notes=self._statements(service.notes),
        )

    def _provenance(self, part: Sourced | document.ContactPoint) -> model.Provenance:
        return self._of(part.source, part.grade, part.jurisdiction)

    def _of(
        self, source_id: str, grade: document.Grade | None = None, jurisdiction: document.Jurisdiction | None = None
    ) -> model.Provenance:
        source = self._sources[source_id]
        return model.Provenance(
            source=source.title,
            url=source.url,
            published=source.published,
            retrieved=source.retrieved,
            grade=grade or source.grade,
            jurisdiction=jurisdiction or source.jurisdiction,
        )

    def _statement(self, fact: document.Fact) -> model.Statement:
        return model.Statement(fact.text, self._provenance(fact), fact.note)

    def _statements(self, facts: Sequence[document.Fact]) -> tuple[model.Statement, ...]:
        return tuple(self._statement(fact) for fact in facts)

    def _list(self, facts: document.FactList | None) -> model.StatementList | None:
        return model.StatementList(self._statements(facts.items), facts.complete) if facts else None

    def _cost(self, cost: document.Cost) -> model.Cost:
        return model.Cost(
            text=cost.text,
            amount=cost.amount,
            currency=cost.currency,
            percent=cost.percent,
            percent_of=cost.percent_of,
            free=cost.free,
            base=cost.base,
            surcharge=cost.surcharge,
            surcharge_text=cost.surcharge_text,
            provenance=self._provenance(cost),
            note=cost.note,
        )

    def _duration(self, duration: document.Duration) -> model.Duration:
        return model.Duration(
            duration.kind,
            duration.text,
            duration.days,
            duration.working,
            self._provenance(duration),
            duration.note,
        )

    def _channel(self, channel: document.ServiceChannel) -> model.ServiceChannel:
        return model.ServiceChannel(
            channel.kind, channel.text, channel.hours, channel.url, self._provenance(channel), channel.note
        )

    def _contact(self, contact: document.ContactPoint) -> model.ContactPoint:
        return model.ContactPoint(
            text=contact.text,
            telephone=contact.telephone,
            email=contact.email,
            page=contact.page,
            hours=contact.hours,
            provenance=self._provenance(contact),
            note=contact.note,
        )

    def _law(self, legal: document.LegalResource) -> model.Statement:
        return model.Statement(legal.title, self._of(legal.source), legal.note)
