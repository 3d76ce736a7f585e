"""What setting up does where the machine is unusual."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "deploy" / "setup.sh"


@pytest.mark.parametrize(("home", "spared"), [("{tmp}", ""), ("/proc", "1"), ("/dev/null", "1")])
def test_needs_no_home_that_can_be_written(home: str, spared: str, tmp_path: Path) -> None:
    text = SETUP.read_text(encoding="utf-8")
    function = text[text.index("spare_the_home() {") :].split("\n}\n")[0] + "\n}\n"
    done = subprocess.run(
        ["/bin/bash", "-euc", f'{function}spare_the_home; echo "${{UV_NO_CACHE:-}}"'],
        env={"PATH": os.environ["PATH"], "HOME": home.format(tmp=tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == spared
