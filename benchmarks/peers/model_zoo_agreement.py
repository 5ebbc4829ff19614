#!/usr/bin/env python3
"""Compares the outputs of `bartizan model run` with onnxruntime's for every model of a zoo, on the inputs beside it.

Usage, from the root of the repository:

    .venv-peers/bin/python benchmarks/peers/model_zoo_agreement.py FOLDER -- .build/release/bartizan

FOLDER holds NAME.onnx and NAME.npz, as model_zoo.py writes them. Reals must agree to 1e-4 relative (of an element,
or of a hundredth of the largest; 2e-3 for float16), integers, truth values and strings exactly. onnxruntime runs
without graph optimisations and with one thread.

Exit status: 0 every output agrees, 1 one does not or we refuse a model that onnxruntime runs, 2 nothing was compared.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime

SPECIAL = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}


def theirs(model: Path, inputs: dict[str, np.ndarray]) -> dict[str, object]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    known = {item.name for item in session.get_inputs()}
    given = {name: value.astype(object) if value.dtype.kind == "U" else value for name, value in inputs.items() if name in known}
    names = [item.name for item in session.get_outputs()]
    return dict(zip(names, session.run(names, given)))


def ours(command: list[str], model: Path) -> dict[str, dict]:
    run = subprocess.run(
        [*command, "model", "run", str(model), "--inputs", str(model.with_suffix(".npz")), "--json"],
        capture_output=True, text=True, timeout=120, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"exit status {run.returncode}: {run.stderr.strip()}")
    return {item["name"]: item for item in json.loads(run.stdout)["outputs"]}


def values(own: dict) -> np.ndarray:
    return np.array([float(SPECIAL.get(value, value)) for value in own["values"]])


def difference(own: dict, their: object, tolerance: float) -> str | None:
    """What is different, or None."""
    if isinstance(their, list):
        if len(own.get("elements", [])) != len(their):
            return "another number of elements"
        return next((text for pair in zip(own["elements"], their) if (text := difference(*pair, tolerance))), None)
    if isinstance(their, dict):
        if own["keys"] != list(their.keys()):
            return f"the keys {own['keys']} are not {list(their.keys())}"
        their = np.array(list(their.values()))
        own = {"shape": list(their.shape), **own}
    array = np.asarray(their)
    if own["shape"] != list(array.shape):
        return f"the shape {own['shape']} is not {list(array.shape)}"
    if array.dtype.kind in "OUS":
        return None if own["values"] == array.ravel().tolist() else "other strings"
    mine, other = values(own), array.astype(np.float64).ravel()
    if array.dtype.kind in "iub":
        return None if np.array_equal(mine, other) else f"{np.sum(mine != other)} other integers of {mine.size}"
    if not np.array_equal(np.isfinite(mine), np.isfinite(other)) or not np.array_equal(mine[~np.isfinite(mine)], other[~np.isfinite(other)], equal_nan=True):
        return "NaN or infinity in other places"
    mine, other = mine[np.isfinite(other)], other[np.isfinite(other)]
    scale = np.maximum(np.abs(other), np.abs(other).max(initial=0) * 1e-2)
    worst = np.max(np.abs(mine - other) / np.maximum(scale, 1e-30), initial=0)
    if array.dtype == np.float16:
        tolerance = max(tolerance, 2e-3)
    return None if worst <= tolerance else f"the worst relative difference is {worst:.2e}"


def main() -> int:
    own, command = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, command = own[:cut], own[cut + 1 :]
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    settings = parser.parse_args(own)
    if not command:
        print("the command is missing; give it after --", file=sys.stderr)
        return 2
    agreed = failures = skipped = 0
    for model in sorted(settings.folder.glob("*.onnx")):
        with np.load(model.with_suffix(".npz")) as archive:
            inputs = dict(archive)
        try:
            expected = theirs(model, inputs)
        except Exception as error:  # onnxruntime's exceptions share no base class of their own.
            print(f"skipped   {model.stem}: onnxruntime: {str(error).splitlines()[0]}")
            skipped += 1
            continue
        try:
            results = ours(command, model)
            found = {name: difference(results[name], value, settings.tolerance) for name, value in expected.items()}
        except (RuntimeError, KeyError, ValueError, OSError, subprocess.SubprocessError) as error:
            found = {"": str(error)}
        reasons = [f"{name} {reason}" for name, reason in found.items() if reason is not None]
        for reason in reasons:
            print(f"DISAGREE  {model.stem} {reason}")
        agreed += not reasons
        failures += bool(reasons)
    print(f"zoo: {agreed} models agree with onnxruntime {onnxruntime.__version__}, {failures} do not, {skipped} onnxruntime does not run")
    return 1 if failures else 0 if agreed else 2


if __name__ == "__main__":
    sys.exit(main())
