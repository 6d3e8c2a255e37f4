"""One document out of a whole gazette: from its heading to the next document's, as text and tables."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from engine.gazette.cleaning import clean, fold, plain

NUMBER = re.compile(r"[一-龥]{1,8}[〔\[【（(]\s*(?:19|20)\d\d\s*[〕\]】）)]\s*\d+\s*号")
_DATE = re.compile(r"(20\d\d|19\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_MARK = re.compile(
    r"\d+(?:\.\d+)+(?![\d%])|\d{1,2}[.、．\s](?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|\d{1,2}[)）]|[①-⑳]"
    r"|[一二三四五六七八九十]{1,3}、|附[件表图录](?:\s|\d|[:：]|$)"
)
_ENDS = tuple("。；：！？;:!?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: where it begins in the text, the heads of its row and column (folded), and whether it begins a row."""

    start: int
    row: str
    column: str
    first: bool


@dataclass(frozen=True)
class Document:
    """One document's text: paragraphs on lines of their own, a table's row on one line, its cells parted by tabs.

    A line break inside a cell is a BREAK.
    """

    title: str
    number: str | None
    issued: datetime.date | None
    text: str
    cells: tuple[Cell, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the folded text: the same whatever the line breaks, blanks and widths of the print."""
        return hashlib.sha256(fold(self.text).encode()).hexdigest()


class Gazette:
    """A whole gazette's text, cleaned once; documents are found in it by title."""

    def __init__(self, raw: str) -> None:
        self.lines = clean(raw)
        self.numbers = tuple(n for n, line in enumerate(self.lines) if NUMBER.fullmatch(line))
        self.heads = tuple(self._head(number) for number in self.numbers)

    def find(self, title: str) -> Document | None:
        """The document with this title (which may be broken over lines), or None. A table of contents is not one."""
        places = [(last, self._end(last)) for last in self._titles(plain(title))]
        if not places:
            return None
        last, end = max(places, key=lambda place: sum(map(len, self.lines[place[0] + 1 : place[1]])))
        body = self.lines[last + 1 : end]
        if sum(map(len, body)) < 40:
            return None
        cover = self._cover(last)
        number = next((fold(line) for line in cover if NUMBER.fullmatch(line)), None)
        date = next((_date(match) for line in reversed(cover) if (match := _DATE.fullmatch(line)) and _date(match)), None)
        text, cells = _paragraphs(body)
        return Document(title, number, date, text, cells)

    def _titles(self, wanted: str) -> list[int]:
        """The last lines of every place where whole lines, put together, are the title; else those that nearly are."""
        exact, near = [], []
        filled = [n for n, line in enumerate(self.lines) if line and "\t" not in line]
        for k, n in enumerate(filled):
            joined = ""
            for m in filled[k : k + 4]:
                if m > n + 8:
                    break
                joined += plain(self.lines[m])
                if joined == wanted:
                    exact.append(m)
                if len(joined) > len(wanted) + 3:
                    break
                if abs(len(joined) - len(wanted)) <= 2 and SequenceMatcher(None, joined, wanted).ratio() >= 0.92:
                    near.append(m)
        return exact or near

    def _end(self, line: int) -> int:
        return next((head for head in self.heads if head > line), len(self.lines))

    def _cover(self, title: int) -> tuple[str, ...]:
        """The lines between the heading of the notice and the title of what it issues."""
        head = max((head for head in self.heads if head <= title), default=title)
        return tuple(line for line in self.lines[head:title] if line)

    def _head(self, number: int) -> int:
        """The first line of the heading above a document's number."""
        first, seen = number, 0
        for n in range(number - 1, max(number - 10, -1), -1):
            line = self.lines[n]
            if not line:
                continue
            if line.endswith(_ENDS) or "\t" in line or len(line) > 60 or seen == 4:
                break
            first, seen = n, seen + 1
            if "关于" in line:
                above = next((m for m in range(n - 1, -1, -1) if self.lines[m]), n)
                if line.startswith("关于") and len(self.lines[above]) <= 24 and re.search(r"[府室厅局会委]$", self.lines[above]):
                    first = above
                break
        return first


def _date(match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def starts_item(line: str) -> bool:
    """Whether a line begins with a number of any style, or with an annex."""
    return bool(_MARK.match(line))


def is_heading(line: str) -> bool:
    """Whether a numbered line is a heading of its own, and not a paragraph or a part of one."""
    return starts_item(line) and len(line) <= 32 and not re.search(r"[。；，,：:]", line)


def _paragraphs(lines: Sequence[str]) -> tuple[str, tuple[Cell, ...]]:
    """Join the lines that the columns broke, and lay out the tables."""
    parts: list[str] = []
    cells: list[Cell] = []
    size = 0
    seen: set[str] = set()
    header: list[str] = []
    row_head = ""
    in_table = False
    for line, blank_before in _filled(lines):
        if "\t" in line:
            row = line.split("\t")
            short = all(len(cell) <= 30 for cell in row)
            key = fold(line)
            if (blank_before or not in_table) and short and key in seen:  # the head of a table, printed again on the next page
                header = [fold(cell) for cell in row]
                in_table = True
                continue
            seen.add(key)
            if not in_table and short:
                header = [fold(cell) for cell in row]
            elif not in_table and len(header) != len(row):
                header = []
            row_head = fold(row[0]) or row_head
            start = size
            for n, cell in enumerate(row):
                column = header[n] if n < len(header) and in_table else ""
                cells.append(Cell(start, row_head, column, n == 0 and bool(row[0])))
                start += len(cell) + 1
            parts.append("\t".join(row) + "\n")
            size += len(parts[-1])
            in_table = True
            continue
        if in_table and blank_before:
            in_table = False
        if parts and _continues(parts[-1].rstrip("\n"), line):
            parts[-1] = parts[-1].rstrip("\n") + line + "\n"
            size += len(line)
        else:
            parts.append(line + "\n")
            size += len(parts[-1])
    return "".join(parts), tuple(cells)


def _filled(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    blank = True
    for line in lines:
        if line.strip():
            yield line, blank
        blank = not line.strip()


def _continues(before: str, line: str) -> bool:
    """Whether a line goes on with the paragraph before it: columns and pages break sentences, headings stand alone."""
    if "\t" in before or starts_item(line) or before.endswith(_ENDS):
        return False
    if is_heading(before):
        return len(line) <= 2
    if re.match(r"[一-龥 ]{1,8}[:：]|[一-龥]{2,4} +[一-龥]", line):
        return False
    return len(before) >= 14 or len(line) <= 2 or bool(re.search(r"[，。、；：,:]", before))
