"""Compares linear bounds (CROWN) with auto_LiRPA, bound by bound, then the time of one call on one thread.

    auto_lirpa_agreement.py ACASXU.onnx -- COMMAND bounds

The networks are an ACAS Xu network over a box of property 3, and a convolutional network on 1x8x8 with seeded weights
(two convolutions and a dense layer; without pooling, whose relaxations the two programs choose differently).
"""
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.onnx.symbolic_helper
from onnx import TensorProto, helper, numpy_helper

# auto_LiRPA calls a function that PyTorch has since removed; it sets what is the default here.
if not hasattr(torch.onnx.symbolic_helper, "_set_opset_version"):
    torch.onnx.symbolic_helper._set_opset_version = lambda version: None

from auto_LiRPA import BoundedModule, BoundedTensor  # noqa: E402
from auto_LiRPA.perturbations import PerturbationLpNorm  # noqa: E402

ROUNDS = 5


def acas(path):
    weights = {item.name: numpy_helper.to_array(item) for item in onnx.load(path).graph.initializer}
    assert not weights["input_AvgImg"].any(), "the network's input is not shifted"
    names = [f"Operation_{layer}" for layer in range(1, 7)] + ["linear_7"]
    layers = [torch.nn.Flatten()]
    for name in names:
        weight, bias = weights[f"{name}_MatMul_W"], weights[f"{name}_Add_B"]
        layer = torch.nn.Linear(*weight.shape)
        layer.weight.data = torch.tensor(weight.T.copy())
        layer.bias.data = torch.tensor(bias.reshape(-1).copy())
        layers += [layer, torch.nn.ReLU()]
    low = np.array([-0.303531156, -0.009549297, 0.493380324, 0.3, 0.3], np.float32)
    high = np.array([-0.298552812, 0.009549297, 0.5, 0.5, 0.5], np.float32)
    return torch.nn.Sequential(*layers[:-1]), low.reshape(1, 1, 1, 5), high.reshape(1, 1, 1, 5)


def convolutional(path):
    random = np.random.default_rng(7)

    def values(*shape):
        bound = 1 / np.sqrt(np.prod(shape[1:]))
        return random.uniform(-bound, bound, shape).astype(np.float32)

    w1, b1 = values(16, 1, 3, 3), values(16, 1).reshape(-1)
    w2, b2 = values(32, 16, 3, 3), values(32, 1).reshape(-1)
    w3, b3 = values(10, 2048), values(10, 1).reshape(-1)
    nodes = [
        helper.make_node("Conv", ["x", "w1", "b1"], ["c1"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("Conv", ["r1", "w2", "b2"], ["c2"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("Flatten", ["r2"], ["f"]),
        helper.make_node("Gemm", ["f", "w3", "b3"], ["y"], transB=1),
    ]
    graph = helper.make_graph(
        nodes, "cnn", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 8, 8])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 10])],
        [numpy_helper.from_array(a, n) for n, a in
         {"w1": w1, "b1": b1, "w2": w2, "b2": b2, "w3": w3, "b3": b3}.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, path)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(),
        torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.Flatten(),
        torch.nn.Linear(2048, 10))
    for layer, weight, bias in ((net[0], w1, b1), (net[2], w2, b2), (net[5], w3, b3)):
        layer.weight.data, layer.bias.data = torch.tensor(weight), torch.tensor(bias)
    centre = random.uniform(0, 1, (1, 1, 8, 8)).astype(np.float32)
    return net, centre - np.float32(0.02), centre + np.float32(0.02)


def peer(net, low, high):
    net = net.double()
    low, high = torch.tensor(low).double(), torch.tensor(high).double()
    centre = (low + high) / 2
    bounded = BoundedModule(net, centre)
    norm = PerturbationLpNorm(norm=np.inf, x_L=low, x_U=high)

    def call():
        start = time.perf_counter()
        with torch.no_grad():
            lower, upper = bounded.compute_bounds(x=(BoundedTensor(centre, norm),), method="backward")
        return time.perf_counter() - start, lower.numpy().ravel(), upper.numpy().ravel()

    return call


def main():
    split = sys.argv.index("--")
    command = sys.argv[split + 1:]
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        cnn = str(Path(folder) / "cnn.onnx")
        for name, path, (net, low, high) in (
            ("ACAS Xu", sys.argv[1], acas(sys.argv[1])), ("CNN", cnn, convolutional(cnn)),
        ):
            box = str(Path(folder) / "box.npz")
            np.savez(box, lower=low, upper=high)
            theirs_call = peer(net, low, high)
            theirs_call()
            ours_best = theirs_best = float("inf")
            for _ in range(ROUNDS):  # in turn, so that a busy machine slows both
                for _ in range(5):
                    seconds, lower, upper = theirs_call()
                    theirs_best = min(theirs_best, seconds)
                ours = json.loads(subprocess.run(
                    [*command, path, box], check=True, capture_output=True, text=True).stdout)
                ours_best = min(ours_best, ours["seconds"])
            scale = np.maximum(np.abs(lower), np.abs(upper))
            gap = max(np.max(np.abs(lower - ours["lower"]) / scale),
                      np.max(np.abs(upper - ours["upper"]) / scale))
            if gap > 1e-4:
                sys.exit(f"{name}: bounds differ by {gap:.2e}")
            print(f"{name}: bounds agree to {gap:.1e}; auto_LiRPA {theirs_best * 1e3:.2f} ms, "
                  f"ours {ours_best * 1e3:.3f} ms, {theirs_best / ours_best:.1f} times")


main()
