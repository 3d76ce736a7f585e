"""The demo, as a newcomer runs it: to the end, and interrupted."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = (sys.executable, "-c", "import sys; from clients.cli.main import main; sys.exit(main())")
PATIENCE_SECONDS = 150.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A shell whose temporary files are all in one place."""
    path = f"{ROOT}{os.pathsep}{ROOT / 'gen'}"
    return {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": path, "TANHENG_ADDRESS": "nowhere"}


def _heed_interrupts() -> None:
    """Undo what a shell does for a job in its background: that it ignores interrupts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def demo(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A demo that has just begun."""
    with subprocess.Popen(
        [*DEMO, "demo"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 - no thread is there yet
    ) as started:
        yield started
        started.kill()


@pytest.mark.slow
def test_closes_march_and_agrees_with_every_published_figure(
    environment: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [*DEMO, "demo", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["month"]["state"] == "CLOSED"
    assert len(shown["invoices"]) == 19
    assert shown["incentive_run"]["state"] == "POSTED"
    assert [each["what"] for each in shown["published"] if not each["agrees"]] == []
    assert [line["balance"] for line in shown["trial_balance"]["totals"] if "balance" in line]
    assert not list(tmp_path.glob("tanheng-demo-*"))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_leaves_nothing_behind_when_it_is_interrupted(
    demo: "subprocess.Popen[str]", tmp_path: Path, number: signal.Signals
) -> None:
    assert demo.stdout is not None
    for line in demo.stdout:
        if "ready on" in line:
            break
    demo.send_signal(number)
    rest, _ = demo.communicate(timeout=60)
    assert demo.returncode == 130, rest
    time.sleep(0.5)
    assert not list(tmp_path.glob("tanheng-demo-*"))
    assert not running_in(tmp_path)


@pytest.mark.slow
def test_leaves_no_process_behind_when_it_is_killed(
    demo: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    assert demo.stdout is not None
    for line in demo.stdout:
        if "ready on" in line:
            break
    demo.kill()
    end = time.monotonic() + 30
    while running_in(tmp_path) and time.monotonic() < end:
        time.sleep(0.2)
    assert not running_in(tmp_path)


def running_in(folder: Path) -> list[str]:
    """The command lines of processes that name a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in line and int(process.name) != os.getpid():
            found.append(line)
    return found


def test_says_why_the_service_did_not_start(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    done = subprocess.run(
        [*DEMO, "demo", "--keep", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 7
    assert "SERVICE_NOT_READY" in done.stderr
    assert "make serve" not in done.stderr
