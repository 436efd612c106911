"""Asking back: which of several services is meant, or the name of the service."""

from __future__ import annotations

from collections.abc import Sequence

from actions.answer import Answer, Choice
from actions.rendering.answers import SUBJECTS
from integrations.catalogue.model import PublicService


def which_of(kinds: Sequence[str], services: Sequence[PublicService], *, short: bool) -> Answer:
    """Asks which of several services the questions of `kinds` are about; a choice answers the first of them."""
    about = _about(" عن ", kinds)
    return Answer(
        "ambiguous",
        ["أيها تقصد؟" if short else f"أكثر من خدمة تناسب سؤالك{about}. أيها تقصد؟"],
        options=[service.id for service in services],
        choices=[Choice(service.name, kinds[0], service.id) for service in services],
        asks=True,
        also=["ambiguous"] * (len(kinds) - 1),
    )


def which_service(kinds: Sequence[str], *, short: bool) -> Answer:
    """Asks for the name of the service that the questions of `kinds` are about."""
    text = f"عن أي خدمة تسأل؟ اكتب اسمها{_about(' لأخبرك عن ', kinds)}."
    examples = "" if short else " مثل: البطاقة الشخصية، جواز السفر، توثيق عقد الزواج."
    return Answer(kinds[0], [text + examples], asks=True, also=kinds[1:])


def _about(link: str, kinds: Sequence[str]) -> str:
    named = [SUBJECTS[kind] for kind in kinds if kind != "overview"]
    return link + " و".join(named) if named else ""
