"""Nothing that Rasa says of itself may reach a log or the Internet: its lines hold the citizen's words.

Rasa logs a message's text at debug level through structlog and, when something fails, at error level; our own lines
(with ids only) take their place. Telemetry and error reporting are off here, in code.
"""

import logging
import os


def install() -> None:
    """Silence Rasa in this process; call before the first import of rasa."""
    import structlog

    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["TQDM_DISABLE"] = "1"
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("rasa").setLevel(logging.CRITICAL)
    logging.getLogger("alembic").setLevel(logging.WARNING)
