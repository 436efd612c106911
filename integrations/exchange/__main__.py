"""`python -m integrations.exchange`: check the configuration, ask agencies, and the simulator."""

import sys

from integrations.exchange.commands.cli import main

if __name__ == "__main__":
    sys.exit(main())
