"""Starting, stopping and watching Dalil as its operator does."""

from __future__ import annotations

import shutil
import time

from tests.channels.harness import free_port
from tests.e2e.citizens import WebCitizen, hears
from tests.e2e.installation import Installation, told_in, wait_for

FEES = "كم رسوم توثيق عقد الزواج؟"
PRIVATE = "اسمي صالح الحمادي ورقمي 733445566، كم رسوم توثيق وكالة؟"


async def test_logs_hold_nothing_that_citizens_said(system, phone, telegram) -> None:
    """Of this and of all that was said before, with every failure of the tests before."""
    async with WebCitizen(system) as web:
        assert "500" in await web.ask(PRIVATE)
        await web.ask("س" * 1500)
    for citizen in (phone, telegram):
        await citizen.send(PRIVATE)
        assert "500" in (await hears(citizen, 1))[0]
    log = system.process_logs()
    assert '"event": "message done"' in log
    assert told_in(log, system.said) == set()
    assert "Traceback" not in log


async def test_ctrl_c_ends_every_process_and_the_second_start_answers(installation: Installation, capsys) -> None:
    installation.start()
    processes = installation.processes()
    assert len(processes) >= 4
    assert installation.interrupt() == 0
    wait_for(lambda: not any(process.is_running() for process in processes))
    assert installation.log().splitlines()[-1] == "dalil: stopped"
    assert "Traceback" not in installation.log()

    started = time.monotonic()
    installation.start()
    async with WebCitizen(installation) as citizen:
        assert "500 ريال يمني" in await citizen.ask(FEES)
    with capsys.disabled():
        print(f"\nsecond start: first answer after {time.monotonic() - started:.1f} s")
    assert "the model is up to date" in installation.log()
    assert "added:" not in installation.log()


def test_a_faulty_catalogue_is_named_and_nothing_is_started(installation: Installation, tmp_path) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(installation.catalogue, folder)
    with (folder / "water.yml").open("a", encoding="utf-8") as file:
        file.write("    colour: blue\n")
    lines = (folder / "water.yml").read_text("utf-8").count("\n")
    changes = elsewhere(tmp_path) | {"catalogue_source": folder}
    ended = installation.run("launcher", "run", **changes)
    assert ended.returncode == 1
    said = [line for line in ended.stdout.splitlines() if " is at work " not in line]
    assert said[-1] == "catalogue: failed (exit code 1); the reason is above"
    [fault] = [line for line in said if line.startswith("catalogue   |")]
    assert f"water.yml:{lines}" in fault
    assert "Traceback" not in ended.stdout


def test_folders_that_cannot_be_written_are_one_line_each(installation: Installation, tmp_path) -> None:
    changes = elsewhere(tmp_path) | {"database_url": "sqlite:////proc/dalil/dalil.db", "model_folder": "/proc/models"}
    ended = installation.run("launcher", "run", **changes)
    assert ended.returncode == 1
    models, database = ended.stdout.splitlines()
    assert models.startswith("DALIL_MODEL_FOLDER: cannot write in the folder /proc/models: ")
    assert database.startswith("DALIL_DATABASE_URL: cannot write in the folder /proc/dalil: ")


def elsewhere(folder) -> dict[str, object]:
    """Settings that stay out of the running system's way."""
    names = ("gateway", "assistant", "operator", "push", "simulator", "console")
    ports = {f"{name}_port": free_port() for name in names}
    return {"database_url": f"sqlite:///{folder}/dalil.db", "simulator_folder": folder / "exchange", **ports}
