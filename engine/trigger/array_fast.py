"""What takes the time in the array form, as machine code: the same comparisons and tables, compiled by numba.

The functions know no plan: they are given its thresholds and tables. They are compiled once for each type of column and
number of thresholds, into vector instructions, and kept on disk by numba. Needs the extra `fast`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from engine.trigger import thresholds
from engine.trigger.array_blocks import Index, Machinery, States, Table
from engine.trigger.thresholds import Digits, Ends, Primitives, Spare, Thresholds

AHEAD = 256
TILE = 128
LINE = 8
"""Values that are fetched ahead from memory, that are worked on together, and that one fetch brings."""


def _to_fetch(_typing: Any, values: Any, _at: Any) -> Any:
    """Have a value brought into the cache by the time that it is needed; nothing happens beyond the array's end."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = builder.gep(array.data, [arguments[1]])
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address.type, number, number, number])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")  # type: ignore[no-untyped-call]
        builder.call(fetch, [address, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(values, types.intp), generate


_fetch: Any = intrinsic(_to_fetch)


@numba.njit(cache=True, nogil=True)
def _ends(least: Any, most: Any, digits: Any) -> Any:  # pragma: no cover - compiled
    for n in range(len(digits)):
        least = min(least, digits[n])
        most = max(most, digits[n])
    return least, most


@numba.njit(cache=True, nogil=True)
def _count_tile(values: Any, cuts: Any, base: int, out: Any) -> None:  # pragma: no cover - compiled
    for n in range(len(values)):
        value = values[n]
        found: Any = base
        for cut in cuts:
            found += np.int64(value >= cut)
        out[n] = found


@numba.njit(cache=True, nogil=True)
def _count(values: Any, cuts: Any, base: int, out: Any) -> Any:  # pragma: no cover - compiled
    least = most = out.dtype.type(base)
    for start in range(0, len(values), TILE):
        for line in range(0, TILE, LINE):
            _fetch(values, np.intp(start + AHEAD + line))
        tile = out[start : start + TILE]
        _count_tile(values[start : start + TILE], cuts, base, tile)
        if start == 0:
            least = most = tile[0]
        least, most = _ends(least, most, tile)
    return least, most


@numba.njit(cache=True, nogil=True)
def _shift(values: Any, last: Any, out: Any) -> Any:  # pragma: no cover - compiled
    one = type(last)(1)
    for n in range(len(values)):
        value = type(last)(values[n])
        out[n] = value + one if -one <= value < last else last + one
    return _ends(out[0], out[0], out)


@numba.njit(cache=True, nogil=True)
def _mix(start: Any, a: Any, x: Any, b: Any, y: Any, c: Any, z: Any, out: Any) -> None:  # pragma: no cover - compiled
    for n in range(len(out)):
        out[n] = start + x * a[n] + y * b[n] + z * c[n]


@numba.njit(cache=True, nogil=True)
def _mix_in(a: Any, x: Any, b: Any, y: Any, c: Any, z: Any, out: Any) -> None:  # pragma: no cover - compiled
    for n in range(len(out)):
        out[n] += x * a[n] + y * b[n] + z * c[n]


@numba.njit(cache=True, nogil=True)
def _walk(table: Any, width: Any, state: Any, codes: Any, index: Any, out: Any) -> None:  # pragma: no cover - compiled
    for n in range(len(out)):
        # Without a sign there is no counting from the end to provide for.
        out[n] = table[np.uint32(np.uint32(state[n]) * width + np.uint32(codes[index[n]]))]


@numba.njit(cache=True, nogil=True)
def _look_up(row: Any, index: Any, out: Any) -> None:  # pragma: no cover - compiled
    for n in range(len(out)):
        out[n] = row[index[n]]


def count_reached(values: NDArray[Any], found: Thresholds, out: Digits, spare: Spare) -> Ends:
    """Set each digit to the number of thresholds that a value reaches."""
    if not found.each or values.dtype == np.uint64:
        return thresholds.count_reached(values, found, out, spare)
    cuts: tuple[Any, ...] = found.each
    if found.small or values.dtype.kind == "f":
        # Few lengths, for each is compiled by itself: what is more is never reached.
        cuts = (*found.floats, *(math.inf,) * (-len(found.floats) % 3))
    least, most = _count(np.ascontiguousarray(values), cuts, found.base, out)
    return int(least), int(most)


def shift(values: NDArray[Any], last: int, out: Digits) -> Ends:
    """Set each digit to one more than a position below `last`, 0 for -1, and one more than `last` for anything else."""
    if values.dtype == np.uint64:
        return thresholds.shift(values, last, out)
    least, most = _shift(np.ascontiguousarray(values), (np.int32 if values.dtype.itemsize < 4 else np.int64)(last), out)
    return int(least), int(most)


class Compiled(Machinery):
    """The machinery compiled. A column is read only once, so that of a chunk only the digits need to fit a cache."""

    def mix(self, start: int, digits: Sequence[Digits], weights: Sequence[int], out: NDArray[Any]) -> None:
        if any(digit.dtype != np.uint8 for digit in digits):
            super().mix(start, digits, weights, out)
            return
        kind = out.dtype.type
        for at in range(0, len(digits), 3):
            # Three a pass; digits that are wanting weigh nothing.
            some = [(digits[at + n], kind(weights[at + n])) if at + n < len(digits) else (digits[at], kind(0)) for n in range(3)]
            each = tuple(one for pair in some for one in pair)
            if at:
                _mix_in(*each, out)  # type: ignore[call-arg]
            else:
                _mix(kind(start), *each, out)  # type: ignore[call-arg]

    def walk(self, table: Table, state: Index, codes: Table, index: Index, out: NDArray[Any], spare: NDArray[Any]) -> None:
        if isinstance(state, int):
            _look_up(table[state][codes], index, out)
        elif isinstance(index, int):
            _look_up(np.ascontiguousarray(table[:, codes[index]]), state, out)
        else:
            _walk(table.reshape(-1), np.uint32(table.shape[1]), state, codes, index, out)

    def read(self, table: NDArray[Any], states: States, out: NDArray[Any]) -> None:
        _look_up(table, states, out)


FAST = Compiled(Primitives(count_reached, shift), np.int32, 1 << 17)
