"""Generate ``gen/`` from ``proto/``, lint the contract, and compare it with the last release.

``python proto/generate.py`` writes; ``--check`` proves that ``gen/`` is fresh, lints, and
refuses a breaking change; ``--baseline`` accepts the present contract as released.
``buf_validate.binpb`` holds the descriptors of protovalidate's rules, which no package ships as
text; protovalidate itself embeds the same.
"""

import argparse
import filecmp
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import grpc_tools  # type: ignore[import-untyped]
from google import longrunning

HERE = Path(__file__).resolve().parent
GEN = HERE.parent / "gen"
VALIDATE_SET = HERE / "buf_validate.binpb"
BASELINE = HERE / "baseline.binpb"
PACKAGES = ("tanheng", "buf")
LINT = {
    "version": "v2",
    "lint": {
        "use": ["STANDARD", "COMMENTS"],
        "ignore": ["google", "buf"],
        # AIP-131 to 151 return resources and operations, and verbs share them.
        "except": ["RPC_RESPONSE_STANDARD_NAME", "RPC_REQUEST_RESPONSE_UNIQUE"],
    },
}


def main() -> int:
    """Generate, or check; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="prove freshness; lint; compare")
    parser.add_argument("--baseline", action="store_true", help="accept the contract as released")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        build = Path(scratch)
        out, image = _compile(build)
        if arguments.baseline:
            shutil.copy(image, BASELINE)
        if arguments.check:
            return _check(out, image)
        _write(out)
    return 0


def _compile(build: Path) -> tuple[Path, Path]:
    """Run protoc; returns the folder of generated code and the descriptor image."""
    out, image = build / "out", build / "image.binpb"
    out.mkdir()
    site = Path(longrunning.__path__[0]).parents[1]
    renamed = build / "include" / "google" / "longrunning"
    renamed.mkdir(parents=True)
    # On disk under another name than it is registered by; only the registered one imports.
    shutil.copy(
        Path(longrunning.__path__[0]) / "operations_proto.proto", renamed / "operations.proto"
    )
    roots = [HERE, build / "include", site, Path(grpc_tools.__path__[0]) / "_proto"]
    files = sorted(str(path.relative_to(HERE)) for path in HERE.glob("tanheng/**/*.proto"))
    sources = [*(f"-I{root}" for root in roots), f"--descriptor_set_in={VALIDATE_SET}", *files]
    _run(
        [
            *_PROTOC,
            "--include_imports",
            "--include_source_info",
            f"--descriptor_set_out={image}",
            *sources,
        ]
    )
    plugins = ["--python_out", "--grpc_python_out", "--mypy_out", "--mypy_grpc_out"]
    _run([*_PROTOC, *(f"{plugin}={out}" for plugin in plugins), *sources])
    rules = [f"--descriptor_set_in={VALIDATE_SET}", "buf/validate/validate.proto"]
    _run([*_PROTOC, f"--python_out={out}", f"--mypy_out={out}", *rules])
    for folder in [path for path in out.rglob("*") if path.is_dir()]:
        (folder / "__init__.py").touch()
    return out, image


def _write(out: Path) -> None:
    """Bring ``gen/`` up to date, touching only what differs."""
    for name in _stale(out):
        source, target = out / name, GEN / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
        else:
            target.unlink()


_PROTOC = [sys.executable, "-m", "grpc_tools.protoc"]


def _run(command: list[str]) -> None:
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"  # protoc finds its plugins by PATH
    subprocess.run(command, check=True, env={"PATH": path})


def _check(out: Path, image: Path) -> int:
    buf = str(Path(sys.executable).parent / "buf")
    failures = [f"stale: {path}" for path in _stale(out)]
    lint = subprocess.run([buf, "lint", str(image), "--config", json.dumps(LINT)], check=False)
    failures += ["lint failed"] if lint.returncode else []
    if BASELINE.exists():
        breaking = [buf, "breaking", str(image), "--against", str(BASELINE), "--exclude-imports"]
        failures += ["breaking change"] if subprocess.run(breaking, check=False).returncode else []
    for failure in failures:
        print(f"proto: {failure}; run `make proto`, or accept with --baseline", file=sys.stderr)
    return 1 if failures else 0


def _stale(out: Path) -> list[str]:
    """Name the files of ``gen/`` that differ from what the contract generates."""
    fresh = {str(path.relative_to(out)) for path in out.rglob("*.py*") if path.is_file()}
    present = {
        str(path.relative_to(GEN))
        for package in PACKAGES
        for path in (GEN / package).rglob("*.py*")
        if path.suffix in {".py", ".pyi"}
    }
    same = {name for name in fresh & present if filecmp.cmp(out / name, GEN / name, shallow=False)}
    return sorted((fresh | present) - same)


if __name__ == "__main__":
    raise SystemExit(main())
