#!/usr/bin/env python3
"""Compares the outputs of `bartizan model run --fill reference` with onnxruntime's, model by model.

Usage, from the root of the repository:

    .venv-peers/bin/python benchmarks/peers/onnxruntime_models_agreement.py MODEL.onnx... \\
        -- .build/release/bartizan

The reference fill gives element i of an input the value ((37 i) mod 101 - 50)/50 if it is real, (37 i) mod 10
if it is an integer, and i mod 2 if it is a truth value; lengths that are not fixed are 1. onnxruntime runs
without graph optimisations and with one thread, so that it computes what the file says.

Exit status: 0 every output agrees to the tolerance, 1 one does not or only one side runs the model, 2 the
comparison could not be made.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime

TYPES = {
    "tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16,
    "tensor(int64)": np.int64, "tensor(int32)": np.int32, "tensor(int16)": np.int16,
    "tensor(int8)": np.int8, "tensor(uint8)": np.uint8, "tensor(uint16)": np.uint16,
    "tensor(uint32)": np.uint32, "tensor(uint64)": np.uint64, "tensor(bool)": np.bool_,
}


def fill(shape: list[int], dtype: type) -> np.ndarray:
    index = np.arange(int(np.prod(shape, dtype=np.int64)))
    if dtype is np.bool_:
        values = index % 2
    elif np.issubdtype(dtype, np.integer):
        values = index * 37 % 10
    else:
        values = (index * 37 % 101 - 50) / 50
    return values.astype(dtype).reshape(shape)


def theirs(model: Path) -> dict[str, object]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    inputs = {}
    for item in session.get_inputs():
        shape = [length if isinstance(length, int) else 1 for length in item.shape]
        inputs[item.name] = fill(shape, TYPES[item.type])
    names = [item.name for item in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs)))


def ours(command: list[str], model: Path) -> dict[str, dict]:
    run = subprocess.run(
        [*command, "model", "run", str(model), "--fill", "reference", "--json"],
        capture_output=True, text=True, timeout=600, check=False,
    )
    if run.returncode != 0:
        raise RuntimeError(run.stderr.strip())
    return {item["name"]: item for item in json.loads(run.stdout)["outputs"]}


def difference(own: dict, their: object, tolerance: float) -> str | None:
    """What is different, or None."""
    if isinstance(their, list):
        if len(own.get("elements", [])) != len(their):
            return "another number of elements"
        for mine, theirs_ in zip(own["elements"], their):
            if isinstance(theirs_, dict):
                values = list(theirs_.values())
                if not np.allclose(mine["values"], values, rtol=tolerance, atol=tolerance):
                    return f"{mine['values']} is not {values}"
        return None
    array = np.asarray(their)
    if own["shape"] != list(array.shape):
        return f"the shape {own['shape']} is not {list(array.shape)}"
    if array.dtype.kind in "OUS":
        return None if own["values"] == array.ravel().tolist() else "other strings"
    mine = np.array([float(value) for value in own["values"]])
    other = array.astype(np.float64).ravel()
    if array.dtype.kind in "iub":
        return None if np.array_equal(mine, other) else "other integers"
    scale = np.maximum(np.abs(other), np.abs(other).max(initial=0) * 1e-2)
    worst = np.max(np.abs(mine - other) / np.maximum(scale, 1e-30), initial=0)
    return None if worst <= tolerance else f"the worst relative difference is {worst:.2e}"


def main() -> int:
    own, command = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, command = own[:cut], own[cut + 1 :]
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL.onnx")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    settings = parser.parse_args(own)
    if not command:
        print("the command is missing; give it after --", file=sys.stderr)
        return 2
    print(f"onnxruntime {onnxruntime.__version__}")
    failures = 0
    for model in settings.models:
        try:
            expected = theirs(model)
        except Exception as error:  # onnxruntime's exceptions share no base class of their own.
            print(f"skipped   {model}: onnxruntime: {str(error).splitlines()[0]}")
            continue
        try:
            results = ours(command, model)
            found = {
                name: difference(results[name], value, settings.tolerance)
                for name, value in expected.items()
            }
        except (RuntimeError, KeyError, ValueError, OSError, subprocess.SubprocessError) as error:
            found = {"": str(error)}
        for name, reason in found.items():
            print(f"{'AGREE' if reason is None else 'DISAGREE':9} {model} {name} {reason or ''}")
            failures += reason is not None
    print(f"{failures} outputs disagree")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
