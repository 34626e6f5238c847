"""Runs the encoder: by onnxruntime, or by numpy with the same weights where that cannot be had.

Both do the same arithmetic: weights of 8 bits, activations scaled to 8 bits window by window, sums
of whole numbers that are exact in either. Norms and softmax differ in the last digit, so now and
then an activation is rounded to another whole number, and hardly ever an answer differs
(docs/pipeline.md has the figures).
"""

from __future__ import annotations

import logging
import os
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from annotator.errors import ModelError
from annotator.suggest.encoder.onnx_file import weights_of
from annotator.suggest.encoder.windows import Window

_log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
INPUTS = ("ids", "shapes", "places", "parts")
_HEADS = 12
_NORM = 1e-12
# So many products of 8-bit numbers sum exactly in a float32, which holds whole numbers to 2**24.
_EXACT = 384


class Runtime(StrEnum):
    """What runs the encoder; `auto` takes onnxruntime where it works."""

    AUTO = "auto"
    ONNX = "onnxruntime"
    NUMPY = "numpy"


class Encoder(Protocol):
    """Gives every piece of a window its vector."""

    def __call__(self, window: Window) -> Vectors:
        """The vectors (pieces x width) of a window."""


def what_runs(wanted: Runtime) -> Runtime:
    """What would run an encoder here. Raises ModelError like `encoder_of`."""
    if wanted is Runtime.NUMPY:
        return wanted
    try:
        _onnxruntime()
    except ModelError:
        if wanted is Runtime.ONNX:
            raise
        return Runtime.NUMPY
    return Runtime.ONNX


def encoder_of(model: bytes, runtime: Runtime) -> Encoder:
    """The encoder of an ONNX file. Raises ModelError if onnxruntime is asked for and unusable."""
    if runtime is Runtime.NUMPY:
        return _NumpyEncoder(model)
    try:
        library = _onnxruntime()
    except ModelError as error:
        if runtime is Runtime.ONNX:
            raise
        if find_spec("onnxruntime") is not None:
            _log.warning("%s numpy is used instead, which is slower.", error.message)
        return _NumpyEncoder(model)
    return _OnnxEncoder(model, library)


def _onnxruntime() -> Any:
    """The library; raises ModelError if it is missing, or does not fit this machine."""
    hint = "Install it, or set encoder_runtime to auto or numpy."
    if find_spec("onnxruntime") is None:
        raise ModelError("onnxruntime is not installed.", hint=hint)
    # Its builds report to their maker, and leave an id of the machine in the home folder, unless
    # this is set before they are loaded. Nothing that no setting names gets a word from us.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        library = import_module("onnxruntime")
        library.InferenceSession, library.SessionOptions  # noqa: B018  # a folder may have its name
    except Exception as error:  # a library that does not fit the machine fails in many ways
        what = f"{type(error).__name__}: {error}"
        raise ModelError(f"onnxruntime is installed but unusable ({what}).", hint=hint) from error
    return library


def _columns(window: Window) -> dict[str, NDArray[np.int64]]:
    return {name: np.array(getattr(window, name), dtype=np.int64) for name in INPUTS}


class _OnnxEncoder:
    def __init__(self, model: bytes, onnxruntime: Any) -> None:
        options = onnxruntime.SessionOptions()
        # Workers are processes already, one for each core.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, window: Window) -> Vectors:
        vectors: Vectors = self._session.run(None, _columns(window))[0]
        return vectors


class _NumpyEncoder:
    def __init__(self, model: bytes) -> None:
        self._weights: dict[str, Any] = dict(weights_of(model))
        self._layers = sum(name.endswith(".qkv.weight") for name in self._weights)
        for name in [*self._weights]:
            if name.endswith((".qkv.weight", ".out.weight", ".up.weight", ".down.weight")):
                # As float32 for the matrix products of numpy's library; the numbers stay whole.
                self._weights[name] = self._weights[name].astype(np.float32)

    def __call__(self, window: Window) -> Vectors:
        w, columns = self._weights, _columns(window)
        ids = columns["ids"]
        x = w["words.weight"][ids].astype(np.float32) * w["words.scale"][ids]
        x = x + w["positions"][: len(ids)]
        for name in INPUTS[1:]:
            x = x + w[f"{name}.weight"][columns[name]]
        x = self._norm(x, "norm")
        for layer in range(self._layers):
            x = self._layer(x, f"layers.{layer}.")
        return x

    def _layer(self, x: Vectors, layer: str) -> Vectors:
        size, width = x.shape
        qkv = self._linear(x, f"{layer}qkv").reshape(size, 3, _HEADS, width // _HEADS)
        query, key, value = qkv.transpose(1, 2, 0, 3)
        scores = query @ key.transpose(0, 2, 1) * np.float32((width // _HEADS) ** -0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ value).transpose(1, 0, 2).reshape(size, width)
        x = self._norm(x + self._linear(mixed, f"{layer}out"), f"{layer}norm1")
        inner = gelu(self._linear(x, f"{layer}up"))
        return self._norm(x + self._linear(inner, f"{layer}down"), f"{layer}norm2")

    def _linear(self, x: Vectors, name: str) -> Vectors:
        weight = self._weights[f"{name}.weight"]
        whole, scale = _to_8_bits(x)
        parts = range(0, len(weight), _EXACT)
        total = sum(
            (whole[:, at : at + _EXACT] @ weight[at : at + _EXACT] for at in parts),
            start=np.zeros((len(x), weight.shape[1]), dtype=np.float64),
        )
        vectors: Vectors = total.astype(np.float32) * (scale * self._weights[f"{name}.scale"])
        vectors = vectors + self._weights[f"{name}.bias"]
        return vectors

    def _norm(self, x: Vectors, name: str) -> Vectors:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(_NORM))
        scaled: Vectors = x * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return scaled


def _to_8_bits(x: Vectors) -> tuple[Vectors, np.float32]:
    """Activations as whole numbers from their zero, and their scale (DynamicQuantizeLinear)."""
    low, high = min(x.min(), np.float32(0)), max(x.max(), np.float32(0))
    scale = np.float32((high - low) / np.float32(255)) or np.float32(1)
    zero = np.clip(np.rint(-low / scale), 0, 255)
    return np.clip(np.rint(x / scale) + zero, 0, 255) - zero, scale


def gelu(x: Vectors) -> Vectors:
    """The Gaussian error linear unit (Hendrycks and Gimpel 2016) in its tanh form."""
    inner: Vectors = np.float32(0.044715) * x
    inner *= x
    inner *= x
    inner += x
    inner *= np.float32(0.7978845608)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= np.float32(0.5) * x
    return inner
