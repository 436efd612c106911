"""Errors of the assistant; the tree is drawn in the package docstring."""


class AssistantError(Exception):
    """Base of the assistant's errors."""


class BadRequest(AssistantError):
    """A request that is not of the HTTP contract."""


class OverBudget(AssistantError):
    """The answer took longer than it may."""


class ActionFailed(AssistantError):
    """An action raised."""


class ModelError(AssistantError):
    """No usable model."""


class ModelMissing(ModelError):
    """No model has been trained."""


class ModelRefused(ModelError):
    """A model file is not what its manifest says, or of another version."""
