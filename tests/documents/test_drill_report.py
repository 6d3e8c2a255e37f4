"""The after-action report as a page and as a Word file: its parts, its marks, what stands in it; nothing unescaped, nothing of the machine."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from docx import Document

from api.documents.drill_comparison import comparison_page, progress_page
from api.documents.drill_report import report_page
from api.documents.drill_word import report_word
from api.documents.markup import VOID
from engine.contract.drill import after_word, report_data
from engine.contract.drill_comparison import comparison_data, progress_data
from engine.drill.draw import fixed
from engine.drill.review.comparison import compare
from engine.drill.review.evaluation import evaluate
from engine.drill.review.issue import remark
from engine.drill.review.progress import progress
from engine.drill.scenario import Happening, Inject, Report
from tests.engine.drill.haze import SCENARIO, T0, played

PARTS = ("一、推演概况", "二、情景与注入", "三、过程时间线", "四、期望行动与完成情况", "五、评分", "六、问题与改进", "附：日志")
EVIL = '<script>alert("甲 & 乙")</script>'


class Reader(HTMLParser):
    """Checks that every element is closed, and keeps headings, texts and tags."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if (tag not in VOID | {"meta"} and tag not in ("rect",)) or (tag == "rect" and "pattern" not in self.open):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(page: str) -> Reader:
    found = Reader()
    found.feed(page)
    assert found.open == []
    return found


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    scenario = replace(
        SCENARIO,
        report=Report(EVIL, EVIL, "市民来电"),
        injects=(*SCENARIO.injects, Inject("9", fixed(3600), Happening(EVIL, EVIL))),
    )
    run = played(scenario)
    found = evaluate(run)
    mended = remark(found.issues, "视频会商掉线", owner="市工信局", due=date(2027, 1, 15))
    return report_data(run, found, (*found.issues, mended))


@pytest.fixture(scope="module")
def word(report: dict[str, Any]) -> bytes:
    return report_word(report)


def test_the_page_has_the_parts_in_their_order(report: dict[str, Any]) -> None:
    page = report_page(report)
    assert re.findall(r"<h2>(.*?)</h2>", page) == list(PARTS)
    assert page.startswith("<!doctype html>")
    found = read(page)
    assert set(found.tags) >= {"svg", "table", "thead", "footer"}
    text = "".join(found.texts)
    assert "应办 13 次：按时 10，逾期 2，未完成 1；得分 80" in text
    assert "得分＝100×各项得分之和÷项数" in text
    assert "不评优、良、中、差" in text
    assert "市工信局" in text and "2027-01-15" in text
    assert f"日志末条校验值 {report['evaluation']['hash']}" in text


def test_the_page_is_marked_and_stands_alone(report: dict[str, Any]) -> None:
    page = report_page(report)
    assert re.search(r"<title>\[推演\] ", page)
    assert page.count('class="drill-mark"') == 1
    assert "[推演] 推演材料，不是真实事件" in page
    assert "@media print" in page and "@page{size:A4" in page
    assert not re.search(r"(src|href)=|https?://|@import|url\((?!#)", page)


def test_what_people_wrote_is_escaped(report: dict[str, Any]) -> None:
    page = report_page(report)
    assert "<script" not in page
    assert "&lt;script&gt;alert(&quot;甲 &amp; 乙&quot;)&lt;/script&gt;" in page


def test_the_timeline_draws_injects_levels_and_deadlines(report: dict[str, Any]) -> None:
    page = report_page(report)
    drawing = page[page.index("<svg") : page.index("</svg>")]
    for part in ("▼1", "▼3", "▲ 橙色", "◐ 逾期", "✕ 未完成", "● 按时", "T+0:00"):
        assert part in drawing
    assert drawing.count('class="bar met"') == 10
    assert drawing.count('class="bar late"') == 2
    assert drawing.count('class="bar missed"') == 1


def test_the_word_file_says_the_same_and_is_marked_on_every_page(report: dict[str, Any], word: bytes) -> None:
    found = Document(io.BytesIO(word))
    headings = [one.text for one in found.paragraphs if one.style.name == "Heading 2"]
    assert headings == list(PARTS)
    assert found.paragraphs[0].text.startswith("[推演] ")
    assert all(one.header.paragraphs[0].text.startswith("[推演]") for one in found.sections)
    assert all(one.footer.paragraphs[0].text.startswith("[推演]") for one in found.sections)
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    assert EVIL in "".join(cells)
    assert "市工信局" in cells and "● 按时" in cells and "◐ 逾期10分" in cells
    assert len(found.tables[-1].rows) == len(report["entries"]) + 1


def test_the_word_file_names_no_machine_and_is_the_same_each_time(report: dict[str, Any], word: bytes) -> None:
    assert report_word(report) == word
    properties = Document(io.BytesIO(word)).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created == properties.modified
    assert f"{properties.created:%Y-%m-%d}" == f"{T0:%Y-%m-%d}"
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_its_timeline_is_a_table_of_shaded_cells(word: bytes) -> None:
    strips = next(table for table in Document(io.BytesIO(word)).tables if len(table.columns) == 21)
    level = next(row for row in strips.rows if row.cells[0].text == "预警级别")
    fills = [re.search(r'w:fill="(\w+)"', cell._tc.xml) for cell in level.cells[1:]]
    assert [None if one is None else one[1] for one in fills] == ["F27E24"] * 20
    assert level.cells[1].text == "▲"


def test_a_comparison_prints() -> None:
    slower = replace(SCENARIO, people=(replace(SCENARIO.people[0], decides=fixed(7200)),))
    first, second = played(), played(slower)
    page = comparison_page(comparison_data(compare([("甲", first), ("乙", second)])), "签发快慢")
    text = "".join(read(page).texts)
    assert "第一处不同" in text and "签发人 vice" in text
    assert text.count("橙色") >= 2
    page = progress_page(progress_data(progress(evaluate(first), evaluate(second)), second.plans), "签发快慢")
    assert "上次 2026-12-20 08:00：80 分" in "".join(read(page).texts)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "T+0:00"), (65, "T+1:05"), (-10, "T-0:10"), (0.5, "T+0:00:30"), (6000, "T+100:00")]
)
def test_times_of_the_exercise(minutes: float, words: str) -> None:
    assert after_word(timedelta(minutes=minutes)) == words
