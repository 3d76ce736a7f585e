"""Every service of the contract, found in the generated code."""

import importlib
import pkgutil
from collections.abc import Iterator

import tanheng
from google.protobuf.descriptor import FileDescriptor, ServiceDescriptor


def services_of_the_contract() -> Iterator[ServiceDescriptor]:
    """Go through the services of all ``tanheng.*`` packages, by name."""
    for module in sorted(_generated_modules()):
        file: FileDescriptor = importlib.import_module(module).DESCRIPTOR
        yield from file.services_by_name.values()


def _generated_modules() -> Iterator[str]:
    for info in pkgutil.walk_packages(tanheng.__path__, "tanheng."):
        if info.name.endswith("_pb2"):
            yield info.name
