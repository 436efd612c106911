"""CPSV-AP 3.2 in JSON-LD: `to_jsonld` writes a catalogue, `from_jsonld` reads back all that it wrote.

docs/catalogue.md lists the terms, ours included. Reading needs no network and no JSON-LD processor: it takes documents
whose context defines our terms as we do (`CONTEXT`), and ignores, as JSON-LD does, what that context does not define.
"""

from integrations.catalogue.jsonld.read import from_jsonld
from integrations.catalogue.jsonld.vocabulary import CONTEXT
from integrations.catalogue.jsonld.write import to_jsonld

__all__ = ["CONTEXT", "from_jsonld", "to_jsonld"]
