"""Sync from a remote catalogue over HTTP, and a simulator that serves one.

A remote catalogue is CPSV-AP in JSON-LD as our own export writes it, in pages of the Hydra core vocabulary: each page
has its part of the nodes in `@graph`, the number of all nodes in `hydra:totalItems`, and the next page in
`hydra:view` / `hydra:next`. The first page's ETag changes whenever anything in the catalogue does.

    CatalogueError
    ├── RemoteError              the remote catalogue could not be read; the database is as it was
    │   ├── RemoteAddressInvalid its address is not https, nor on this machine
    │   ├── RemoteUnreachable    no answer: name, connection, certificate, time
    │   ├── RemoteRefused        it answered with an error
    │   └── RemoteInvalid        what it sent is no catalogue: form, size, links, changed while it was read
    └── CatalogueInvalid         what it sent breaks the catalogue's rules

`sync.sync(database, address)` is the door; `client.read_remote` only reads.
"""
