"""The engine's values as the contract's JSON: what the command line, HTTP and programs get."""

from __future__ import annotations

from engine.contract.assessment import assessment_data, effects_data, explained_data, facts_data, fixed_data
from engine.contract.duties import act_data, due_data, duty_data, duty_effects_data, merged_data, procedure_data, unit_duty_data
from engine.contract.plan import indicator_data, lifecycle_data, plan_data, plan_summary, reading_data
from engine.plan.finding import YuanError

__all__ = [
    "act_data", "assessment_data", "due_data", "duty_data",
    "duty_effects_data", "effects_data", "error_data", "explained_data", "facts_data",
    "fixed_data", "indicator_data",
    "lifecycle_data", "merged_data", "plan_data", "plan_summary", "procedure_data", "reading_data",
    "unit_duty_data",
]  # fmt: skip


def error_data(error: YuanError) -> dict[str, str]:
    """The one shape of an error: code, message, where, remedy."""
    return {"code": error.code, "message": error.message, "where": error.where, "remedy": error.remedy}
