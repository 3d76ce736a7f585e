"""What is said when a process cannot begin."""

import socket
from pathlib import Path
from typing import cast

import pytest

from services.runtime.grpc_server import GrpcServer, PortTaken
from services.runtime.interceptors.serving import ServingInterceptor
from services.runtime.interceptors.stages import Stages
from services.runtime.migrations import DatabaseUnreachable, upgrade
from services.runtime.settings import Settings


def test_names_the_port_that_is_taken_and_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as rival:
        rival.bind(("127.0.0.1", 0))
        rival.listen()
        port = rival.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port} cannot be bound.* --port"):
            GrpcServer(
                settings=Settings(data_dir=tmp_path, port=port),
                interceptor=ServingInterceptor(stages=cast("Stages", None), policies={}),
                registrations=(),
                service_names=(),
            )


def test_says_in_a_sentence_that_the_database_cannot_be_reached() -> None:
    with pytest.raises(DatabaseUnreachable, match="TANHENG_DATABASE_URL") as refused:
        upgrade("postgresql://somebody:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
