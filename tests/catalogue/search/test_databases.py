"""Search gives the same results whatever database holds the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

import integrations.catalogue
from integrations.catalogue.importer import import_folder
from integrations.catalogue.jurisdiction import for_jurisdiction
from integrations.catalogue.model import PublicService
from integrations.catalogue.repository import SqlCatalogue
from integrations.catalogue.search import SearchIndex
from storage import SyncDatabase

SAMPLE = Path(integrations.catalogue.__file__).parent / "sample"
QUERIES = (
    "كم رسوم تجديد جواز السفر؟",
    "بطاقة",
    "ضاعت بصيرتي",
    "رخصة",
    "تصديق شهادة ميلاد",
    "jawaz",
    "كيف الطقس",
    "عداد",
    "زواج",
)


@pytest.mark.parametrize("jurisdiction", ["SAN", "ADE"])
def test_same_hits_from_files_and_database(
    database_url: str, sample: tuple[PublicService, ...], jurisdiction: str
) -> None:
    database = SyncDatabase(database_url)
    try:
        import_folder(database, SAMPLE)
        stored = SearchIndex.build(SqlCatalogue(database).services(jurisdiction))
    finally:
        database.close()
    views = [view for item in sample if (view := for_jurisdiction(item, jurisdiction))]
    written = SearchIndex.build(views)
    for query in QUERIES:
        assert stored.search(query, limit=20) == written.search(query, limit=20)
