"""The names of ministries and other authorities, as roles and questions are scoped by them."""

from __future__ import annotations

from sqlalchemy import Connection, select

from integrations.catalogue.tables import PublicOrganisation


def ministries(connection: Connection) -> dict[str, str]:
    """Arabic names by identifier, in the order of the alphabet."""
    rows = connection.execute(select(PublicOrganisation.id, PublicOrganisation.name).order_by(PublicOrganisation.name))
    return {row.id: row.name for row in rows}
