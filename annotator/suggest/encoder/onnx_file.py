"""Reads the weights of an ONNX file without the package onnx, which is large.

An ONNX file is a protocol buffer; all that is wanted of it are the constants of its graph
(`ModelProto.graph.initializer`, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_GRAPH, _INITIALIZER = 7, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_TYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64}
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5


def weights_of(data: bytes) -> dict[str, NDArray[np.generic]]:
    """The constants of a graph by name; ValueError if `data` is no such file."""
    tensors = (
        _tensor(tensor)
        for graph in _fields(memoryview(data), _GRAPH)
        for tensor in _fields(_as_bytes(graph), _INITIALIZER)
    )
    return dict(tensors)


def _tensor(data: memoryview | int) -> tuple[str, NDArray[np.generic]]:
    message = _as_bytes(data)
    name = bytes(_as_bytes(next(_fields(message, _NAME)))).decode()
    kind = next(_fields(message, _TYPE))
    dims: list[int] = []
    for dim in _fields(message, _DIMS):
        dims += [dim] if isinstance(dim, int) else _varints(dim)
    raw = next(_fields(message, _RAW), memoryview(b""))
    if not isinstance(kind, int) or kind not in _TYPES:
        raise ValueError(f"{name} has a type that is not read: {kind}")
    return name, np.frombuffer(_as_bytes(raw), dtype=_TYPES[kind]).reshape(dims)


def _fields(message: memoryview, wanted: int) -> Iterator[memoryview | int]:
    """The values of one field of a message."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        value: memoryview | int
        if kind == _VARINT:
            value, at = _varint(message, at)
        elif kind in (_EIGHT, _FOUR):
            size = 8 if kind == _EIGHT else 4
            value, at = message[at : at + size], at + size
        elif kind == _BYTES:
            size, at = _varint(message, at)
            value, at = message[at : at + size], at + size
        else:
            raise ValueError("not an ONNX file")
        if number == wanted:
            yield value


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _varints(packed: memoryview) -> list[int]:
    values, at = [], 0
    while at < len(packed):
        value, at = _varint(packed, at)
        values.append(value)
    return values


def _as_bytes(value: memoryview | int) -> memoryview:
    if isinstance(value, int):
        raise ValueError("not an ONNX file")
    return value
