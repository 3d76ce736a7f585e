"""Explanations of figures."""

from tanheng.common.v1 import common_pb2

from services.kernel.explanation import Explanation


def to_wire_explanation(explanation: Explanation) -> common_pb2.Explanation:
    """Write an explanation."""
    return common_pb2.Explanation(
        steps=[
            common_pb2.ExplanationStep(label=step.label, formula=step.formula, inputs=step.inputs)
            for step in explanation.steps
        ],
        rule_version=explanation.rule_version,
    )
