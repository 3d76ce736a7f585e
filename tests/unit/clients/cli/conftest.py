"""A scripted service, and the command line pointed at it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from clients.cli.main import main
from tests.fakes.scripted_server import Script, serving


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Runs commands against the scripted service."""

    script: Script
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Run one; gives its exit code, what it answered and what it remarked."""
        code = main(arguments)
        printed = self.capture.readouterr()
        return code, printed.out, printed.err

    def json(self, *arguments: str) -> object:
        """Run one with --json and read what it answered."""
        code, answered, remarked = self(*arguments, "--json")
        assert code == 0, remarked
        loaded: object = json.loads(answered)
        return loaded


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def address(script: Script) -> Iterator[str]:
    with serving(script) as served:
        yield served


@pytest.fixture
def tanheng(
    script: Script,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CommandLine:
    monkeypatch.setenv("TANHENG_ADDRESS", address)
    monkeypatch.setenv("TANHENG_TOKEN", "a-token")
    monkeypatch.setenv("COLUMNS", "160")
    return CommandLine(script, capsys)
