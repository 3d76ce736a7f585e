"""Explanations of figures."""

from tanheng.common.v1 import common_pb2

from services.kernel.explanation import Explanation


def to_wire_explanation(explanation: Explanation) -> common_pb2.Explanation:
    """Write an explanation."""
    written = common_pb2.Explanation(rule_version=explanation.rule_version)
    for step in explanation.steps:
        written.steps.add(label=step.label, formula=step.formula, inputs=step.inputs)
    return written
