"""The glossary names classes that are there."""

import ast
import re

from tests.architecture.sources import ROOT, modules, tree

_GLOSSARY = ROOT / "docs" / "glossary.md"
_ROW = re.compile(
    r"^\| (?P<word>[^|]+) \| (?P<chinese>[^|]*) \|(?P<code>[^|]*)\|(?P<meaning>[^|]+)\|$"
)
_CLASS = re.compile(r"`([A-Z]\w+)`")


def _rows() -> list[re.Match[str]]:
    lines = _GLOSSARY.read_text("utf-8").splitlines()
    matches = [_ROW.match(line) for line in lines if line.startswith("| ")]
    return [row for row in matches if row is not None and row["word"] != "word"]


def _classes() -> set[str]:
    return {
        node.name
        for path in modules("services")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }


def test_every_class_that_the_glossary_names_is_there() -> None:
    named = {name for row in _rows() for name in _CLASS.findall(row["code"])}
    assert len(named) > 30
    assert not named - _classes()


def test_every_word_has_its_chinese_and_a_meaning() -> None:
    bare = [
        row["word"] for row in _rows() if not row["chinese"].strip() or not row["meaning"].strip()
    ]
    assert not bare


def test_every_line_of_a_table_is_read() -> None:
    lines = [line for line in _GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| ")]
    headings = sum(line.startswith("| word |") for line in lines)
    assert len(_rows()) == len(lines) - headings


def test_no_word_is_explained_twice() -> None:
    words = [row["word"] for row in _rows()]
    assert len(words) == len(set(words))
