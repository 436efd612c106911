"""Roles, what each may do, and for which ministry.

Nobody can approve what they proposed (console/publishing); an administrator neither edits nor approves, and gives
these roles to others, which the audit log shows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

EVERYWHERE = "*"
"""The scope of a grant that holds for all ministries."""


class Role(str, Enum):
    """What somebody is at the ministry."""

    EDITOR = "editor"
    REVIEWER = "reviewer"
    AGENT = "agent"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(str, Enum):
    """What a route asks for."""

    OWN = "own"  # anyone who is logged in, about themselves
    INBOX_READ = "inbox.read"
    INBOX_WORK = "inbox.work"
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_EDIT = "knowledge.edit"
    TRY = "try"
    CATALOGUE_READ = "catalogue.read"
    CATALOGUE_PROPOSE = "catalogue.propose"
    PUBLISH_READ = "publish.read"
    PUBLISH_PROPOSE = "publish.propose"
    PUBLISH_APPROVE = "publish.approve"
    PUBLISH_ROLL_BACK = "publish.roll-back"
    PEOPLE_SERVE = "people.serve"
    PEOPLE_MANAGE = "people.manage"
    FIGURES_READ = "figures.read"
    SAMPLES_REVIEW = "samples.review"
    NOTICES_READ = "notices.read"
    NOTICES_MANAGE = "notices.manage"
    CHANNELS_STOP = "channels.stop"
    STAFF_MANAGE = "staff.manage"
    AUDIT_READ = "audit.read"


_P = Permission
_READ = frozenset({_P.OWN, _P.KNOWLEDGE_READ, _P.CATALOGUE_READ, _P.PUBLISH_READ, _P.FIGURES_READ, _P.NOTICES_READ})
MAY: dict[Role, frozenset[Permission]] = {
    Role.EDITOR: _READ
    | {_P.INBOX_READ, _P.INBOX_WORK, _P.KNOWLEDGE_EDIT, _P.TRY, _P.CATALOGUE_PROPOSE, _P.PUBLISH_PROPOSE},
    Role.REVIEWER: _READ
    | {_P.INBOX_READ, _P.TRY, _P.PUBLISH_APPROVE, _P.SAMPLES_REVIEW, _P.NOTICES_MANAGE, _P.PEOPLE_MANAGE},
    Role.AGENT: frozenset({_P.OWN, _P.KNOWLEDGE_READ, _P.CATALOGUE_READ, _P.TRY, _P.PEOPLE_SERVE, _P.NOTICES_READ}),
    Role.AUDITOR: _READ | {_P.AUDIT_READ},
    Role.ADMIN: _READ
    | {
        _P.TRY,
        _P.PUBLISH_ROLL_BACK,
        _P.PEOPLE_MANAGE,
        _P.NOTICES_MANAGE,
        _P.CHANNELS_STOP,
        _P.STAFF_MANAGE,
        _P.AUDIT_READ,
    },
}


@dataclass(frozen=True, order=True)
class Grant:
    """A role, for one ministry (an authority of the catalogue, by its id) or EVERYWHERE."""

    role: Role
    ministry: str = EVERYWHERE


@dataclass(frozen=True)
class Person:
    """A member of staff who is logged in. `name` is what they log in with, `shown` what others read."""

    id: int
    name: str
    shown: str
    grants: frozenset[Grant]

    def may(self, permission: Permission, ministry: str | None = None) -> bool:
        """Whether a grant allows it: for this ministry, or, without one, for any at all.

        What belongs to no ministry has the scope EVERYWHERE, which a grant for one ministry does not reach.
        """
        return any(
            permission in MAY[grant.role] and (ministry is None or grant.ministry in (EVERYWHERE, ministry))
            for grant in self.grants
        )

    @property
    def roles(self) -> Collection[Role]:
        """The roles, in the order of the enumeration."""
        held = {grant.role for grant in self.grants}
        return [role for role in Role if role in held]
