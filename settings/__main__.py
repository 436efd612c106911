"""`python -m settings` prints docs/settings.md; a test keeps the file equal to it."""

from __future__ import annotations

import sys

from settings.document import document


def main() -> int:
    """Print every setting as a Markdown table."""
    print(document(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
