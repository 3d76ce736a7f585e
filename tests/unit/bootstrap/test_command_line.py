"""The words of ``python -m services``."""

from pathlib import Path

import pytest

from services.__main__ import main
from services.bootstrap.policy import ROLES


def test_refuses_a_token_for_a_role_that_is_not_known_and_names_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["token", "--data-dir", str(tmp_path), "--role", "finance_operater"])
    assert refused.value.code == 2
    said = capsys.readouterr().err
    assert "finance_operater" in said
    assert all(role in said for role in ROLES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("role", ROLES)
def test_prints_a_token_for_every_role(
    role: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["token", "--data-dir", str(tmp_path), "--role", role]) == 0
    assert capsys.readouterr().out.count(".") == 2


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--port", "70000", "65535"),
        ("--port", "-1", "whole number"),
        ("--processes", "0", "1 or more"),
        ("--workers", "two", "whole number"),
        ("--worker-threads", "0", "1 or more"),
    ],
)
def test_refuses_a_count_or_port_that_cannot_be(
    option: str, value: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["serve", "--data-dir", str(tmp_path), option, value])
    assert refused.value.code == 2
    error = capsys.readouterr().err
    assert f"argument {option}" in error
    assert said in error
