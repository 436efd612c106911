"""`python -m storage upgrade`: bring the tables of DALIL_DATABASE_URL to this version."""

from __future__ import annotations

import argparse
import sys

from settings import SettingsError, load_settings
from storage.errors import StorageError
from storage.migrate import upgrade


def main() -> int:
    """Run the command line; 0 when the tables are up to date, 1 with one clear line otherwise."""
    parser = argparse.ArgumentParser(prog="python -m storage", description=__doc__)
    parser.add_argument("command", choices=["upgrade"])
    parser.parse_args()
    try:
        upgrade(load_settings().database_url)
    except (SettingsError, StorageError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
