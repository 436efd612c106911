"""The file of the providers: what an operator reads when it is wrong."""

from __future__ import annotations

import pytest

from channels.errors import StartupError
from channels.sms.configuration import load_providers

GOOD = """\
providers:
  - kind: simulator
    name: first
    sender: "8000"
    url: http://127.0.0.1:1/a
    secret: env:FIRST_SECRET
    weight: 3
  - kind: simulator
    name: second
    sender: Dalil
    url: http://127.0.0.1:1/b
    secret: file:{folder}/second
"""


def test_several_providers_and_their_secrets(tmp_path, monkeypatch) -> None:
    (tmp_path / "second").write_text("of the file\nand more\n")
    monkeypatch.setenv("FIRST_SECRET", "of the environment")
    file = tmp_path / "sms.yml"
    file.write_text(GOOD.format(folder=tmp_path))
    first, second = load_providers(file)
    assert (first.name, first.weight, first.sender) == ("first", 3, "8000")
    assert (second.name, second.weight, second.parallel) == ("second", 1, 8)
    secrets = [provider.secret.get_secret_value() for provider in (first, second)]
    assert secrets == ["of the environment", "of the file"]


ENTRY = "  - kind: simulator\n    name: a\n    sender: Dalil\n    url: x\n    secret: y\n"
BAD = [
    ("", ["sms.yml: must have a list `providers`"]),
    ("providers: []\n", ["sms.yml: must have a list `providers`"]),
    ("providers: {a: 1}\n", ["sms.yml: must have a list `providers`"]),
    ("providers:\n  - a: [\n", ["sms.yml:3: "]),
    ("providers:\n  - kind: pigeon\n", ["sms.yml:2: kind: must be one of "]),
    ("providers:\n  - 7\n", ["sms.yml:2: a provider is a list of fields"]),
    ("providers:\n" + ENTRY + "    colour: red\n", ["sms.yml:7: colour: Extra inputs are not permitted"]),
    ("providers:\n" + ENTRY.replace("name: a", "name: A b"), ["sms.yml:3: name: "]),
    ("providers:\n" + ENTRY.replace("    secret: y\n", ""), ["sms.yml:2: secret: Field required"]),
    ("providers:\n" + ENTRY.replace("y\n", "env:NOT_SET\n"), ["sms.yml:6: secret: the environment variable NOT_SET"]),
    ("providers:\n" + ENTRY.replace("y\n", "file:/nowhere\n"), ["sms.yml:6: secret: cannot read /nowhere"]),
    (
        "providers:\n" + ENTRY + "    weight: many\n" + ENTRY.replace("name: a", "name: b").replace("x", "7"),
        ["sms.yml:7: weight: ", "sms.yml:11: url: "],
    ),
    ("providers:\n" + ENTRY + ENTRY, ["sms.yml: two providers are named a"]),
]


@pytest.mark.parametrize(("text", "lines"), BAD, ids=range(len(BAD)))
def test_every_fault_is_named_with_its_line(tmp_path, text: str, lines: list[str]) -> None:
    file = tmp_path / "sms.yml"
    file.write_text(text)
    with pytest.raises(StartupError) as error:
        load_providers(file)
    said = str(error.value).replace(f"{tmp_path}/", "").splitlines()
    assert len(said) == len(lines)
    for got, wanted in zip(said, lines, strict=True):
        assert got.startswith(wanted)


def test_no_value_is_repeated_in_a_fault(tmp_path) -> None:
    file = tmp_path / "sms.yml"
    file.write_text("providers:\n" + ENTRY.replace("y\n", "[hunter2]\n"))
    with pytest.raises(StartupError) as error:
        load_providers(file)
    assert "hunter2" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path) -> None:
    with pytest.raises(StartupError, match="DALIL_SMS_PROVIDERS: cannot read"):
        load_providers(tmp_path / "none.yml")
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StartupError, match="not UTF-8"):
        load_providers(tmp_path / "binary.yml")
