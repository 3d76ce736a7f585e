"""The manners of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, ROOT, at, functions, modules, tracked_texts, tree

_LONGEST_MODULE, _LONGEST_OF_MOST = 400, 300
_LONGEST_FUNCTION = 50
_LONGEST_PLATE = 40
_EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
_CLOCKS = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic))$"
)
_MONEY_ROOMS = ("kernel", "billing", "settlement", "ledger", "incentives")
# In pieces, so that this file does not hold what it looks for.
_REGISTRIES = re.compile(
    r"py" + r"pi\.org|python" + r"hosted\.|npm" + r"js\.(org|com)|gh" + r"cr\.io"
    r"|qu" + r"ay\.io|docker" + r"\.io/|docker" + r"\.com/|arti" + r"factory"
    r"|-index" + r"-url|proxy\.golang" + r"\.org"
)
_MACHINE_PATHS = re.compile(
    r"(?<![\w.$}])/(ro" + r"ot|ho" + r"me/\w+|wo" + r"rk|Us" + r"ers/\w+)/[\w.]"
)


def _everything() -> list[Path]:
    return modules("services", "clients", "tests", "benchmarks", "proto", "samples")


def test_no_module_is_long() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in _everything()}
    long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > _LONGEST_MODULE}
    assert not long


def test_hardly_any_module_of_the_product_is_long() -> None:
    product = modules("services", "clients")
    lengths = sorted(len(path.read_text("utf-8").splitlines()) for path in product)
    assert lengths[int(0.95 * (len(lengths) - 1))] <= _LONGEST_OF_MOST


def test_no_function_is_long() -> None:
    """Migrations are left out: they are SQL, read from top to bottom, and written once."""
    long = {
        f"{at(path, function)} {function.name}": length
        for path in _everything()
        if path.parent.name != "versions"
        for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > _LONGEST_FUNCTION
    }
    assert not long


def test_no_name_says_nothing() -> None:
    empty = [
        str(path.relative_to(ROOT))
        for path in _everything()
        if _EMPTY_WORDS & {path.stem, *path.relative_to(ROOT).parts}
    ]
    assert not empty


def test_the_core_reads_no_clock_but_the_one_it_is_given() -> None:
    folders = [f"services/{room}/{floor}" for room in ROOMS for floor in ("domain", "application")]
    read = [
        f"{at(path, node)} {ast.unparse(node)}"
        for path in modules("services/kernel", *folders)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and _CLOCKS.search(ast.unparse(node))
    ]
    assert not read


def test_no_binary_number_comes_near_money() -> None:
    folders = [f"services/{room}" for room in _MONEY_ROOMS]
    found = [
        f"{at(path, node)} {ast.unparse(node)}"
        for path in modules(*folders)
        for node in _binary_numbers(tree(path))
    ]
    assert not found


def _binary_numbers(node: ast.AST) -> Iterator[ast.expr]:
    """Find float literals and the word itself, save where it is asked for to be refused."""
    asks = isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"
    literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
    word = isinstance(node, ast.Name) and node.id == "float"
    if isinstance(node, ast.expr) and (literal or word):
        yield node
    if not asks:
        for child in ast.iter_child_nodes(node):
            yield from _binary_numbers(child)


def test_every_package_says_what_it_is() -> None:
    packages = [path for path in modules("services", "clients") if path.name == "__init__.py"]
    silent = [str(path.relative_to(ROOT)) for path in packages if not ast.get_docstring(tree(path))]
    assert not silent


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_brass_plate(room: str) -> None:
    path = ROOT / "services" / room / "__init__.py"
    plate = " ".join((ast.get_docstring(tree(path)) or "").split())
    assert "It owns " in plate
    assert "It does not own " in plate
    assert "Words: " in plate
    assert "Invariants: " in plate
    assert len(path.read_text("utf-8").splitlines()) <= _LONGEST_PLATE
    assert len(tree(path).body) == 1, "a brass plate exports nothing"


def test_no_file_names_a_registry() -> None:
    assert not list(_lines_with(_REGISTRIES))


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert not list(_lines_with(_MACHINE_PATHS))


def _lines_with(pattern: re.Pattern[str]) -> Iterator[str]:
    for name, text in tracked_texts():
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()[:120]}"
