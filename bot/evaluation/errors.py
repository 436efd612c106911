"""Errors of measuring; the tree is drawn in the package docstring."""

from bot.errors import AssistantError


class EvaluationError(AssistantError):
    """What is measured, or measured against, is not there or cannot be read."""


class BadCases(EvaluationError):
    """A file of cases is not of its form; the message names the file and the entry."""
