"""Reading the configuration file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from integrations.exchange.configuration.document import Agency, ExchangeConfiguration, TransportSettings
from integrations.exchange.configuration.fields import parts
from integrations.exchange.reading import Place, read_document


def read_configuration(path: Path) -> ExchangeConfiguration:
    """Read and check the file. Paths of certificates in it are relative to its folder.

    Raises:
        FileInvalid: one line for each fault: file, line, key and what is wrong, never a value.
    """
    folder = path.absolute().parent
    read = read_document(path, ExchangeConfiguration, lambda document: _faults(document, folder))
    return read.model_copy(update={"transports": tuple(_placed(transport, folder) for transport in read.transports)})


def _placed(transport: TransportSettings, folder: Path) -> TransportSettings:
    paths = {name: folder / path for name in ("ca", "certificate", "key") if (path := getattr(transport, name))}
    return transport.model_copy(update=paths)


def _faults(document: ExchangeConfiguration, folder: Path) -> Iterator[tuple[Place, str]]:
    kinds = {transport.name: transport.kind for transport in document.transports}
    yield from _repeated("transports", "name", [transport.name for transport in document.transports])
    yield from _repeated("agencies", "id", [agency.id for agency in document.agencies])
    for index, transport in enumerate(document.transports):
        for name in ("ca", "certificate", "key"):
            file = getattr(transport, name)
            if file is not None and not (folder / file).is_file():
                yield ("transports", index, name), f"{name}: no such file"
    for index, agency in enumerate(document.agencies):
        if agency.transport not in kinds:
            yield ("agencies", index, "transport"), "transport: none of the transports has this name"
        elif fault := _service_fault(agency, kinds[agency.transport]):
            yield ("agencies", index, "service"), f"service: {fault}"


def _repeated(group: str, key: str, values: list[str]) -> Iterator[tuple[Place, str]]:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield (group, index, key), f"{key}: an earlier one has it too"


def _service_fault(agency: Agency, kind: str) -> str | None:
    try:
        count = len(parts(agency.service))
    except ValueError as error:
        return str(error)
    if kind == "xroad" and count not in (4, 5):
        return "must be instance/class/member/subsystem/service (the subsystem may be missing)"
    return None
