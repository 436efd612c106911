"""Rasa's file importer, reading each file once.

One training asks the importer for the training data three times, and reading YAML is most of what that costs.
"""

from __future__ import annotations

from functools import cached_property

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData


class ReadOnceImporter(RasaFileImporter):
    """Keeps the training data that it has read."""

    @cached_property
    def _nlu_data(self) -> TrainingData:
        return super().get_nlu_data()

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The training data of all files."""
        return self._nlu_data
