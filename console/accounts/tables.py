"""Staff, what they may, and how they prove who they are. Nothing here is readable as a secret."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime

_DIGEST = String(64)


class StaffRow(Base):
    """One member of staff.

    `password` is an argon2id string; `totp_secret` is sealed with the console's key; `totp_step` is the last time step
    that was used, so that a code works once. `failures` counts wrong passwords and codes since the last right ones;
    until `locked_until` none is looked at. `sso_subject` is their account at the OpenID provider `sso_issuer`.
    Who has neither password nor account has not joined yet.
    """

    __tablename__ = "staff"
    __table_args__ = (Index("ix_staff_sso", "sso_issuer", "sso_subject", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    shown: Mapped[str] = mapped_column(String(80))
    password: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(300))
    totp_step: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(Integer)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sso_issuer: Mapped[str | None] = mapped_column(String(300))
    sso_subject: Mapped[str | None] = mapped_column(String(255))


class GrantRow(Base):
    """A role of somebody, for one ministry or "*"."""

    __tablename__ = "staff_grants"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    ministry: Mapped[str] = mapped_column(String(80), primary_key=True)


class RecoveryRow(Base):
    """A recovery code that is left, as its SHA-256: it has 50 random bits of its own."""

    __tablename__ = "staff_recovery"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)


class InvitationRow(Base):
    """A link with which somebody chooses a password and sets up the second step, once."""

    __tablename__ = "staff_invitations"

    digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    totp_secret: Mapped[str] = mapped_column(String(300))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SessionRow(Base):
    """A browser that is logged in, by the SHA-256 of its cookie.

    `second`: the second step is done; before that the session opens nothing but the page that asks for it.
    `proved_at` is when the password was last given.
    """

    __tablename__ = "staff_sessions"

    digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    second: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime] = mapped_column(UtcDateTime)
