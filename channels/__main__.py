"""`python -m channels`: run the gateway until SIGINT or SIGTERM."""

from __future__ import annotations

import asyncio
import sys

from channels import logs
from channels.app import create_app
from channels.errors import StartupError
from channels.serving import check_tables, listen, serve
from settings import SettingsError, load_settings
from storage import StorageError


def main() -> int:
    """Run the gateway; 0 after a clean stop, 1 with one clear line when it cannot start."""
    try:
        settings = load_settings()
        logs.configure(settings.log_level)
        check_tables(settings.database_url)
        listening = listen(settings.gateway_host, settings.gateway_port, "DALIL_GATEWAY_HOST, DALIL_GATEWAY_PORT")
        pushing = None
        if settings.push_port:
            pushing = listen(settings.push_host, settings.push_port, "DALIL_PUSH_HOST, DALIL_PUSH_PORT")
        asyncio.run(serve(create_app(settings, pushing=pushing), listening))
    except (SettingsError, StorageError, StartupError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
