"""Errors of the launcher; the tree is drawn in the package docstring."""


class LaunchError(Exception):
    """Base of the launcher's errors; the message is one line, or one line for each fault."""


class StartRefused(LaunchError):
    """Something on this machine has to be put right before a start can work."""


class StepFailed(LaunchError):
    """A step before the start ended with an error."""


class ProgramFailed(LaunchError):
    """A process did not become ready, or died again and again."""
