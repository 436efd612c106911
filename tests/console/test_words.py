"""Every sentence of the console has its English one, and templates say nothing outside of t()."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from console.pages.words import english

ROOT = Path(__file__).parents[2] / "console"
TEMPLATES = sorted(ROOT.glob("*/templates/*.html"))
CODE = sorted(path for path in ROOT.rglob("*.py") if path.name != "words.py")
ARABIC = re.compile("[\u0621-\u064a]")
SAID = re.compile(r"""\bt\(\s*(?:"([^"]*)"|'([^']*)')""")
LANGUAGE_OF_ITSELF = {"العربية"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_templates_speak_both_languages(path: Path) -> None:
    source = path.read_text("utf-8")
    said = {first or second for first, second in SAID.findall(source)}
    assert {sentence for sentence in said if sentence not in english()} == set()
    rest = SAID.sub("", source)
    for sentence in LANGUAGE_OF_ITSELF:
        rest = rest.replace(sentence, "")
    assert not [line for line in rest.splitlines() if ARABIC.search(line)]


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_code_speaks_both_languages(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    documents = {
        node.body[0].value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    arabic = {text for text in said - documents if ARABIC.search(text) and len(text) > 1}
    assert {text for text in arabic if text not in english() and path.name != "answers.py"} == set()


def test_both_languages_fill_in_the_same_names() -> None:
    names = re.compile(r"\{(\w+)\}")
    assert [
        (arabic, said) for arabic, said in english().items() if set(names.findall(arabic)) != set(names.findall(said))
    ] == []


def test_a_sentence_stands_in_one_file() -> None:
    found: dict[str, str] = {}
    for path in sorted(ROOT.glob("*/english.yml")):
        for arabic in YAML(typ="safe").load(path):
            assert arabic not in found, f"{arabic}: {path} and {found[arabic]}"
            found[arabic] = str(path)
