"""Set-up and operation: the environment (`bootstrap`), and one command that runs every process.

    LaunchError                what can go wrong, each with one line an operator can act on
    ├── StartRefused           a port is taken, a folder read-only, a setting broken: found before anything started
    ├── StepFailed             the database, the catalogue or the training failed; the step's own message is above
    └── ProgramFailed          a process did not become ready, or died again and again

`bootstrap` stands alone: it runs before the environment exists, with the standard library of any Python from 3.8.
"""

from launcher.errors import LaunchError, ProgramFailed, StartRefused, StepFailed

__all__ = ["LaunchError", "ProgramFailed", "StartRefused", "StepFailed"]
