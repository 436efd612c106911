"""A configuration as the text of a file, for whoever wants to ask a simulator from another process."""

from __future__ import annotations

import io
from pathlib import Path

from ruamel.yaml import YAML

from integrations.exchange.configuration import ExchangeConfiguration


def configuration_text(configuration: ExchangeConfiguration) -> str:
    """YAML that `read_configuration` reads to the same. Only for X-Road: an OAuth2 secret is not written."""
    document = configuration.model_dump(mode="json", exclude_none=True)
    for transport in document["transports"]:
        for name in ("ca", "certificate", "key"):
            # Absolute: the file may be read from anywhere.
            transport[name] = str(Path(transport[name]).absolute())
    text = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.dump(document, text)
    return text.getvalue()
