"""A security server and the agencies behind it, on this machine: for development, trials and tests.

`seed.py` reads who applied for what (docs/exchange.md describes the file; `sample.yml` is one); `agency.py` answers
the resources and moves applications on, `following.py` tells of it; `security_server.py` is X-Road around it,
`portal.py` OAuth2; `faults.py` what goes wrong on demand. All of them are functions of a call, so the same simulator is
served over mutual TLS (`server.py`) or asked inside our own process (`inside.py`).
"""

from integrations.exchange.simulator.faults import Fault
from integrations.exchange.simulator.inside import SimulatedExchange, simulated_exchange
from integrations.exchange.simulator.seed import Seed, read_seed

__all__ = ["Fault", "Seed", "SimulatedExchange", "read_seed", "simulated_exchange"]
