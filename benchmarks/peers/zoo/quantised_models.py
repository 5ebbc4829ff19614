"""Quantised networks as onnxruntime's quantiser writes them: static and dynamic, both formats, several integer types."""

from __future__ import annotations

import io
import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import quantization
from onnxruntime.quantization import QuantFormat, QuantType

from zoo.registry import Family, Made, numbers

FAMILY = Family("quantised")
MODELS = FAMILY.models


def convolutional(random: np.random.Generator) -> onnx.ModelProto:
    """Two convolutions, a residual sum, pooling and a dense layer on [N, 2, 8, 8]."""
    def constant(name, *shape, scale=0.4):
        return numpy_helper.from_array(random.normal(scale=scale, size=shape).astype(np.float32), name)

    nodes = [
        helper.make_node("Conv", ["x", "w1", "b1"], ["c1"], "conv1", pads=[1] * 4),
        helper.make_node("Relu", ["c1"], ["r1"], "relu1"),
        helper.make_node("Conv", ["r1", "w2", "b2"], ["c2"], "conv2", pads=[1] * 4, group=4),
        helper.make_node("Add", ["c2", "r1"], ["s"], "add"),
        helper.make_node("Relu", ["s"], ["r2"], "relu2"),
        helper.make_node("MaxPool", ["r2"], ["p"], "pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("GlobalAveragePool", ["p"], ["g"], "mean"),
        helper.make_node("Flatten", ["g"], ["f"], "flatten"),
        helper.make_node("MatMul", ["f", "w3"], ["m"], "product"),
        helper.make_node("Add", ["m", "b3"], ["z"], "bias"),
        helper.make_node("Sigmoid", ["z"], ["y"], "sigmoid"),
    ]
    graph = helper.make_graph(
        nodes, "convolutional", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 2, 8, 8])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 5])],
        [constant("w1", 8, 2, 3, 3), constant("b1", 8), constant("w2", 8, 2, 3, 3), constant("b2", 8), constant("w3", 8, 5), constant("b3", 5)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


class Calibration(quantization.CalibrationDataReader):
    def __init__(self, random: np.random.Generator, shape: tuple[int, ...]) -> None:
        self.batches = iter([{"x": random.normal(size=shape).astype(np.float32)} for _ in range(8)])

    def get_next(self):
        return next(self.batches, None)


def quantised(name: str, **settings) -> Made:
    logging.disable(logging.WARNING)
    random = numbers(name)
    model = convolutional(random)
    dynamic = settings.pop("dynamic", False)
    opset = settings.pop("opset", None)
    if opset is not None:
        model = onnx.version_converter.convert_version(model, opset)
        model.ir_version = 10
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "float.onnx", Path(folder) / "integer.onnx"
        onnx.save(model, source)
        if dynamic:
            quantization.quantize_dynamic(source, target, **settings)
        else:
            quantization.quantize_static(source, target, Calibration(random, (2, 2, 8, 8)), **settings)
        result = onnx.load(target)
    return result, {"x": random.normal(size=(2, 2, 8, 8)).astype(np.float32)}


def add(name: str, **settings) -> None:
    FAMILY.add(name, lambda: quantised(name, **dict(settings)))


add("qdq_int8", quant_format=QuantFormat.QDQ, activation_type=QuantType.QInt8, weight_type=QuantType.QInt8)
add("qdq_uint8_per_channel", quant_format=QuantFormat.QDQ, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, per_channel=True, opset=17)
add("qdq_uint16_activations", quant_format=QuantFormat.QDQ, activation_type=QuantType.QUInt16, weight_type=QuantType.QInt8, opset=21)
add("qdq_int16_activations", quant_format=QuantFormat.QDQ, activation_type=QuantType.QInt16, weight_type=QuantType.QUInt8, opset=21)
add("qdq_int4_weights", quant_format=QuantFormat.QDQ, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt4, opset=21)
add("qlinear_uint8", quant_format=QuantFormat.QOperator, activation_type=QuantType.QUInt8, weight_type=QuantType.QUInt8)
add("qlinear_int8_per_channel", quant_format=QuantFormat.QOperator, activation_type=QuantType.QInt8, weight_type=QuantType.QInt8, per_channel=True)
add("dynamic_uint8", dynamic=True, weight_type=QuantType.QUInt8)
add("dynamic_int8_per_channel", dynamic=True, weight_type=QuantType.QInt8, per_channel=True)


def exact(name: str, nodes: list, inputs: dict, outputs: list[tuple[str, int]], constants: dict, opset: int = 21) -> Made:
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape) for key, value in inputs.items()],
        [helper.make_tensor_value_info(key, kind, None) for key, kind in outputs],
        [numpy_helper.from_array(value, key) for key, value in constants.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10), inputs


@FAMILY.model
def blocked_quantisation() -> Made:
    random = numbers("blocked")
    scale = random.uniform(0.01, 0.05, (4, 2)).astype(np.float32)
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["q"], axis=1, block_size=3),
        helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["y"], axis=1, block_size=3),
    ]
    zero = random.integers(100, 150, (4, 2)).astype(np.uint8)
    return exact("blocked", nodes, {"x": random.normal(size=(4, 6)).astype(np.float32)},
                 [("q", TensorProto.UINT8), ("y", TensorProto.FLOAT)], {"scale": scale, "zero": zero})


@FAMILY.model
def integer_convolution() -> Made:
    random = numbers("integer convolution")
    nodes = [
        helper.make_node("ConvInteger", ["x", "w", "xz", "wz"], ["y"], pads=[1, 0, 0, 1], strides=[2, 1], dilations=[1, 2]),
        helper.make_node("MatMulInteger", ["a", "b", "az", "bz"], ["z"]),
    ]
    constants = {
        "w": random.integers(0, 256, (3, 2, 2, 2)).astype(np.uint8), "xz": np.array(7, np.uint8), "wz": np.array(130, np.uint8),
        "b": random.integers(-128, 128, (5, 3)).astype(np.int8), "az": np.array(128, np.uint8), "bz": np.array([0, 0, 0], np.int8),
    }
    inputs = {"x": random.integers(0, 256, (2, 2, 5, 6)).astype(np.uint8), "a": random.integers(0, 256, (4, 5)).astype(np.uint8)}
    return exact("integers", nodes, inputs, [("y", TensorProto.INT32), ("z", TensorProto.INT32)], constants)
