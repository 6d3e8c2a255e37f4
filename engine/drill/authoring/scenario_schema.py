"""The shape of a scenario file, as pydantic models. Times, amounts, facts and conditions stay raw here."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.plan.schema import Text, Texts

Raw = Any


def _ago(value: Any) -> Any:
    """`[warning_issued]` is `{warning_issued: null}`: just now."""
    if isinstance(value, str):
        return {value: None}
    return dict.fromkeys(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value


Moments = Annotated[dict[str, Text | None], BeforeValidator(_ago)]
Name = Annotated[str, Field(pattern=r"^[\w-]{1,80}$")]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReportForm(Form):
    title: Text
    words: Text
    source: Text
    place: Text | None = None


class DeviationForm(Form):
    scale: Text
    proposed: Text | None
    level: Text | None
    reason: Text


class PersonForm(Form):
    id: Name
    name: Text
    posts: Texts
    decides: Raw = None
    otherwise: list[DeviationForm] = []


class HappeningForm(Form):
    from_: Text | None = Field(None, alias="from")
    to: Text | None = None
    medium: Text | None = None
    text: Text | None = None
    facts: dict[str, Raw] = {}
    moments: Moments = {}
    observed: Text | None = None
    plan: Text | None = None


class ContingencyForm(HappeningForm):
    unless: Raw
    after: Raw


class InjectForm(HappeningForm):
    id: Name
    at: Raw
    when: Raw = None
    within: Text | None = None
    else_: HappeningForm | None = Field(None, alias="else")
    contingency: ContingencyForm | None = None
    expected: Text | None = None


class CompletionForm(Form):
    clause: Text | None = None
    unit: Text | None = None
    has: Text | None = None
    takes: Raw = None
    share: Raw = None
    never: Text | None = None
    step: Text | None = None


class ObjectiveForm(Form):
    id: Name
    words: Text
    clauses: Texts = []
    units: Texts = []
    scales: Texts = []
    decided_within: Text | None = None


class ScenarioForm(Form):
    drill: Name
    title: Text
    jurisdiction: Text | None = None
    background: Text | None = None
    plans: Texts
    versions: dict[str, Text] = {}
    readings: dict[str, dict[str, Text]] = {}
    begins: Text
    lasts: Text
    seed: Text | None = None
    report: ReportForm
    people: list[PersonForm] = []
    injects: list[InjectForm] = []
    duties: list[CompletionForm] = []
    objectives: list[ObjectiveForm] = []
