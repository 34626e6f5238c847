"""Writes a trained network as what `annotator.suggest.encoder` runs: an ONNX file and the heads.

The graph is written out operation by operation, so that its constants have names by which numpy can
run it too. Matrices have 8 bits a weight, scaled by column, activations are scaled as they come
(dynamic quantisation); word vectors are scaled by row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from annotator.training.encoder.network import ATTENTION_HEADS, WIDTH, Network

_OPSET = 20
# 127 steps a side fill 8 bits. Processors without VNNI add pairs of products in 16 bits, which
# overflow from 2 * 255 * 64; so we use 63 (`reduce_range` in onnxruntime).
_STEPS = 63


@dataclass
class _Graph:
    """Nodes and constants in the making."""

    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, NDArray[np.generic]] = field(default_factory=dict)

    def constant(self, name: str, value: Any, kind: Any = np.float32) -> str:
        self.constants[name] = np.array(value, dtype=kind, order="C")
        return name

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def several(self, kind: str, outputs: int, *inputs: str) -> list[str]:
        names = [f"{kind}_{len(self.nodes)}_{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names))
        return names


def onnx_of(network: Network) -> bytes:
    """The encoder of a network as an ONNX file.

    It takes `ids`, `shapes`, `places` and `parts` of one window, each as long as it has pieces, and
    gives the `vectors` of its pieces (pieces x width).
    """
    weights = {name: value.detach().numpy() for name, value in network.named_parameters()}
    graph = _Graph()
    x = _embedded(graph, weights)
    for number in range(len(network.layers)):
        x = _layer(graph, weights, x, f"layers.{number}.")
    graph.nodes.append(helper.make_node("Identity", [x], ["vectors"]))
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["pieces"])
            for name in ("ids", "shapes", "places", "parts")
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["pieces", WIDTH])],
        [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def heads_of(network: Network) -> dict[str, NDArray[np.float32]]:
    """The weights of the heads by the names that `annotator.suggest.encoder.heads` knows."""
    found: dict[str, NDArray[np.float32]] = {}
    for name, value in network.heads.named_parameters():
        array = value.detach().numpy().astype(np.float32)
        module, _, kind = name.rpartition(".")
        if not module:
            found[name.replace("_", ".", 1)] = array
        elif module in ("shapes", "places"):
            found[name] = array
        else:
            key = f"{module.replace('_', '.', 1)}.{kind}"
            found[key] = array.T.copy() if kind == "weight" else array
    return found


def _embedded(graph: _Graph, weights: dict[str, Any]) -> str:
    rows, scale = _to_8_bits(weights["words.weight"], axis=1, steps=127)
    graph.constant("words.weight", rows, np.int8)
    graph.constant("words.scale", scale)
    x = graph.add("Gather", "words.weight", "ids")
    x = graph.add("Cast", x, to=TensorProto.FLOAT)
    x = graph.add("Mul", x, graph.add("Gather", "words.scale", "ids"))
    graph.constant("positions", weights["positions"])
    size = graph.add("Shape", "ids")
    zero = graph.constant("zero", [0], np.int64)
    x = graph.add("Add", x, graph.add("Slice", "positions", zero, size))
    for name in ("shapes", "places", "parts"):
        graph.constant(f"{name}.weight", weights[f"{name}.weight"])
        x = graph.add("Add", x, graph.add("Gather", f"{name}.weight", name))
    return _norm(graph, weights, x, "norm")


def _layer(graph: _Graph, weights: dict[str, Any], x: str, name: str) -> str:
    each = WIDTH // ATTENTION_HEADS
    qkv = _linear(graph, weights, x, f"{name}qkv")
    shape = graph.constant("split", [-1, 3, ATTENTION_HEADS, each], np.int64)
    qkv = graph.add("Transpose", graph.add("Reshape", qkv, shape), perm=[1, 2, 0, 3])
    picks = [graph.constant(f"pick{number}", number, np.int64) for number in range(3)]
    query, key, value = (graph.add("Gather", qkv, pick, axis=0) for pick in picks)
    scores = graph.add("MatMul", query, graph.add("Transpose", key, perm=[0, 2, 1]))
    scores = graph.add("Mul", scores, graph.constant("each", each**-0.5))
    mixed = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
    mixed = graph.add("Transpose", mixed, perm=[1, 0, 2])
    mixed = graph.add("Reshape", mixed, graph.constant("joined", [-1, WIDTH], np.int64))
    x = graph.add("Add", x, _linear(graph, weights, mixed, f"{name}out"))
    x = _norm(graph, weights, x, f"{name}norm1")
    inner = graph.add("Gelu", _linear(graph, weights, x, f"{name}up"), approximate="tanh")
    x = graph.add("Add", x, _linear(graph, weights, inner, f"{name}down"))
    return _norm(graph, weights, x, f"{name}norm2")


def _linear(graph: _Graph, weights: dict[str, Any], x: str, name: str) -> str:
    columns, scale = _to_8_bits(weights[f"{name}.weight"].T, axis=0, steps=_STEPS)
    graph.constant(f"{name}.weight", columns, np.int8)
    graph.constant(f"{name}.scale", scale)
    graph.constant(f"{name}.bias", weights[f"{name}.bias"])
    whole, step, zero = graph.several("DynamicQuantizeLinear", 3, x)
    none = graph.constant("no_zero", 0, np.int8)
    product = graph.add("MatMulInteger", whole, f"{name}.weight", zero, none)
    product = graph.add("Cast", product, to=TensorProto.FLOAT)
    product = graph.add("Mul", product, graph.add("Mul", step, f"{name}.scale"))
    return graph.add("Add", product, f"{name}.bias")


def _norm(graph: _Graph, weights: dict[str, Any], x: str, name: str) -> str:
    scale = graph.constant(f"{name}.weight", weights[f"{name}.weight"])
    bias = graph.constant(f"{name}.bias", weights[f"{name}.bias"])
    return graph.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)


def _to_8_bits(weight: Any, *, axis: int, steps: int) -> tuple[Any, Any]:
    """Whole numbers up to `steps` either way, and the scale of each row or column."""
    largest = np.abs(weight).max(axis=axis, keepdims=True)
    scale = np.where(largest > 0, largest, 1) / steps
    whole = np.clip(np.rint(weight / scale), -steps, steps)
    return whole, scale if axis == 1 else scale[0]
