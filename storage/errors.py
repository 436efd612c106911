"""Errors of storage; the tree is drawn in the package docstring."""


class StorageError(Exception):
    """Base of the storage errors."""


class DatabaseUnreachable(StorageError):
    """The database of `DALIL_DATABASE_URL` cannot be opened."""


class SchemaOutdated(StorageError):
    """The tables are not those of this version of Dalil."""


class LeaseLost(StorageError):
    """Another process has the lease under which this one worked."""
