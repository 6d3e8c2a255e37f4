"""Backtests as JSON: what was assumed, episodes, counts, hours and days by period, warned and happened, two sides, real decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.contract.moment import stamp
from engine.drill.backtests.backtest import Change, Run
from engine.drill.backtests.episodes import (
    FLAP,
    HEATING,
    Day,
    Episode,
    Period,
    by_heating,
    by_season,
    by_year,
    counts,
    episodes,
    flaps,
    periods,
)
from engine.drill.backtests.sides import Agreement, Comparison, Hours
from engine.drill.backtests.verification import FALSE, IN_TIME, LATE, MISSED, STANDING, WINDOW, Score, scores
from engine.drill.scenario import MARK
from engine.plan.model import Plan, Scale
from engine.plan.words import level_word

Json = dict[str, Any]
KIND_WORDS = {"raise": "升级", "lower": "降级", "lift": "解除"}
VERDICT_WORDS = {IN_TIME: "按时", STANDING: "已在行", LATE: "晚", MISSED: "漏", FALSE: "空"}


def definitions(run: Run) -> dict[str, str]:
    """What the words of a backtest mean, with this run's own numbers."""
    setting, step = run.setting, "小时" if run.record.step == 1 else "日"
    delays = setting.delays
    return {
        "known": f"每{'小时' if run.unit == 1 else '日' if run.unit == 24 else f'{run.unit}小时'}研判一次，"
        f"所知为此前{'全部' if setting.back is None else f'{setting.back // 24}天'}的实测和今后{setting.forecast.lead}小时的预报；{forecast_words(run)}",
        "decided": "建议一提出就批准"
        if delays.none
        else f"建议持续提出满升级{delays.raising}、降级{delays.lowering}、解除{delays.lifting}小时后生效，"
        "生效的级别为其间一直建议的（升级取最低、降级取最高）",
        "missing": "缺测不补，未知不降级；由此多保持的小时数另列",
        "flapping": f"{FLAP}小时内又变回去（或更过）的变动",
        "happened": f"实况达到：{_reference_words(run)}，按预案的触发条件确立该级或更高；相隔不到{WINDOW}小时的为一次",
        "warned": "按时：实况达到时该级（或更高）已在行；晚：其间才生效；漏：其间一直没有；"
        f"空：在行期间及其后{WINDOW}小时内实况没有达到；提前量为生效到实况达到的{step if step == '小时' else '时间（小时）'}，一次预警期间的后几次实况不另计（已在行）",
        "day": "一日按当日在行的最高级别计",
    }


def forecast_words(run: Run) -> str:
    """What the forecast was, in a sentence."""
    forecast = run.setting.forecast
    if forecast.exact:
        return "预报即后来的实测（完美预报）"
    parts = [f"偏差{forecast.bias:+.0%}"] if forecast.bias else []
    parts += [f"误差{forecast.error:.0%}（标准差）"] if forecast.error else []
    grows = "，随时效增长" if forecast.grows else ""
    return f"预报为后来的实测乘以误差：{'、'.join(parts)}{grows}，每{forecast.every}小时一次预报，随机种子{forecast.seed}"


def _reference_words(run: Run) -> str:
    hours = run.setting.reference
    if hours is None:
        hours = run.setting.forecast.lead if any(one.ahead for one in run.record.counted.values()) else 0
    return "只凭到当时为止的实测" if not hours else f"凭到当时为止的实测和其后{hours}小时的真实值"


def backtest_data(run: Run, heating: tuple[Day, Day] = HEATING) -> Json:
    """A run: how it was made, and what it gave for each scale that moves by itself."""
    record, setting, plan = run.record, run.setting, run.plan
    return {
        "mark": MARK,
        "plan": plan.id,
        "title": plan.title,
        "digest": plan.digest,
        "from": stamp(record.first),
        "to": stamp(record.time(record.count - 1)),
        "rows": record.count,
        "row_hours": record.step,
        "step_hours": run.unit,
        "columns": dict(record.labels),
        "assumed": assumed_data(plan, record.assumed),
        "readings": dict(setting.choices),
        "forecast": {
            "lead": setting.forecast.lead,
            "bias": setting.forecast.bias,
            "error": setting.forecast.error,
            "grows": setting.forecast.grows,
            "every": setting.forecast.every,
            "seed": setting.forecast.seed,
        },
        "delays": {"raise": setting.delays.raising, "lower": setting.delays.lowering, "lift": setting.delays.lifting},
        "back": setting.back,
        "discretion": setting.discretion,
        "definitions": definitions(run),
        "scales": {scale.id: scale_data(run, scale, heating) for scale in run.leading},
    }


def assumed_data(plan: Plan, assumed: Mapping[str, Any]) -> list[Json]:
    """What no column gave and was taken to be so throughout."""
    found = []
    for key, value in assumed.items():
        indicator = plan.indicators[key]
        words = (
            ("是" if value else "否")
            if isinstance(value, bool)
            else indicator.word(value)
            if indicator.type == "enum"
            else f"{value:g}"
        )
        found.append({"indicator": key, "label": indicator.short, "value": value, "words": words})
    return found


def scale_data(run: Run, scale: Scale, heating: tuple[Day, Day] = HEATING) -> Json:
    """One scale: episodes, changes, hours in each level, scores."""
    undone = flaps(run, scale.id)
    ranks = run.ranks[scale.id]
    return {
        "label": scale.short,
        "levels": list(scale.levels),
        "names": [level_word(scale, level) for level in scale.levels],
        "hours": [ranks.count(rank) * run.unit for rank in range(len(scale.levels) + 1)],
        "held_hours": sum(run.held[scale.id]) * run.unit,
        "counts": {**counts(run, scale.id), "flapping": len(undone)},
        "episodes": [episode_data(run, scale, one) for one in episodes(run, scale.id)],
        "flapping": [[change_data(run, one), change_data(run, other)] for one, other in undone],
        "by_year": periods_data(periods(run, scale.id, by_year)),
        "by_season": periods_data(periods(run, scale.id, by_season)),
        "by_heating": periods_data(periods(run, scale.id, by_heating(*heating))),
        "scores": [score_data(scale, one) for one in scores(run, scale.id)],
    }


