"""The trained weights as an ONNX file and the evaluation split as an .npz archive."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from common.files import write_arrays
from common.files import write_model as write_graph
from common.optimiser import Parameters
from network import SCALE


def write_model(parameters: Parameters, path: Path) -> None:
    """Raw sensor counts in, logits out: the scaling is part of the graph, so physical units reach it."""
    constants = {"count_scale": np.array(SCALE)} | parameters
    nodes = [
        helper.make_node("Mul", ["image", "count_scale"], ["scaled"], name="scale"),
        _convolution("conv1", "scaled", "conv1_sum"),
        helper.make_node("Relu", ["conv1_sum"], ["conv1_out"], name="relu1"),
        _convolution("conv2", "conv1_out", "conv2_sum"),
        helper.make_node("Relu", ["conv2_sum"], ["conv2_out"], name="relu2"),
        helper.make_node(
            "MaxPool", ["conv2_out"], ["pooled"], name="pool", kernel_shape=[2, 2], strides=[2, 2]
        ),
        helper.make_node("Flatten", ["pooled"], ["features"], name="flatten", axis=1),
        helper.make_node(
            "Gemm",
            ["features", "digit.weight", "digit.bias"],
            ["digit_logits"],
            name="digit",
            transB=1,
        ),
    ]
    graph = helper.make_graph(
        nodes,
        "gauge-reader",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 8, 8])],
        [helper.make_tensor_value_info("digit_logits", TensorProto.FLOAT, ["batch", 10])],
        [numpy_helper.from_array(v.astype("<f4"), name) for name, v in constants.items()],
        doc_string="One digit of a mechanical register, 8 x 8 counts 0...16, to ten logits.",
    )
    write_graph(graph, "bartizan gauge-reader train.py", path)


def _convolution(name: str, source: str, target: str) -> onnx.NodeProto:
    return helper.make_node(
        "Conv",
        [source, f"{name}.weight", f"{name}.bias"],
        [target],
        name=name,
        kernel_shape=[3, 3],
        pads=[1, 1, 1, 1],
    )


def write_evaluation(counts: np.ndarray, labels: np.ndarray, indices: np.ndarray, path: Path):
    write_arrays(path, images=counts, labels=labels, indices=indices)
