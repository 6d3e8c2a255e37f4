"""A gazette's raw text to clean lines: no page numbers and running heads, one width of digits, tables as rows of cells."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_WIDE = {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDTHS = {**_WIDE, 0xFF05: "%", 0xFF0E: ".", 0x3000: " ", 0x00A0: " ", 0x2009: " ", 0x200B: None, 0xFEFF: None, 0x000C: "\n"}
_MATH = (
    (re.compile(r"\^\s*\{?\s*\\circ\s*\}?\s*(?:\\text|\\mathrm)?\s*\{?\s*C\s*\}?"), "℃"),
    (re.compile(r"\\(?:geq?|geqslant)(?![a-z])"), "≥"),
    (re.compile(r"\\(?:leq?|leqslant)(?![a-z])"), "≤"),
    (re.compile(r"\\times(?![a-z])"), "×"),
    (re.compile(r"\\(?:text|mathrm|mathbf)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\\[a-z]+|[{}]"), ""),
)
_ROW = re.compile(r"\s*<tr\b[^>]*>(.*?)</tr>", re.I | re.S)
_CELL = re.compile(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", re.I | re.S)
_BREAK = re.compile(r"</?(?:p|br|li|ol|ul|div|h\d)\b[^>]*>", re.I)
_TAG = re.compile(r"<!--.*?-->|</?[a-z][^<>]*>", re.I)
_PAGE = re.compile(r"[-—–·•~\s]*\d{1,4}[-—–·•~\s]*|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?")
_BULLET = re.compile(r"^(?:[-*•]\s+|#{1,6}\s*)")
BREAK = "\v"
"""A line break inside a table's cell."""


def fold(text: str) -> str:
    """A text for comparison: one width, no blanks; ① stays apart from 1."""
    return "".join(mark if "①" <= mark <= "⑳" else unicodedata.normalize("NFKC", mark) for mark in text if not mark.isspace())


def plain(text: str) -> str:
    """A text for comparing titles: folded, without punctuation."""
    return re.sub(r"[^\w%]", "", fold(text))


def clean(raw: str) -> tuple[str, ...]:
    """The lines of a gazette. Blank ones stay as "" (they part paragraphs); cells of a row are parted by tabs."""
    text = _ROW.sub(_table_row, raw.translate(_WIDTHS).replace("\r\n", "\n").replace("\r", "\n"))
    lines = [_line(line) for line in text.split("\n")]
    heads = _running_heads(lines)
    return tuple("" if _PAGE.fullmatch(line) or _bare(line) in heads else line for line in lines)


def _table_row(match: re.Match[str]) -> str:
    return "\n" + "\t".join(" ".join(cell.split()) for cell in _CELL.findall(match.group(1)))


def _line(line: str) -> str:
    if "$" in line or "\\" in line:
        for pattern, word in _MATH:
            line = pattern.sub(word, line)
        line = line.replace("$", "")
    if "<" in line:
        line = _TAG.sub("", _BREAK.sub(BREAK, line))
    line = line.replace("&nbsp;", " ").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    if "\t" in line:
        return "\t".join(re.sub(rf"\s*{BREAK}[\s{BREAK}]*", BREAK, cell).strip() for cell in line.split("\t"))
    if _PAGE.fullmatch(line.strip()):
        return line.strip()
    return _BULLET.sub("", re.sub(rf"[{BREAK}]+", " ", line).strip())


def _bare(line: str) -> str:
    """A line without its digits and blanks, for telling running heads, which differ by the page number only."""
    return re.sub(r"[\d\s·•—–|-]", "", line)


def _running_heads(lines: list[str]) -> frozenset[str]:
    """Short lines that the print repeats on every page: the masthead, and lines that differ by a page number only."""
    masthead = next((line for line in lines if line), "")
    counts: Counter[str] = Counter()
    numbered: Counter[str] = Counter()
    for line in lines:
        if line and "\t" not in line and len(line) <= 40 and not re.search(r"[。；：，]", line):
            counts[_bare(line)] += 1
            numbered[_bare(line)] += bool(re.search(r"^\W*\d+\s|\s\d+\W*$", line))
    heads = {bare for bare, count in counts.items() if count >= 3 and numbered[bare] >= 3 and len(bare) >= 4}
    if counts[_bare(masthead)] >= 2:
        heads.add(_bare(masthead))
    return frozenset(heads - {""})
