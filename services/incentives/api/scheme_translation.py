"""Schemes and assignments ⇄ the wire."""

from collections.abc import Iterable
from decimal import Decimal

from tanheng.common.v1 import common_pb2
from tanheng.incentives.v1 import scheme_pb2

from services.incentives.api.rules_translation import from_wire_rules, to_wire_rules
from services.incentives.domain.assignment import Assignment
from services.incentives.domain.benchmark import Benchmark, BenchmarkKind
from services.incentives.domain.pool_rules import PlanKind
from services.incentives.domain.scheme import Scheme
from services.kernel.identifiers import PriceSeriesName, SchemeName, named
from services.kernel.instrument import InstrumentKind
from services.wire.dates import from_wire_period, to_wire_period
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.money import from_wire_money, to_wire_money
from services.wire.numbers import (
    from_wire_decimal,
    from_wire_optional_decimal,
    to_wire_decimal,
)
from services.wire.refusal import under


def from_wire_scheme(wire: scheme_pb2.Scheme, scheme_id: str) -> Scheme:
    """Read a draft.

    Raises:
        InvalidInput: a field is wrong in itself, or the rules contradict each other.
    """
    return Scheme(
        name=SchemeName(named("schemes", scheme_id)),
        display_name=wire.display_name,
        kind=from_wire_enum(PlanKind, wire.kind, scheme_pb2.PlanKind, "scheme.kind"),
        effective_period=from_wire_period(wire.effective_period, "scheme.effective_period"),
        annual_target=from_wire_money(wire.annual_target, "scheme.annual_target"),
        rules=from_wire_rules(wire.rules, "scheme.rules"),
        benchmarks=tuple(
            _from_wire_benchmark(benchmark, f"scheme.benchmarks[{index}]")
            for index, benchmark in enumerate(wire.benchmarks)
        ),
        surrender_deadline=wire.surrender_deadline,
        surrender_source=wire.surrender_source,
    )


def to_wire_scheme(scheme: Scheme) -> scheme_pb2.Scheme:
    """Write a scheme."""
    return scheme_pb2.Scheme(
        name=scheme.name,
        display_name=scheme.display_name,
        kind=to_wire_enum(scheme.kind, scheme_pb2.PlanKind),
        effective_period=to_wire_period(scheme.effective_period),
        annual_target=to_wire_money(scheme.annual_target),
        rules=to_wire_rules(scheme.rules),
        benchmarks=[_to_wire_benchmark(benchmark) for benchmark in scheme.benchmarks],
        surrender_deadline=scheme.surrender_deadline,
        surrender_source=scheme.surrender_source,
        state=to_wire_enum(scheme.state, scheme_pb2.SchemeState),
        maker=scheme.maker,
        approver=scheme.approver,
        etag=scheme.etag,
    )


def from_wire_assignments(wires: Iterable[scheme_pb2.Assignment]) -> tuple[Assignment, ...]:
    """Read people.

    Raises:
        InvalidInput: a number is wrong; the path names the person's place.
    """
    return tuple(
        _from_wire_assignment(wire, f"assignments[{index}]") for index, wire in enumerate(wires)
    )


def _from_wire_assignment(wire: scheme_pb2.Assignment, path: str) -> Assignment:
    paid = wire.HasField("annual_pay")
    return Assignment(
        staff_id=wire.staff_id,
        subject=wire.subject,
        role=wire.role,
        coefficient=from_wire_decimal(wire.coefficient, f"{path}.coefficient"),
        individual_score=from_wire_decimal(wire.individual_score, f"{path}.individual_score"),
        days_in_post=wire.days_in_post,
        executive=wire.executive,
        annual_pay=from_wire_money(wire.annual_pay, f"{path}.annual_pay") if paid else None,
        in_other_plan=wire.in_other_plan,
    )


def _from_wire_benchmark(wire: scheme_pb2.Benchmark, path: str) -> Benchmark:
    kinds = common_pb2.InstrumentKind
    with under(path):
        return Benchmark(
            instrument_kind=from_wire_enum(
                InstrumentKind, wire.instrument_kind, kinds, "instrument_kind"
            ),
            price_series=PriceSeriesName(wire.price_series),
            kind=from_wire_enum(BenchmarkKind, wire.kind, scheme_pb2.BenchmarkKind, "kind"),
            tax_inclusive=wire.tax_inclusive,
            tax_rate=from_wire_optional_decimal(wire, "tax_rate") or Decimal(0),
        )


def _to_wire_benchmark(benchmark: Benchmark) -> scheme_pb2.Benchmark:
    return scheme_pb2.Benchmark(
        instrument_kind=to_wire_enum(benchmark.instrument_kind, common_pb2.InstrumentKind),
        price_series=benchmark.price_series,
        kind=to_wire_enum(benchmark.kind, scheme_pb2.BenchmarkKind),
        tax_inclusive=benchmark.tax_inclusive,
        tax_rate=to_wire_decimal(benchmark.tax_rate),
    )
