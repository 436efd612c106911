"""The database of every room: engines, transactions, the declarative base and the migrations.

StorageError                       what can go wrong, each with a line an operator can act on
├── DatabaseUnreachable            wrong URL, server down, folder read-only
└── SchemaOutdated                 `python -m storage upgrade` has not been run
"""

from storage.base import Base, UtcDateTime, utc_now
from storage.engine import SyncDatabase
from storage.errors import DatabaseUnreachable, SchemaOutdated, StorageError
from storage.transactions import Transactions

__all__ = [
    "Base",
    "DatabaseUnreachable",
    "SchemaOutdated",
    "StorageError",
    "SyncDatabase",
    "Transactions",
    "UtcDateTime",
    "utc_now",
]
