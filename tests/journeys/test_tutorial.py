"""The tutorial, done as it is written."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.service import Service

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MARK = "@@@"
BORDERS = str.maketrans("│┃", "  ", "")


@dataclass(slots=True)
class Command:
    """A command of the tutorial, and the lines that it is said to print."""

    lines: list[str]
    expected: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What is typed."""
        return "\n".join(self.lines)


def commands() -> list[Command]:
    """Read the commands of all console blocks."""
    found: list[Command] = []
    for block in BLOCK.findall(TUTORIAL.read_text("utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Command([line.removeprefix("$ ")]))
            elif line.startswith(">"):
                found[-1].lines.append(line.removeprefix(">").removeprefix(" "))
            elif line.strip():
                found[-1].expected.append(line)
    return found


def script(todo: list[Command]) -> str:
    """One shell session that does them all and marks where each ends."""
    return "\n".join(f"{each.text}\necho; echo '{MARK}'" for each in todo)


def squeezed(text: str) -> str:
    """Take out borders of tables and runs of blanks."""
    return re.sub(r"\s+", " ", text.translate(BORDERS))


def words_in_order(expected: str, printed: str) -> bool:
    """Tell whether the words of a line stand in one printed line, in that order."""
    pattern = r".*?".join(re.escape(word) for word in expected.split())
    return any(re.search(pattern, squeezed(line)) for line in printed.splitlines())


def environment(service: Service) -> Iterator[tuple[str, str]]:
    """The reader's shell, pointed at the service."""
    yield from os.environ.items()
    yield "TANHENG_ADDRESS", service.address
    yield "TANHENG_TOKEN", ""
    yield "COLUMNS", "250"
    yield "PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    yield "PYTHONPATH", f"{ROOT}{os.pathsep}{ROOT / 'gen'}"


@pytest.mark.slow
def test_does_what_it_says(service: Service, tmp_path: Path) -> None:
    reader = tmp_path / "reader"
    reader.mkdir()
    (reader / "data").symlink_to(service.settings.data_dir)
    todo = commands()
    done = subprocess.run(
        ["/bin/bash", "-c", script(todo)],
        cwd=reader,
        env=dict(environment(service)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=150,
        check=False,
    )
    printed = done.stdout.split(MARK)
    assert len(printed) == len(todo) + 1, done.stdout
    for command, answer in zip(todo, printed, strict=False):
        missing = [line for line in command.expected if not words_in_order(line, answer)]
        assert not missing, f"{command.text}\nshould print {missing}, and printed\n{answer}"


def test_has_commands_and_says_what_they_print() -> None:
    todo = commands()
    assert len(todo) > 20
    assert sum(bool(each.expected) for each in todo) > 15
