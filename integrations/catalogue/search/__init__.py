"""Search: the services that a citizen's sentence means.

`SearchIndex.build(services)` makes an index in memory; `index.search(text)` gives ranked hits. It never touches the
database, so the results are the same whatever the catalogue is kept in.

Scores mean the same for every query:
    SURE (0.7) and above: the words name this service. With the next hit at least MARGIN below, answer.
    POSSIBLE (0.45) to SURE: the words fit it, but fit others too or leave something unexplained: ask.
    below POSSIBLE: not a service of the catalogue.
`shortlist` applies this.
"""

from integrations.catalogue.search.choice import MARGIN, POSSIBLE, SURE, shortlist
from integrations.catalogue.search.index import SearchIndex

__all__ = ["MARGIN", "POSSIBLE", "SURE", "SearchIndex", "shortlist"]
