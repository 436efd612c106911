"""Training examples, and which of them teach what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Messages of these kinds are about no service unless their examples say so. Those of other kinds that name no service
# in their metadata may be about any, and teach only the kind.
_ABOUT_NO_SERVICE = frozenset(
    {"out_of_scope", "greeting", "thanks", "goodbye", "help", "affirm", "deny", "cancel", "start_over", "list_services",
     "lost_reference", "follow", "stop", "start"}
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A message with its labels.

    Attributes:
        text: as typed; words: normalised.
        label: the intent in full ("faq/hijri-date").
        services: those it is about, () for none, None where nobody has said.
    """

    text: str
    words: tuple[str, ...]
    label: str
    services: tuple[str, ...] | None

    @property
    def kind(self) -> str:
        """The intent without the topic of an FAQ."""
        return self.label.partition("/")[0]

    @property
    def is_ambiguous(self) -> bool:
        """Whether it fits several services."""
        return self.services is not None and len(self.services) > 1


def services_of(label: str, metadata: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The services of an example from the metadata of its block: `{service: id}` or `{services: [id, …]}`."""
    if "service" in metadata:
        return (str(metadata["service"]),)
    if "services" in metadata:
        return tuple(map(str, metadata["services"]))
    return () if label in _ABOUT_NO_SERVICE else None
