"""The printed plan: finding it in a gazette's text, splitting it into clauses, and holding a plan file against it.

A gazette's text is the OCR of two-column print. Everything here takes texts and gives values; the files are read in `api`.
"""
