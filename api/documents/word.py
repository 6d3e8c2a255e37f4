"""A Word file made of headings, paragraphs and tables, marked 推演 on every page; the same content gives the same bytes."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from api.documents.page import NOTICE
from engine.drill.scenario import MARK, PREFIX

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.table import Table, _Cell

FONT = "宋体"
ZIPPED = (1980, 1, 1, 0, 0, 0)
"""The time that a zip file begins to count from: every part bears it, whenever it is written."""
SHADE = "E7E7E7"


class Word:
    """A document in the making. Nothing that names a person, a machine or a time of writing goes in."""

    def __init__(self, title: str, at: datetime.datetime) -> None:
        """title: given the mark where it has none. at: what the file says of when it was made: a time of the exercise."""
        self.doc: Doc = Document()
        named = title if title.startswith(PREFIX) else PREFIX + title
        style = self.doc.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(10.5)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        for number in (1, 2, 3):
            heading = self.doc.styles[f"Heading {number}"]
            heading.font.color.rgb, heading.font.name = RGBColor(0, 0, 0), FONT
            heading.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        section = self.doc.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin = section.bottom_margin = Mm(18)
        header = section.header.paragraphs[0]
        header.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = header.add_run(f"[{MARK}] {NOTICE}")
        run.bold = True
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        footer.add_run(f"[{MARK}] 第 ")
        _field(footer.add_run(), "PAGE")
        footer.add_run(" 页")
        properties = self.doc.core_properties
        properties.title, properties.author, properties.last_modified_by, properties.comments = named, "", "", ""
        properties.created = properties.modified = at.astimezone(datetime.UTC).replace(tzinfo=None)
        properties.revision, properties.language = 1, "zh-CN"
        self.doc.add_heading(named, 1)

    def heading(self, text: str, level: int = 2) -> None:
        self.doc.add_heading(text, level)

    def text(self, text: str) -> None:
        self.doc.add_paragraph(text)

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Names and what they are, in a table without a head."""
        found = [(name, value) for name, value in pairs if value]
        table = self.doc.add_table(0, 2)
        table.style = "Table Grid"
        for name, value in found:
            cells = table.add_row().cells
            _write(cells[0], name, bold=True)
            _shade(cells[0], SHADE)
            _write(cells[1], value)
        _widths(table, (30, 144))

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float] = ()) -> None:
        """A table whose head every page repeats. widths: in millimetres."""
        table = self.doc.add_table(1, len(heads))
        table.style = "Table Grid"
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            _write(cell, head, bold=True)
            _shade(cell, SHADE)
        _repeated(table.rows[0])
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                _write(cell, value)
        _widths(table, widths)
        self.doc.add_paragraph()

    def strips(self, heads: Sequence[str], rows: Iterable[tuple[str, Sequence[tuple[str, str]]]], label: float) -> None:
        """Time in columns: each row a name and a (text, fill as RRGGBB or "") for each column. label: width of the name, in millimetres."""
        table = self.doc.add_table(1, len(heads) + 1)
        table.style = "Table Grid"
        for cell, head in zip(table.rows[0].cells[1:], heads, strict=True):
            _write(cell, head, size=6.5)
            _shade(cell, SHADE)
        _repeated(table.rows[0])
        for name, marks in rows:
            cells = table.add_row().cells
            _write(cells[0], name, size=8)
            for cell, (text, fill) in zip(cells[1:], marks, strict=True):
                _write(cell, text, size=7, white=fill in DARK)
                if fill:
                    _shade(cell, fill)
        _widths(table, (label, *[(174 - label) / len(heads)] * len(heads)))
        self.doc.add_paragraph()

    def bytes(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        self.doc.save(stream)
        found = io.BytesIO()
        with zipfile.ZipFile(stream) as given, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as written:
            for name in given.namelist():
                part = zipfile.ZipInfo(name, ZIPPED)
                part.compress_type = zipfile.ZIP_DEFLATED
                written.writestr(part, given.read(name))
        return found.getvalue()


DARK = ("2D43B2", "9E0000", "333333")
"""Fills on which text is white."""


def _field(run: Any, code: str) -> None:
    for kind, text in (("begin", None), (None, code), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _write(cell: _Cell, text: str, *, bold: bool = False, size: float = 9, white: bool = False) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.font.size, run.bold = Pt(size), bold
    cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    if white:
        run.font.color.rgb = RGBColor(255, 255, 255)


def _shade(cell: _Cell, fill: str) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), fill)
    cell._tc.get_or_add_tcPr().append(shading)


def _repeated(row: Any) -> None:
    element = OxmlElement("w:tblHeader")
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)


def _widths(table: Table, widths: Sequence[float]) -> None:
    if not widths:
        return
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
