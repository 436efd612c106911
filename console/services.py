"""What every room is built with: made once, in app.py."""

from __future__ import annotations

from dataclasses import dataclass

from console.knowledge.service import Knowledge
from console.pages.site import Site
from settings import Settings
from storage import Transactions


@dataclass(frozen=True)
class Services:
    """The settings, the database, the pages, and what staff keep right."""

    settings: Settings
    database: Transactions
    site: Site
    knowledge: Knowledge
