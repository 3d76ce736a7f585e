"""The contract: fresh, linted, compatible, guarded and served."""

import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from services.bootstrap.contract import services_of_the_contract
from services.bootstrap.house import House, build_house
from services.bootstrap.platform import build_platform
from services.bootstrap.policy import ROLES, permissions_by_role
from services.runtime.settings import Settings
from tests.architecture.sources import ROOMS, ROOT


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that is put together and never opened: no database is asked."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("house"))
    platform = build_platform(
        settings=settings, database_url="postgresql://nobody@127.0.0.1:1/none", threads=1
    )
    yield build_house(platform)
    platform.engine.dispose()


@pytest.fixture(scope="module")
def asked(house: House) -> frozenset[str]:
    """The permissions that the methods ask for."""
    return frozenset(policy.permission for policy in house.policies.values())


def test_generated_code_is_fresh_and_the_contract_lints_and_breaks_nobody() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "proto" / "generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_method_has_a_policy(house: House) -> None:
    methods = {
        f"/{service.full_name}/{method.name}"
        for service in services_of_the_contract()
        for method in service.methods
    }
    assert methods
    assert methods <= set(house.policies)


def test_every_permission_is_worded_by_room_resource_and_verb(house: House) -> None:
    wrong = {
        method: policy.permission
        for method, policy in house.policies.items()
        if policy.room in ROOMS
        and (policy.permission.count(".") != 2 or not policy.permission.startswith(policy.room))
    }
    assert not wrong


def test_reads_ask_for_a_permission_to_read_and_changes_for_another(house: House) -> None:
    wrong = {
        method: policy.permission
        for method, policy in house.policies.items()
        if policy.room in ROOMS
        and policy.mutates == (policy.permission.rpartition(".")[2] in {"read", "preview"})
    }
    assert not wrong


def test_every_permission_is_granted_to_some_role(asked: frozenset[str]) -> None:
    granted = frozenset[str]().union(*permissions_by_role(asked).values())
    assert granted == asked


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_granted_nothing_that_no_method_asks_for(
    role: str, asked: frozenset[str]
) -> None:
    idle = [
        pattern
        for pattern in ROLES[role]
        if not any(fnmatchcase(permission, pattern) for permission in asked)
    ]
    assert not idle


def test_nobody_may_both_start_and_approve(asked: frozenset[str]) -> None:
    both = {
        role: collection
        for role, permissions in permissions_by_role(asked).items()
        for collection in ("billing.runs", "settlement.runs", "incentives.runs")
        if {f"{collection}.start", f"{collection}.approve"} <= set(permissions)
    }
    assert not both


def test_every_method_is_served(house: House) -> None:
    """A method that a servicer only inherits answers UNIMPLEMENTED."""
    offered = [servicer for room in house.rooms for _, servicer in room.servicers]
    unserved = [
        method.full_name
        for service in services_of_the_contract()
        for method in service.methods
        if not any(_serves(servicer, service.name, method.name) for servicer in offered)
    ]
    assert not unserved


def _serves(servicer: object, service: str, method: str) -> bool:
    generated = next(
        (kind for kind in type(servicer).__mro__ if kind.__name__ == f"{service}Servicer"), None
    )
    mine = getattr(type(servicer), method, None)
    return generated is not None and mine is not getattr(generated, method)


def test_every_kind_of_run_can_be_followed_as_an_operation(house: House) -> None:
    followed = {collection for room in house.rooms for collection in room.operations}
    assert followed == {"billing-runs", "settlement-runs", "incentive-runs", "valuations"}


def test_keeps_no_generated_file_without_its_proto() -> None:
    generated = {
        path.relative_to(ROOT / "gen") for path in (ROOT / "gen" / "tanheng").rglob("*_pb2.py")
    }
    written = {
        Path(str(path.relative_to(ROOT / "proto")).removesuffix(".proto") + "_pb2.py")
        for path in (ROOT / "proto" / "tanheng").rglob("*.proto")
    }
    assert generated == written
