"""Who may know whom: the contracts of ``.importlinter``, and which libraries the core may know."""

import sys

import pytest
from importlinter.cli import lint_imports

from tests.architecture.sources import ROOMS, ROOT, imported, modules

_CORE = [f"{room}/{floor}" for room in ROOMS for floor in ("domain", "application")]
_ALLOWED = {"kernel": {"moneyed"}, "pricing/domain": {"numpy", "scipy"}}


def test_keeps_every_import_contract(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True)
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("folder", ["kernel", *_CORE])
def test_the_core_knows_the_standard_library_and_hardly_more(folder: str) -> None:
    known = sys.stdlib_module_names | {"services"} | _ALLOWED.get(folder, set())
    foreign = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(f"services/{folder}")
        for name in imported(path)
        if name not in known
    }
    assert not foreign


def test_every_room_has_the_floors_it_needs() -> None:
    floors = ("domain", "application", "persistence")
    missing = [
        f"{room}/{floor}"
        for room in ROOMS
        for floor in floors
        if not (ROOT / "services" / room / floor / "__init__.py").is_file()
    ]
    assert not missing