def episode_data(run: Run, scale: Scale, one: Episode) -> Json:
    """An episode: the highest level reached, start, end, hours in all and in each level, its changes with their clauses."""
    return {
        "level": scale.level_at(one.highest),
        "level_name": level_word(scale, scale.level_at(one.highest)),
        "start": stamp(one.start),
        "end": stamp(one.end),
        "ended": one.ended,
        "hours": one.length,
        "hours_in": dict(zip(scale.levels, one.hours, strict=True)),
        "held_hours": sum(run.held[scale.id][one.first : one.last]) * run.unit,
        "changes": [change_data(run, change) for change in one.changes],
    }


def change_data(run: Run, one: Change) -> Json:
    """A change of level: when, from what to what, by which clauses, and when it was proposed."""
    scale = run.plan.scales[one.scale]
    return {
        "at": stamp(run.record.time(one.row)),
        "proposed_at": stamp(run.record.time(one.proposed)),
        "kind": one.kind,
        "kind_name": KIND_WORDS[one.kind],
        "before": scale.level_at(one.before),
        "after": scale.level_at(one.after),
        "after_name": level_word(scale, scale.level_at(one.after)),
        "clauses": list(one.clauses),
        "discretion": one.free,
    }


def periods_data(found: Iterable[Period]) -> list[Json]:
    """Hours and days, the first number without a level, then from the lowest level up."""
    return [{"period": one.label, "hours": list(one.hours), "days": list(one.days)} for one in found]


def score_data(scale: Scale, one: Score) -> Json:
    """How one level was warned of."""
    leads = one.leads
    return {
        "level": scale.level_at(one.rank),
        "level_name": level_word(scale, scale.level_at(one.rank)),
        "events": one.events,
        "warnings": one.warnings,
        **{kind: one.count(kind) for kind in VERDICT_WORDS},
        "leads": leads,
        "lead_median": leads[len(leads) // 2] if leads else None,
        "verdicts": [
            {
                "kind": verdict.kind,
                "kind_name": VERDICT_WORDS[verdict.kind],
                "event": None if verdict.event is None else [stamp(at) for at in verdict.event],
                "warning": None if verdict.warning is None else [stamp(at) for at in verdict.warning],
                "lead": verdict.lead,
            }
            for verdict in one.verdicts
        ],
    }


def comparison_data(one: Run, other: Run, scale: Scale, found: Comparison) -> Json:
    """Two runs: hours by pair of levels, where they differ first and everywhere else, and by which clause."""
    stretches = [
        {
            "start": stamp(stretch.start),
            "end": stamp(stretch.end),
            "hours": round((stretch.end - stretch.start).total_seconds() / 3600),
            "levels": [scale.level_at(rank) for rank in stretch.ranks],
            "names": [level_word(scale, scale.level_at(rank)) for rank in stretch.ranks],
            "causes": [
                [change_data(run, change) for change in causes] for run, causes in zip((one, other), stretch.causes, strict=True)
            ],
            "words": "；".join(
                f"{side}{_change_words(run, change)}"
                for side, run, causes in zip(("左", "右"), (one, other), stretch.causes, strict=True)
                for change in causes
            ),
        }
        for stretch in found.stretches
    ]
    return {
        "sides": [side_words(one), side_words(other)],
        "differing_hours": found.differing,
        "hours": hours_data(scale, found.hours),
        "stretches": stretches,
    }


def _change_words(run: Run, one: Change) -> str:
    scale = run.plan.scales[one.scale]
    level = "" if one.kind == "lift" else level_word(scale, scale.level_at(one.after))
    why = f"（{'、'.join(one.clauses)}）" if one.clauses else "（酌情）" if one.free else ""
    return f"{'升至' if one.kind == 'raise' else '降至' if one.kind == 'lower' else '解除'}{level}{why}"


def side_words(run: Run) -> str:
    """What a run is by: the plan's version and the readings chosen."""
    readings = "、".join(f"{key}={letter}" for key, letter in run.setting.choices.items())
    return f"{run.plan.title}（{run.plan.document.number}，{run.plan.digest[:8]}），{readings or '预案自己的读法'}"


def hours_data(scale: Scale, hours: Hours) -> list[Json]:
    """Hours by pair of levels."""
    return [{"levels": [scale.level_at(one), scale.level_at(other)], "hours": count} for (one, other), count in hours.items()]


def agreement_data(scale: Scale, found: Agreement) -> Json:
    """A run beside real decisions. Positive `start_earlier`: the run would have begun so many hours before."""
    return {
        "share": round(found.share, 4),
        "hours": hours_data(scale, found.hours),
        "decisions": [
            {
                "level": scale.level_at(one.rank),
                "level_name": level_word(scale, scale.level_at(one.rank)),
                "start": stamp(one.start),
                "end": stamp(one.end),
                "run": None
                if one.own is None
                else {"start": stamp(one.own[0]), "end": stamp(one.own[1]), "level": scale.level_at(one.own[2])},
                "start_earlier": None if one.earlier is None else one.earlier[0],
                "end_earlier": None if one.earlier is None else one.earlier[1],
            }
            for one in found.beside
        ],
        "alone": [{"start": stamp(start), "end": stamp(end), "level": scale.level_at(rank)} for start, end, rank in found.alone],
    }
