#!/usr/bin/env python3
"""Trains the nets that attacks are compared on, and writes them as ONNX with their evaluation data.

Usage, from the root of the repository:

    .venv-attacks/bin/python benchmarks/peers/attack_models.py [.build-peers/attacks]

The data are scikit-learn's 8 by 8 digits, scaled to [0, 1]; 1,257 train and 540 evaluate (a stratified split
with a fixed seed). The nets are the two of the runtime benchmark, an MLP 64-128-64-10 and a CNN with two
3 by 3 convolutions, each trained plainly and once more on L-infinity adversarial examples (PGD, 7 steps,
0.1), so that robust accuracy is not simply nought. One thread and fixed seeds.

Writes NAME.onnx and NAME.pt (the weights, for the peers) for each net, and digits.npz with `images`
([n, 1, 8, 8]), `flat` ([n, 64]) and `labels`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

EPOCHS = 60
ADVERSARIAL_EPSILON = 0.1


def mlp() -> torch.nn.Sequential:
    return torch.nn.Sequential(
        torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 64), torch.nn.ReLU(),
        torch.nn.Linear(64, 10))


def cnn() -> torch.nn.Sequential:
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(),
        torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(512, 10))


NETS = {"mlp": (mlp, False), "mlp-robust": (mlp, True), "cnn": (cnn, False), "cnn-robust": (cnn, True)}


def adversarial(net: torch.nn.Module, inputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    step = ADVERSARIAL_EPSILON / 4
    points = (inputs + (2 * torch.rand_like(inputs) - 1) * ADVERSARIAL_EPSILON).clamp(0, 1)
    for _ in range(7):
        points.requires_grad_(True)
        loss = torch.nn.functional.cross_entropy(net(points), labels)
        (slope,) = torch.autograd.grad(loss, points)
        with torch.no_grad():
            points = points + step * slope.sign()
            points = torch.minimum(
                torch.maximum(points, inputs - ADVERSARIAL_EPSILON), inputs + ADVERSARIAL_EPSILON)
            points = points.clamp(0, 1)
    return points.detach()


def train(net: torch.nn.Module, inputs: torch.Tensor, labels: torch.Tensor, hardened: bool) -> None:
    optimiser = torch.optim.Adam(net.parameters(), lr=2e-3)
    for _ in range(EPOCHS):
        order = torch.randperm(len(inputs))
        for start in range(0, len(inputs), 64):
            rows = order[start:start + 64]
            batch = inputs[rows]
            if hardened:
                batch = adversarial(net, batch, labels[rows])
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(net(batch), labels[rows]).backward()
            optimiser.step()


def as_onnx(net: torch.nn.Sequential, shape: list[int]) -> onnx.ModelProto:
    nodes, weights, current = [], [], "input"
    for index, layer in enumerate(net):
        output = f"v{index}"
        names = [f"w{index}", f"b{index}"]
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            for name, value in zip(names, (layer.weight, layer.bias)):
                weights.append(numpy_helper.from_array(value.detach().numpy(), name))
        if isinstance(layer, torch.nn.Linear):
            nodes.append(helper.make_node("Gemm", [current, *names], [output], transB=1))
        elif isinstance(layer, torch.nn.Conv2d):
            nodes.append(helper.make_node(
                "Conv", [current, *names], [output], kernel_shape=[3, 3], pads=[1, 1, 1, 1]))
        elif isinstance(layer, torch.nn.MaxPool2d):
            nodes.append(helper.make_node(
                "MaxPool", [current], [output], kernel_shape=[2, 2], strides=[2, 2]))
        elif isinstance(layer, torch.nn.Flatten):
            nodes.append(helper.make_node("Flatten", [current], [output]))
        else:
            nodes.append(helper.make_node("Relu", [current], [output]))
        current = output
    graph = helper.make_graph(
        nodes, "net", [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", *shape])],
        [helper.make_tensor_value_info(current, TensorProto.FLOAT, ["n", 10])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".build-peers/attacks")
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    digits = load_digits()
    images = (digits.images / 16).astype(np.float32)
    train_images, test_images, train_labels, test_labels = train_test_split(
        images, digits.target.astype(np.int64), test_size=540, random_state=7, stratify=digits.target)
    np.savez(
        folder / "digits.npz", images=test_images[:, None], flat=test_images.reshape(len(test_images), 64),
        labels=test_labels)
    for name, (make, hardened) in NETS.items():
        torch.manual_seed(2026)
        net = make()
        is_flat = make is mlp
        shape = [64] if is_flat else [1, 8, 8]
        inputs = torch.tensor(train_images).reshape(-1, *shape)
        train(net, inputs, torch.tensor(train_labels), hardened)
        net.eval()
        with torch.no_grad():
            clean = net(torch.tensor(test_images).reshape(-1, *shape)).argmax(1).numpy()
        print(f"{name}: {np.mean(clean == test_labels):.4f} of the evaluation data right")
        torch.save(net.state_dict(), folder / f"{name}.pt")
        onnx.save(as_onnx(net, shape), folder / f"{name}.onnx")


if __name__ == "__main__":
    main()
