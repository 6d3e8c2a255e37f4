"""Whether a unit's name stands in a text: as one word, or in an enumeration that shares its beginning or end."""

from __future__ import annotations

import re

from engine.gazette.cleaning import fold

_PUNCTUATION = re.compile(r"[\s\"“”'‘’]")
_STOP = re.compile(r"[。；;!！?？\n\t\v]")
_REACH = 90
_POST = re.compile(r"(?:大|支|中)?(?:队|局|场|部|站|院|校)长$|主任$|经理$|书记$")


def squeeze(text: str) -> str:
    """A text for finding names in: one width, no blanks and quotes."""
    return _PUNCTUATION.sub("", fold(text))


def names(unit: str, text: str) -> bool:
    """Whether the text prints the unit. 甲局 and 乙局 both stand in 甲、乙局, and 市甲局、乙局 has 市乙局."""
    wanted, whole = squeeze(unit), squeeze(text)
    if wanted in whole:
        return True
    # a roster in two columns: the post that follows a body may be cut off by the other column's line
    post = _POST.search(wanted)
    if post and post.start() > 2:
        body, at = wanted[: post.start()], whole.find(wanted[: post.start()])
        while at >= 0:
            if post.group() in whole[at + len(body) : at + len(body) + 24]:
                return True
            at = whole.find(body, at + 1)
    # what the sentence shares: any two halves of the name, in their order, within one sentence
    for sentence in _STOP.split(text):
        line = squeeze(sentence)
        if any(_shared(line, wanted[:k], wanted[k:]) for k in range(1, len(wanted))):
            return True
    return False


def cut(unit: str, text: str) -> bool:
    """Whether a roster's columns cut the name in two: both pieces stand near each other, in their order."""
    wanted, whole = squeeze(unit), squeeze(text)
    for k in range(3, len(wanted) - 1):
        at = whole.find(wanted[:k])
        while at >= 0:
            if wanted[k:] in whole[at + k : at + k + 40]:
                return True
            at = whole.find(wanted[:k], at + 1)
    return False


def _shared(line: str, head: str, tail: str) -> bool:
    at = line.find(head)
    while at >= 0:
        after = line.find(tail, at + len(head))
        if 0 <= after <= at + len(head) + _REACH:
            between = line[at + len(head) : after]
            if re.search(r"[、,，和及与或等]|下设", between) or line[after - 1 : after] == "、":
                return True
        at = line.find(head, at + 1)
    return False
