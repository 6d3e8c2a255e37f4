"""Clause ids of every style are aligned to the print; what is not there is reported, never invented."""

from __future__ import annotations

import pytest

from engine.gazette.clause_id import parse
from engine.gazette.clauses import ClauseTexts, split
from engine.gazette.discovery import discover
from engine.gazette.reading import Document, Gazette
from tests.engine.gazette.print import CLAUSES, RAW, TITLE


def printed() -> Document:
    found = Gazette(RAW).find(TITLE)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def texts() -> ClauseTexts:
    return split(printed(), CLAUSES)


@pytest.mark.parametrize(
    ("clause", "parts"),
    [
        ("3.2.1", [("decimal", "3"), ("decimal", "3.2"), ("decimal", "3.2.1")]),
        ("4.2(3)①", [("decimal", "4"), ("decimal", "4.2"), ("paren", "3"), ("circle", "①")]),
        ("附件6 二级(3)", [("annex", "附件6"), ("label", "二级"), ("paren", "3")]),
        ("附表3 阵雨", [("annex", "附表3"), ("label", "阵雨")]),
        ("五、情景一1", [("chapter", "五"), ("label", "情景一"), ("item", "1")]),
        ("六、情景二4(1)", [("chapter", "六"), ("label", "情景二"), ("item", "4"), ("paren", "1")]),
        ("六(二)", [("chapter", "六"), ("section", "二")]),
        ("附件5 Ⅲ级响应条件1", [("annex", "附件5"), ("label", "Ⅲ级响应条件"), ("item", "1")]),
        ("附件4 1", [("annex", "附件4"), ("item", "1")]),
        ("附件", [("annex", "附件")]),
    ],
)
def test_an_id_has_parts(clause: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.kind, part.text) for part, _ in parse(clause)] == parts


def test_every_clause_of_the_list_is_found(texts: ClauseTexts) -> None:
    assert (texts.missing, texts.extra) == ((), ())


@pytest.mark.parametrize(
    ("clause", "begins", "ends"),
    [
        ("1.2", "1.2 适用", "管。"),
        ("3.1(1)", "（1）Ⅱ级", "以下；"),
        ("3.2", "3.2 报告", "（见附件2）"),
        ("4.1②", "②再", "清岸。"),
        ("附件1", "附件1", "流程图"),
        ("附件2 Ⅱ级响应条件2", "2、水位", "2米。"),
        ("附件2 Ⅰ级响应条件1", "1. 灯船", "30艘；"),
        ("附件2 Ⅰ级停灯程序", "指挥长报", "市长。"),
        ("附表3 阵雨", "阵雨", "30—40毫米"),
    ],
)
def test_a_clause_has_its_own_text(texts: ClauseTexts, clause: str, begins: str, ends: str) -> None:
    found = texts.text(clause) or ""
    assert found.startswith(begins)
    assert found.strip().endswith(ends)


def test_a_clause_with_parts_says_only_what_introduces_them(texts: ClauseTexts) -> None:
    assert texts.own("3.1") == "3.1 灯会险情分为两级："
    assert "20人" in (texts.text("3.1") or "")
    assert texts.own("3.1(2)") in (texts.text("3.1") or "")


def test_a_row_is_shown_with_the_heads_of_its_columns(texts: ClauseTexts) -> None:
    assert texts.shown("附表3 阵雨") == "阵雨\nII级：≥ 20 毫米\nI级：30—40毫米"


def test_what_is_not_printed_is_missing_and_derails_nothing() -> None:
    found = split(
        printed(), ("1.1", "1.2", "1.9", "2.1", "3.1(1)", "3.1(2)", "3.1(3)", "3.2", "附件2 Ⅲ级响应条件1", "附表3 阵雨")
    )
    assert found.missing == ("1.9", "3.1(3)", "附件2 Ⅲ级响应条件1")
    assert (found.text("3.2") or "").startswith("3.2 报告")


def test_an_out_of_place_clause_does_not_derail_the_others() -> None:
    found = split(printed(), ("1.1", "3.2", "1.2", "2.1", "3.1", "4.1①"))
    assert found.missing == ("3.2",)
    assert (found.text("2.1") or "").startswith("2.1 市灯会")


def test_what_the_list_lacks_is_extra() -> None:
    fewer = tuple(one for one in CLAUSES if one not in ("1.2", "3.1(2)", "4.1②", "附件1"))
    assert split(printed(), fewer).extra == ("1.2", "3.1(2)", "4.1②", "附件1")
    assert "附表3" in split(printed(), [one for one in CLAUSES if "附表3" not in one]).extra


def test_the_ids_are_discovered_without_a_list() -> None:
    assert set(CLAUSES) <= set(discover(printed()))


def test_chinese_chapters_are_discovered() -> None:
    text = "一、缘起\n今年放灯，人多船多。\n二、办法\n(一)先看水位。\n(二)再看风向。\n三、情景\n情景一：\n1. 灯少人少的时候，照常放灯，由主办单位看护两岸。\n2. 另有两种：(1)起风；(2)涨水。\n"
    found = discover(Document("某某", None, None, text))
    assert found == ("一", "二(一)", "二(二)", "三、情景一1", "三、情景一2(1)", "三、情景一2(2)")
    assert split(Document("某某", None, None, text), found).missing == ()
