"""The compensation as an ONNX file, its correction quantised to eight bits by onnxruntime."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from common.files import write_model as write_graph
from common.optimiser import Parameters
from network import CENTRE, SCALE

PRODUCER = "bartizan pressure-comp train.py"


class Calibration(CalibrationDataReader):
    """Readings in one batch: the quantiser takes each tensor's range from them."""

    def __init__(self, readings: np.ndarray) -> None:
        self.batches = iter([{"readings": readings.astype(np.float32)}])

    def get_next(self) -> dict | None:
        return next(self.batches, None)


def float_graph(line: tuple[np.ndarray, float], parameters: Parameters) -> onnx.GraphProto:
    """Physical units in and out: mV and °C to bar.

    The line reads the tensor before the scaling, because the quantiser rounds what the layers share.
    """
    constants = {
        "centre": CENTRE,
        "scale": SCALE,
        "line.weight": (line[0] * SCALE)[:, None],
        "line.bias": np.array([line[1]]),
    } | parameters
    node = helper.make_node
    nodes = [
        node("Sub", ["readings", "centre"], ["centred"], name="centre"),
        node("Mul", ["centred", "scale"], ["scaled"], name="scale"),
        node("MatMul", ["centred", "line.weight"], ["slope"], name="line"),
        node("Add", ["slope", "line.bias"], ["straight"], name="straight"),
    ]
    source = "scaled"
    layers = len(parameters) // 2
    for number in range(1, layers + 1):
        name = f"layer{number}"
        target = f"sum{number}" if number < layers else "correction"
        inputs = [source, f"{name}.weight", f"{name}.bias"]
        nodes.append(node("Gemm", inputs, [target], name=name, transB=1))
        if number < layers:
            source = f"hidden{number}"
            nodes.append(node("Relu", [target], [source], name=f"relu{number}"))
    nodes.append(node("Add", ["straight", "correction"], ["pressure"], name="pressure"))
    return helper.make_graph(
        nodes,
        "pressure-comp",
        [helper.make_tensor_value_info("readings", TensorProto.FLOAT, ["batch", 2])],
        [helper.make_tensor_value_info("pressure", TensorProto.FLOAT, ["batch", 1])],
        [numpy_helper.from_array(v.astype("<f4"), name) for name, v in constants.items()],
        doc_string="Bridge voltage (mV) and temperature (°C) to pressure (bar).",
    )


def write_model(graph: onnx.GraphProto, calibration: np.ndarray, path: Path) -> None:
    """Activations int8 per tensor, weights int8 per row, biases int32; the line stays float32."""
    layers = [node.name for node in graph.node if node.op_type in ("Gemm", "Relu")]
    with tempfile.TemporaryDirectory() as folder:
        plain, quantised = Path(folder) / "float.onnx", Path(folder) / "quantised.onnx"
        write_graph(graph, PRODUCER, plain)
        # The quantiser advises to fold constants first; there are none to fold.
        logging.disable(logging.WARNING)
        quantize_static(
            plain,
            quantised,
            Calibration(calibration),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QInt8,
            weight_type=QuantType.QInt8,
            nodes_to_quantize=layers,
        )
        logging.disable(logging.NOTSET)
        write_graph(onnx.load(quantised).graph, PRODUCER, path)


def outputs(path: Path, readings: np.ndarray) -> np.ndarray:
    """Pressures in bar as onnxruntime computes them from the file, one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session.run(None, {"readings": readings.astype(np.float32)})[0][:, 0]
