"""What a backtest writes: HTML, CSV or JSON, by the name of the file. Each bears 推演."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from api.backtesting.job import Result
from api.backtesting.parts import result_data
from api.backtesting.report import report
from api.reading import BadInput
from engine.contract.backtest import scale_data
from engine.drill.scenario import MARK, PREFIX

KINDS = (".html", ".csv", ".json")


def check_name(path: Path) -> None:
    """Raises BadInput for a kind of file that there is not, or a folder that there is not."""
    if path.suffix.lower() not in KINDS:
        raise BadInput(f"不会写“{path.suffix or path.name}”", where="--out", remedy=f"文件名以 {'、'.join(KINDS)} 结尾")
    if not path.parent.is_dir():
        raise BadInput(f"没有文件夹 {path.parent}", where="--out", remedy="先建立它")


def suggested(result: Result, kind: str) -> str:
    """A file name that bears the mark."""
    return f"{PREFIX}历史回测-{result.run.plan.title}{kind}"


def write(result: Result, path: Path) -> None:
    """Write the file. Raises BadInput."""
    text = content(result, path.suffix.lower())
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise BadInput(f"写不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None


def content(result: Result, kind: str) -> str:
    """The file's text."""
    if kind == ".html":
        return report(result)
    if kind == ".csv":
        return episodes_csv(result)
    return json.dumps(result_data(result), ensure_ascii=False, indent=1) + "\n"


def episodes_csv(result: Result) -> str:
    """The episodes of every side, a line each; the first column is the mark. With a byte order mark, as spreadsheets want it."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["标记", "边", "等级体系", "最高级别", "起", "止", "已解除", "小时", "各级小时", "因缺测小时", "变动"])
    for side, run in (("左" if result.other else "", result.run), ("右", result.other)):
        if run is None:
            continue
        for scale in run.leading:
            for one in scale_data(run, scale)["episodes"]:
                hours = " ".join(f"{level}={count}" for level, count in one["hours_in"].items())
                changes = " ".join(
                    f"{change['at']}:{change['after'] or 'none'}:{'/'.join(change['clauses'])}" for change in one["changes"]
                )
                writer.writerow(
                    [MARK, side, scale.id, one["level"], one["start"], one["end"], "是" if one["ended"] else "否", one["hours"], hours,
                     one["held_hours"], changes]
                )  # fmt: skip
    return "\ufeff" + stream.getvalue()
