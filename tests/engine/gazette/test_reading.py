"""A document is found in a whole gazette by its title, and its broken print is put together again."""

from __future__ import annotations

import datetime

from engine.gazette.cleaning import clean, fold
from engine.gazette.reading import Gazette
from tests.engine.gazette.print import RAW, TITLE


def test_the_body_is_found_behind_contents_and_notice_up_to_the_next_document() -> None:
    found = Gazette(RAW).find(TITLE)
    assert found is not None
    assert (found.number, found.issued) == ("某政办发〔2031〕8号", datetime.date(2031, 4, 2))
    assert found.text.startswith("1 总则\n1.1 编制目的\n为办好河灯会")
    assert "明年" not in found.text
    assert "表彰" not in found.text


def test_broken_lines_page_numbers_and_running_heads_are_mended() -> None:
    text = Gazette(RAW).find(TITLE).text  # type: ignore[union-attr]
    assert "市文旅局、公安局、气象局。办公室设在市文旅局。" in text
    assert "报市灯会指挥部办公室，此后" in text
    assert "公报" not in text
    assert "- 4 -" not in text


def test_a_title_that_no_document_has_is_not_found() -> None:
    assert Gazette(RAW).find("某市湖灯会安全应急预案条例") is None
    assert Gazette("").find(TITLE) is None
    assert Gazette(f"目录\n{TITLE}\n").find(TITLE) is None


def test_widths_formulas_and_tags_become_plain() -> None:
    assert clean("５０％，ＡＱＩ．\n$\\geq 37^{\\circ}\\text{C}$ 以上\n<b>粗</b>") == ("50%，AQI.", "≥ 37℃ 以上", "粗")
    assert clean("<tr><td>甲 乙</td><td>丙</td></tr>")[-1] == "甲 乙\t丙"
    assert fold("（１） Ⅲ级 ①") == "(1)III级①"


def test_the_digest_is_of_the_words_and_not_of_their_layout() -> None:
    one = Gazette(RAW).find(TITLE)
    other = Gazette(RAW.replace("为办好河灯会，制", "为办好\n\n- 9 -\n\n河灯会，制").replace("２０人", "20 人")).find(TITLE)
    changed = Gazette(RAW.replace("２０人", "21人")).find(TITLE)
    assert one is not None
    assert other is not None
    assert changed is not None
    assert one.digest == other.digest != changed.digest
