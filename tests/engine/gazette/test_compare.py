"""A plan is held against its print: right plans pass, each kind of slip is a finding at its place."""

from __future__ import annotations

import pytest

from engine.gazette.clauses import split
from engine.gazette.compare import Comparison, compare
from engine.gazette.draft import draft_plan
from engine.gazette.reading import Gazette
from engine.gazette.recall import recall
from engine.plan.load import Loaded, load
from tests.engine.gazette.print import PLAN, RAW, TITLE, UNITS


def loaded(text: str = PLAN) -> Loaded:
    found = load({"某市/lanterns.yaml": text}, {"units/某市.yaml": UNITS}, {})
    assert found.findings == ()
    return found


def against(text: str = PLAN, raw: str = RAW, digest: str | None = None) -> Comparison:
    found = loaded(text)
    return compare(found.plans["lanterns"], found.sources["lanterns"], Gazette(raw).find(TITLE), {}, digest)


def codes(one: Comparison, *severities: str) -> list[str]:
    return [finding.code for finding in one.findings if finding.severity in (severities or ("error", "warning"))]


def test_a_right_plan_agrees() -> None:
    one = against()
    assert codes(one) == []
    assert (one.clauses, one.encoded, one.noted, one.missing, one.extra) == (18, 7, 11, (), ())
    assert one.figures > 10


@pytest.mark.parametrize(
    ("before", "after", "code", "words"),
    [
        ("at_least: 5人, below", "at_least: 6人, below", "figure-not-printed", "6人"),
        ("below: 1亿元", "below: 2亿元", "figure-not-printed", "2亿元"),
        ("at_least: 3.5小时", "at_least: 4小时", "figure-not-printed", "4小时"),
        ("within: 1小时", "within: 2小时", "figure-not-printed", "2小时"),
        ('daily_at: "15:00"', 'daily_at: "16:00"', "figure-not-printed", "16:00"),
        (
            '{overboard: {at_least: 20人}, clause: "3.1(2)"}',
            "{overboard: {at_least: 20人}, clause: 附件2 Ⅰ级响应条件1}",
            "figure-not-in-clause",
            "20人",
        ),
        ("members: [市文旅局", "members: [市水利局", "unit-not-printed", "市水利局"),
        ("〔2031〕8号", "〔2031〕18号", "document-number", "8号"),
        ("issued: 2031-04-02", "issued: 2031-04-03", "document-date", "2031-04-02"),
    ],
)
def test_a_slip_is_found(before: str, after: str, code: str, words: str) -> None:
    one = against(PLAN.replace(before, after))
    assert code in codes(one)
    finding = next(finding for finding in one.findings if finding.code == code)
    assert words in finding.found + finding.expected
    assert finding.place.line > 1


def test_a_duty_of_a_unit_that_the_clause_does_not_name() -> None:
    assert codes(against(PLAN.replace("unit: 主办单位, do: 写出总结", "unit: 市公安局, do: 写出总结"))) == ["unit-not-in-clause"]
    stranger = PLAN.replace("roles: [主办单位]", "roles: [主办单位, 承办单位]").replace(
        "unit: 主办单位, do: 写出总结", "unit: 承办单位, do: 写出总结"
    )
    assert codes(against(stranger), "error") == ["unit-not-printed"]


def test_clauses_that_one_side_lacks() -> None:
    assert codes(against(raw=RAW.replace("1.2 适用", "适用"))) == ["clause-not-printed"]
    assert codes(against(raw=RAW.replace("4 处置\n", "3.3 善后\n\n灯船归还原主。\n\n4 处置\n"))) == ["clause-not-listed"]


def test_a_reading_may_name_the_source_of_a_number() -> None:
    assert "figure-not-printed" not in codes(against())
    without = PLAN.replace("clause: 附件2 Ⅱ级响应条件1, reading: L-1}", "clause: 附件2 Ⅱ级响应条件1}")
    assert codes(against(without)) == ["figure-not-in-clause"]


def test_a_reading_may_name_a_clause_of_another_plan() -> None:
    text = PLAN.replace("at_least: 20人}, clause", "at_least: 77人}, clause").replace("below: 20人", "below: 77人")
    text = text.replace('clause: "3.1(1)"}', 'clause: "3.1(1)", reading: L-2}').replace(
        'clause: "3.1(2)"}', 'clause: "3.1(2)", reading: L-2}'
    )
    text += '  L-2: {clause: "3.1", question: 照谁的数, chosen: 照龙舟预案2.1, alternatives: []}\n'
    found = loaded(text)
    other = Gazette(
        "某市龙舟应急预案\n\n1.1 目的\n\n赛龙舟要看水，看风，看人，看船，样样看。\n\n2.1 分级\n\n落水77人以上为大，其余为小。\n"
    ).find("某市龙舟应急预案")
    assert other is not None
    document = Gazette(RAW).find(TITLE)

    def result(others: dict[str, object]) -> list[str]:
        return codes(compare(found.plans["lanterns"], found.sources["lanterns"], document, others))  # type: ignore[arg-type]

    assert result({"boats": split(other, ["1.1", "2.1"])}) == []
    assert "figure-not-printed" in result({})


def test_not_binding_clauses_with_a_duty_word_are_shown_for_a_look() -> None:
    one = against(
        PLAN.replace("附件2 Ⅰ级停灯程序: 另有规定, ", "附件2 Ⅰ级停灯程序: 另有规定, "), RAW.replace("再清岸", "必须清岸")
    )
    assert [finding.found for finding in one.findings if finding.code == "look-not-binding" and "4.1②" in finding.found]


def test_a_changed_source_says_so() -> None:
    digest = Gazette(RAW).find(TITLE).digest  # type: ignore[union-attr]
    assert not against(digest=digest).changed
    changed = against(raw=RAW.replace("再清岸", "再扫岸"), digest=digest)
    assert changed.changed
    assert codes(changed) == ["source-changed"]


def test_a_plan_that_no_gazette_has() -> None:
    one = against(raw="")
    assert (one.found, codes(one)) == (False, ["gazette-missing"])


def test_a_draft_is_valid_yaml_whose_gaps_the_check_lists() -> None:
    document = Gazette(RAW).find(TITLE)
    assert document is not None
    draft = draft_plan(document)
    found = load({"某市/draft.yaml": draft.yaml}, {"units/某市.yaml": UNITS}, {})
    seen = {finding.code for finding in found.findings}
    assert "todo" in seen
    assert not seen & {"syntax", "unknown-key", "wrong-type", "missing-key"} - {"wrong-type"}
    assert found.plans == {}


@pytest.mark.parametrize("kind", ["clauses", "thresholds", "deadlines"])
def test_a_draft_finds_most_of_what_a_hand_wrote(kind: str) -> None:
    document = Gazette(RAW).find(TITLE)
    assert document is not None
    share = getattr(recall(draft_plan(document), loaded().plans["lanterns"]), kind)
    assert share.rate >= 0.85, share.lost
