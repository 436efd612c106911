"""The database of every room: engines, transactions, the declarative base, leases and the migrations.

StorageError                       what can go wrong, each with a line an operator can act on
├── DatabaseUnreachable            wrong URL, server down, folder read-only
├── SchemaOutdated                 `python -m storage upgrade` has not been run
└── LeaseLost                      another process has the lease under which this one worked
"""

from storage.base import Base, UtcDateTime, utc_now
from storage.engine import SyncDatabase
from storage.errors import DatabaseUnreachable, LeaseLost, SchemaOutdated, StorageError
from storage.leases import Lease
from storage.transactions import Transactions

__all__ = [
    "Base",
    "DatabaseUnreachable",
    "Lease",
    "LeaseLost",
    "SchemaOutdated",
    "StorageError",
    "SyncDatabase",
    "Transactions",
    "UtcDateTime",
    "utc_now",
]
