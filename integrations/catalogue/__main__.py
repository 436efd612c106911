"""`python -m integrations.catalogue`: check, import, export, show and search the catalogue of services."""

import sys

from integrations.catalogue.cli import main

if __name__ == "__main__":
    sys.exit(main())
