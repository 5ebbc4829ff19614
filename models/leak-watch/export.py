"""The trained weights as an ONNX file: physical units in, logits out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from common.files import write_model as write_graph
from common.optimiser import Parameters
from network import CENTRE, CHANGES, LEVELS
from sensors import CLASSES, STEPS


def write_model(parameters: Parameters, path: Path) -> None:
    """ONNX stacks a unit's gates as update, reset, new, and its biases as input then hidden."""
    hidden = parameters["gru.hidden_weight"].shape[1]
    constants = {
        "centre": CENTRE,
        "levels": LEVELS,
        "changes": CHANGES,
        "gru.W": parameters["gru.input_weight"][None],
        "gru.R": parameters["gru.hidden_weight"][None],
        "gru.B": np.concatenate([parameters["gru.input_bias"], parameters["gru.hidden_bias"]])[None],
        "state.weight": parameters["state.weight"],
        "state.bias": parameters["state.bias"],
    }
    node = helper.make_node
    nodes = [
        node("Sub", ["signals", "centre"], ["centred"], name="centre"),
        node("MatMul", ["centred", "levels"], ["level"], name="level"),
        node("ReduceMean", ["signals"], ["mean"], name="mean", axes=[1], keepdims=1),
        node("Sub", ["signals", "mean"], ["deviation"], name="deviation"),
        node("Mul", ["deviation", "changes"], ["change"], name="change"),
        node("Concat", ["level", "change"], ["features"], name="features", axis=2),
        node("Transpose", ["features"], ["sequence"], name="sequence", perm=[1, 0, 2]),
        node(
            "GRU",
            ["sequence", "gru.W", "gru.R", "gru.B"],
            ["", "last_state"],
            name="gru",
            hidden_size=hidden,
            linear_before_reset=1,
        ),
        node("Squeeze", ["last_state", "first_axis"], ["state"], name="state"),
        node(
            "Gemm",
            ["state", "state.weight", "state.bias"],
            ["class_logits"],
            name="classes",
            transB=1,
        ),
    ]
    initializers = [numpy_helper.from_array(v.astype("<f4"), name) for name, v in constants.items()]
    initializers.append(numpy_helper.from_array(np.array([0], "<i8"), "first_axis"))
    graph = helper.make_graph(
        nodes,
        "leak-watch",
        [helper.make_tensor_value_info("signals", TensorProto.FLOAT, ["batch", STEPS, 3])],
        [helper.make_tensor_value_info("class_logits", TensorProto.FLOAT, ["batch", len(CLASSES)])],
        initializers,
        doc_string="32 minutes of flow on two chords (m³/h) and pressure (bar) to four logits.",
    )
    write_graph(graph, "bartizan leak-watch train.py", path)
