"""`python -m launcher run` with stand-ins for the processes: run_stand_ins.py PIDS_FILE [STEP_SCRIPT]."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from launcher import plan
from launcher.__main__ import main
from tests.launcher.conftest import stand_in

pids, script = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "print('up to date')"
plan.steps = lambda _settings: [plan.Step("database", (sys.executable, "-c", script))]
plan.programs = lambda _settings: [
    stand_in("assistant-1", "--pids", pids, "--child"),
    stand_in("gateway", "--pids", pids),
]
sys.argv = ["launcher", "run"]
sys.exit(main())
