"""Writes the nets whose speed is compared: a dense one, a convolutional one and one of MobileNetV2's size.

Weights are seeded, so every run writes the same bytes. Usage: write_nets.py FOLDER
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


class Net:
    """A graph under construction; weights are drawn in the order they are asked for."""

    def __init__(self, seed, shape):
        self.random = np.random.default_rng(seed)
        self.shape = shape
        self.nodes = []
        self.initializers = []

    def weight(self, shape, scale):
        return self.constant((self.random.standard_normal(shape) * scale).astype(np.float32))

    def constant(self, values):
        name = f"c{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def node(self, operation, *inputs, **attributes):
        name = f"v{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(operation, list(inputs), [name], name=f"n{len(self.nodes)}", **attributes)
        )
        return name

    def dense(self, x, inputs, outputs):
        w = self.weight((outputs, inputs), (2 / inputs) ** 0.5)
        return self.node("Gemm", x, w, self.weight((outputs,), 0.1), transB=1)

    def convolution(self, x, inputs, outputs, kernel, stride=1, groups=1, bias=True):
        taps = inputs // groups * kernel * kernel
        operands = [x, self.weight((outputs, inputs // groups, kernel, kernel), (2 / taps) ** 0.5)]
        if bias:
            operands.append(self.weight((outputs,), 0.1))
        return self.node(
            "Conv", *operands, kernel_shape=[kernel] * 2, strides=[stride] * 2,
            pads=[kernel // 2] * 4, group=groups,
        )

    def normalization(self, x, channels):
        def positive(low, high):
            return self.constant(self.random.uniform(low, high, channels).astype(np.float32))

        return self.node(
            "BatchNormalization", x, positive(0.8, 1.2), self.weight((channels,), 0.1),
            self.weight((channels,), 0.1), positive(0.5, 1.5),
        )

    def save(self, output, width, path):
        self.nodes[-1].output[0] = "y"
        graph = helper.make_graph(
            self.nodes, path.stem,
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *self.shape])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", width])],
            self.initializers,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8,
            producer_name="bartizan benchmarks",
        )
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString(deterministic=True))


def dense(path):
    net = Net(1, [64])
    x = net.node("Relu", net.dense("x", 64, 128))
    x = net.node("Relu", net.dense(x, 128, 64))
    net.save(net.dense(x, 64, 10), 10, path)


def convolutional(path):
    net = Net(2, [1, 8, 8])
    x = net.node("Relu", net.convolution("x", 1, 16, 3))
    x = net.node("Relu", net.convolution(x, 16, 32, 3))
    x = net.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    x = net.node("Flatten", x)
    net.save(net.dense(x, 512, 10), 10, path)


def mobile(path):
    """The layers of MobileNetV2 1.0 at 224 × 224 (Sandler et al., CVPR 2018, table 2)."""
    net = Net(3, [3, 224, 224])
    bounds = (net.constant(np.float32(0)), net.constant(np.float32(6)))

    def layer(x, inputs, outputs, kernel, stride=1, groups=1, activates=True):
        x = net.convolution(x, inputs, outputs, kernel, stride, groups, bias=False)
        x = net.normalization(x, outputs)
        return net.node("Clip", x, *bounds) if activates else x

    x = layer("x", 3, 32, 3, 2)
    channels = 32
    table = [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
        (6, 320, 1, 1),
    ]
    for expansion, outputs, count, stride in table:
        for index in range(count):
            step = stride if index == 0 else 1
            wide = channels * expansion
            y = x if expansion == 1 else layer(x, channels, wide, 1)
            y = layer(y, wide, wide, 3, step, groups=wide)
            y = layer(y, wide, outputs, 1, activates=False)
            x = net.node("Add", x, y) if step == 1 and channels == outputs else y
            channels = outputs
    x = layer(x, channels, 1280, 1)
    x = net.node("GlobalAveragePool", x)
    x = net.node("Flatten", x)
    net.save(net.dense(x, 1280, 1000), 1000, path)


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    dense(folder / "dense.onnx")
    convolutional(folder / "convolutional.onnx")
    mobile(folder / "mobile.onnx")


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]))
