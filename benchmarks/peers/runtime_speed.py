#!/usr/bin/env python3
"""Times our networks against onnxruntime (outputs) and PyTorch (input gradients), one thread each.

Usage, from the root of the repository, after `pip install -r benchmarks/peers/requirements-attacks.txt`:

    python benchmarks/peers/runtime_speed.py [--corpus FOLDER] -- .build/release/bartizan-benchmarks

Answers are compared first (1e-4 of the largest one); then both sides run by turns, and the ratio of the least
times and the median of the rounds' ratios are printed. What is timed is the whole call as its user makes it:
`session.run`, autograd in PyTorch, a runner's `forward` and `gradient` in Swift.

Exit status: 0 every answer agrees, 1 one does not, 2 a program cannot be run. Goals that are missed are printed, and
are no failure: a shared machine has slow hours.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402
from onnx import numpy_helper  # noqa: E402

import write_nets  # noqa: E402

ROUNDS = 7
TOLERANCE = 1e-4


def fill(shape, kind=np.float32):
    count = np.arange(int(np.prod(shape)), dtype=np.int64)
    if np.issubdtype(kind, np.integer):
        return (count * 37 % 10).astype(kind).reshape(shape)
    return ((count * 37 % 101 - 50) / 50).astype(kind).reshape(shape)


def ours(command, arguments, runs, dump=None):
    """The least and the median µs of a call."""
    extra = ["--dump", dump] if dump else []
    text = subprocess.run(
        [*command, *arguments, "--runs", str(runs), *extra],
        check=True, capture_output=True, text=True, timeout=600,
    ).stdout
    found = re.search(r"minimum ([0-9.]+) µs, median ([0-9.]+) µs", text)
    return float(found[1]), float(found[2])


def theirs(call, runs):
    for _ in range(3):
        call()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e6)
    return min(times), statistics.median(times)


def agrees(label, command, arguments, expected):
    with tempfile.TemporaryDirectory() as folder:
        dump = str(Path(folder) / "answers.json")
        ours(command, arguments, 1, dump)
        rows = json.loads(Path(dump).read_text())["outputs"]
    got = np.concatenate([np.array(row, dtype=np.float64) for row in rows])
    want = np.concatenate([np.asarray(part, dtype=np.float64).ravel() for part in expected])
    worst = np.abs(got - want).max() / max(np.abs(want).max(), 1e-30) if got.shape == want.shape else np.inf
    if not worst <= TOLERANCE:
        print(f"{label}: the answers differ by {worst:.1e} of the largest")
        return False
    return True


def compare(label, command, arguments, call, peer, goal):
    probe = theirs(call, 3)[0]
    runs = int(min(2000, max(5, 2e5 / probe)))
    own, other, ratios = [], [], []
    for _ in range(ROUNDS):
        a, b = ours(command, arguments, runs), theirs(call, runs)
        own.append(a[0])
        other.append(b[0])
        ratios.append(b[1] / a[1])
    least = min(other) / min(own)
    print(
        f"{label}: {min(own):.1f} µs, {peer} {min(other):.1f} µs: {least:.2f} × by least times, "
        f"{statistics.median(ratios):.2f} × by medians (goal {goal} ×)"
        + ("" if max(least, statistics.median(ratios)) >= goal else ": MISSED")
    )


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def torch_net(path):
    """The net's layers as a PyTorch user would write them, with the file's weights."""
    graph = onnx.load(path).graph
    values = {t.name: torch.tensor(numpy_helper.to_array(t)) for t in graph.initializer}
    layers = []
    for node in graph.node:
        if node.op_type == "Gemm":
            w, b = (values[name] for name in node.input[1:])
            layer = torch.nn.Linear(w.shape[1], w.shape[0])
        elif node.op_type == "Conv":
            w, b = (values[name] for name in node.input[1:])
            layer = torch.nn.Conv2d(w.shape[1], w.shape[0], 3, padding=1)
        else:
            layers.append(
                {"Relu": torch.nn.ReLU, "Flatten": torch.nn.Flatten}[node.op_type]()
                if node.op_type != "MaxPool" else torch.nn.MaxPool2d(2)
            )
            continue
        with torch.no_grad():
            layer.weight.copy_(w)
            layer.bias.copy_(b)
        layers.append(layer)
    return torch.nn.Sequential(*layers)


def small_nets(command, folder):
    passed = True
    for name, sample in (("dense", [64]), ("convolutional", [1, 8, 8])):
        path = folder / f"{name}.onnx"
        runner, net = session(path), torch_net(path)
        for batch in (1, 64, 500):
            x = fill([batch, *sample])
            label = f"{name}, batch {batch}"
            forward = ["forward", str(path), "--batch", str(batch)]
            backward = ["gradient", str(path), "--batch", str(batch)]

            def gradient():
                point = torch.from_numpy(x).requires_grad_(True)
                net(point).sum().backward()
                return point.grad

            if not agrees(f"{label}, outputs", command, forward, runner.run(None, {"x": x})):
                passed = False
                continue
            if not agrees(f"{label}, gradients", command, backward, [gradient().numpy()]):
                passed = False
                continue
            compare(
                f"{label}, outputs", command, forward, lambda: runner.run(None, {"x": x}),
                "onnxruntime", 2 if batch == 1 else 0.9,
            )
            compare(
                f"{label}, gradients", command, backward, gradient, "PyTorch", 20 if batch == 1 else 2
            )
    return passed


def large_models(command, folder, corpus):
    models = [("mobile", folder / "mobile.onnx", {"x": [1, 3, 224, 224]}, [])]
    if corpus:
        models += [
            ("magika", corpus / "magika/standard_v3_3__model.onnx", {"bytes": [1, 2048]}, ["--evaluate"]),
            (
                "silero", corpus / "silero_vad/silero_vad_16k_op15.onnx",
                {"input": [1, 576], "state": [2, 1, 128], "sr": []}, ["--evaluate"],
            ),
        ]
    passed = True
    for name, path, shapes, extra in models:
        if not path.exists():
            print(f"{name}: not there")
            continue
        runner = session(path)
        kinds = {"tensor(float)": np.float32, "tensor(int32)": np.int32, "tensor(int64)": np.int64}
        feed = {i.name: fill(shapes[i.name], kinds[i.type]) for i in runner.get_inputs()}
        arguments = ["forward", str(path), *extra]
        if extra:
            for key, shape in shapes.items():
                if shape:
                    arguments += ["--shape", f"{key}={','.join(map(str, shape))}"]
        if not agrees(name, command, arguments, runner.run(None, feed)):
            passed = False
            continue
        compare(name, command, arguments, lambda: runner.run(None, feed), "onnxruntime", 0.6)
    return passed


def main():
    own = sys.argv[1:]
    cut = own.index("--") if "--" in own else len(own)
    own, command = own[:cut], own[cut + 1 :]
    if not command:
        print("the command that runs our side is missing; give it after --", file=sys.stderr)
        return 2
    corpus = Path(own[own.index("--corpus") + 1]) if "--corpus" in own else None
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        nets = Path(folder)
        write_nets.write(nets)
        passed = small_nets(command, nets)
        passed = large_models(command, nets, corpus) and passed
    return 0 if passed else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
