"""The shape of a plan file, as pydantic models. Conditions stay raw here: `engine.plan.conditions` types them.

Every scalar arrives as text; the types below are the only place where a text becomes a number, a date or a boolean.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _flag(value: Any) -> bool:
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueError("写 true 或 false")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _label_alone(value: Any) -> Any:
    return {"label": value} if isinstance(value, str) else value


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _text(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise ValueError("不能为空")
    return value


Text = Annotated[str, BeforeValidator(_text)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Texts = Annotated[list[Text], BeforeValidator(_listed)]
Raw = Any
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentForm(Form):
    number: Text
    issued: datetime.date
    in_force: datetime.date
    supersedes: list[Text] = []


class IndicatorForm(Form):
    type: Literal["number", "integer", "boolean", "enum", "series", "areas"]
    label: Text
    clause: Text
    unit: Text | None = None
    values: list[Text] = []
    value_labels: list[Text] = []
    indicators: dict[Id, IndicatorForm] = {}
    normal: Text | None = None
    max_age: Text | None = None
    index: Text | None = None
    hint: Text | None = None
    derived_from: dict[str, Raw] | None = None
    derived_by_reading: dict[str, dict[str, Raw]] = {}


class FollowsForm(Form):
    scale: Text
    map: dict[str, Text]
    clauses: dict[str, Text]
    reading: Texts = []
    otherwise: dict[str, dict[str, dict[str, Text]]] = {}


class HighestForm(Form):
    scales: list[Text]
    clause: Text
    reading: Texts = []


class TakeoverForm(Form):
    from_: Texts = Field(alias="from")
    clause: Text
    reading: Texts = []
    when: Raw = None
    under: dict[str, Texts] = {}


class ScaleForm(Form):
    label: Text
    clause: Text
    levels: list[Text]
    names: list[Text] = []
    triggers: dict[str, list[Raw]] = {}
    follows: FollowsForm | None = None
    highest_of: HighestForm | None = None
    takes_over: dict[str, Annotated[list[TakeoverForm], BeforeValidator(_one_or_more)]] = {}


class BodyForm(Form):
    name: Text
    clause: Text
    aliases: list[Text] = []
    head: list[Text] = []
    deputies: list[Text] = []
    members: list[Text] = []
    office: Text | None = None
    office_name: Text | None = None
    office_aliases: list[Text] = []
    office_head: Text | None = None


class GroupForm(Form):
    name: Text
    clause: Text
    lead: list[Text] = []
    members: list[Text] = []
    does: Text | None = None


class OrganizationForm(Form):
    command: BodyForm | None = None
    on_site_command: BodyForm | None = None
    groups: list[GroupForm] = []


class ActForm(Form):
    scale: Text | None = None
    level: Texts = Field(default_factory=lambda: ["any"])
    step: Literal["propose", "decide", "sign", "publish", "adjust", "terminate"]
    who: Text | None
    clause: Text
    of: Text | None = None
    form: Text | None = None
    does: Text | None = None
    within: Text | None = None
    reading: Texts = []
    under: dict[str, Texts] = {}
    when: Raw = None
    note: Text | None = None


class MomentForm(Form):
    label: Text
    on: Raw = None


class TransitionForm(Form):
    do: Id
    label: Text
    from_: Texts = Field(alias="from")
    to: Text
    clause: Text
    when: Raw = None
    goes_with: Raw = None
    reading: Texts = []


class LevelRuleForm(Form):
    clause: Text
    when: Raw = None
    reading: Texts = []


class LowerChange(Form):
    """What is otherwise under an alternative of a reading; so the two below."""

    steps: Literal["all", "one"]


class LowerForm(LevelRuleForm):
    steps: Literal["all", "one"] = "all"
    by_reading: dict[str, dict[str, LowerChange]] = {}


class NoticeChange(Form):
    effect: Literal["floor", "binding"] | None = None
    ends: Literal["itself", "everything"] | None = None


class NoticeForm(Form):
    clause: Text
    reading: Texts = []
    effect: Literal["floor", "binding"] = "floor"
    ends: Literal["itself", "everything"] = "itself"
    by_reading: dict[str, dict[str, NoticeChange]] = {}


class LevelRulesForm(Form):
    raise_: LevelRuleForm | None = Field(default=None, alias="raise")
    lower: LowerForm | None = None
    lift: LevelRuleForm | None = None
    notice: NoticeForm | None = None


class MergeChange(Form):
    count: Literal["whole", "sum", "apart"]


class MergeForm(Form):
    indicator: Id
    test: Annotated[str, Field(pattern=r"^(<|<=|>|>=) \d+(\.\d+)?$")]
    at_least: Text
    clause: Text
    reading: Texts = []
    count: Literal["whole", "sum", "apart"] = "whole"
    by_reading: dict[str, dict[str, MergeChange]] = {}


class LifecycleForm(Form):
    merges: list[MergeForm] = []
    start: Id
    phases: dict[Id, Text]
    transitions: list[TransitionForm]
    levels: dict[str, LevelRulesForm]


class DueForm(Form):
    within: Text | None = None
    daily_at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    every: Text | None = None
    times_per_day: Annotated[int, Field(ge=1, le=24)] | None = None
    within_workdays: Annotated[int, Field(ge=1, le=60)] | None = None
    from_: Text | None = Field(default=None, alias="from")


class OtherwiseForm(Form):
    """What a duty is under another reading: only the keys that are written differ."""

    at: Raw = None
    unit: Text | None = None
    do: Text | None = None
    due: DueForm | None = None
    when: Raw = None
    standing: Flag | None = None
    note: Text | None = None


class DutyForm(Form):
    """A duty, or with `tasks` a block whose other keys are the defaults of its tasks."""

    at: Raw = None
    clause: Text | None = None
    unit: Texts | None = None
    do: Text | None = None
    due: DueForm | None = None
    quantity: dict[Id, Text] = {}
    when: Raw = None
    standing: Flag = False
    immediate: Flag = False
    group: Text | None = None
    reading: Texts = []
    under: dict[str, Texts] = {}
    otherwise: dict[str, dict[str, OtherwiseForm]] = {}
    note: Text | None = None
    tasks: list[DutyForm] | None = None


class ReadingForm(Form):
    clause: Text
    question: Text
    chosen: Text
    alternatives: list[Text] = []
    fixed: dict[str, Text] = {}
    because: Text | None = None


class IndexUseForm(Form):
    edition: Text
    pollutants: dict[Id, Id]


class PlanForm(Form):
    plan: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Text
    jurisdiction: Text
    document: DocumentForm
    clauses: list[Text]
    not_binding: dict[str, Text] = {}
    indicators: dict[Id, IndicatorForm]
    indexes: dict[Id, IndexUseForm] = {}
    scales: dict[Id, ScaleForm]
    moments: dict[Id, Annotated[MomentForm, BeforeValidator(_label_alone)]] = {}
    roles: list[Text] = []
    organization: OrganizationForm
    procedure: list[ActForm]
    lifecycle: LifecycleForm
    duties: list[DutyForm]
    readings: dict[str, ReadingForm] = {}


class IndexForm(Form):
    index: Text
    label: Text
    scale: list[int]
    day: dict[Id, list[float]]
    eight_hour: dict[Id, list[float]] = {}
    one_hour: dict[Id, list[float]] = {}


class UnitForm(Form):
    name: Text
    level: Literal["国家", "省", "市", "县", "乡镇", "村", "企业", "部队"]
    aliases: list[Text] = []
    posts: list[Text] = ["值班室", "主要负责人"]


class ContactForm(Form):
    unit: Text
    post: Text
    person: Text | None = None
    phone: Text
    verified_at: datetime.date


class UnitsForm(Form):
    jurisdiction: Text
    units: list[UnitForm] = []
    contacts: list[ContactForm] = []
