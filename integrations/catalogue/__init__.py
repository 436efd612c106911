"""The unified catalogue of public services: the only source of facts that citizens are told.

Files written by people (`document.py`, read by `reader.py`) or a remote catalogue (`remote/`) are imported
(`importer.py`) into CPSV-AP tables (`tables.py`), and read as frozen values (`model.py`) through `repository.py`.
`search/` finds services by the words of a message; `jsonld/` exports.

    CatalogueError                     what can go wrong, each with a line for the person who can act
    ├── SourceUnreadable               the folder or file of catalogue data is missing or empty
    ├── CatalogueInvalid               the data breaks the rules: one line per fault, with its place
    └── ServiceNotFound                no service has this identifier
        └── ServiceWithdrawn           its source no longer has it
"""
