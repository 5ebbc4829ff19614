#!/usr/bin/env python3
"""Compares Bartizan's outputs of a model on evaluation data with onnxruntime's, number by number.

Usage, from the root of the repository:

    python3.11 -m venv .venv-peers
    .venv-peers/bin/pip install -r benchmarks/peers/requirements.txt
    swift build -c release --product bartizan-benchmarks
    .venv-peers/bin/python benchmarks/peers/onnxruntime_agreement.py \\
        models/gauge-reader/model.onnx models/gauge-reader/eval.npz \\
        -- .build/release/bartizan-benchmarks outputs

Our outputs come from the command after `--`, which is run as

    COMMAND... MODEL.onnx EVAL.npz --output FILE

and writes FILE: either JSON, {"outputs": [["decimal text", ...], ...]} with one row a case, or (with
`--format npy`) a NumPy array [cases, ...]. Decimal text keeps every bit of a number whoever prints it.

Exit status: 0 every number agrees to the tolerance, 1 one does not (or is not finite, or the shapes
differ), 2 the comparison could not be made.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime


class CannotCompare(Exception):
    """A reason for exit status 2."""


def arguments() -> argparse.Namespace:
    own, command = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, command = own[:cut], own[cut + 1 :]
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0],
        usage="%(prog)s [options] MODEL.onnx EVAL.npz -- COMMAND...",
        epilog="The command after -- writes our outputs; this file's first lines say how it is run.",
    )
    parser.add_argument("model", type=Path, metavar="MODEL.onnx")
    parser.add_argument("data", type=Path, metavar="EVAL.npz")
    parser.add_argument(
        "--array", default="images", help="array of the archive that is fed in (default: images)"
    )
    parser.add_argument("--format", choices=("json", "npy"), default="json")
    parser.add_argument(
        "--tolerance", type=float, default=1e-5, help="largest absolute difference (default: 1e-5)"
    )
    parser.add_argument(
        "--timeout", type=float, default=600, help="seconds the command may take (default: 600)"
    )
    result = parser.parse_args(own)
    if not command:
        parser.error("the command that writes our outputs is missing; give it after --")
    if not result.tolerance >= 0:
        parser.error("the tolerance must not be negative")
    result.command = command
    return result


def cases(path: Path, name: str) -> np.ndarray:
    try:
        with np.load(path, allow_pickle=False) as archive:
            if name not in archive.files:
                held = ", ".join(archive.files)
                raise CannotCompare(f"{path} has no array {name!r}; it has: {held}")
            return archive[name]
    except (OSError, ValueError) as error:
        raise CannotCompare(f"{path} cannot be read: {error}") from error


def peer_outputs(model: Path, data: np.ndarray) -> np.ndarray:
    """The first output of the model with onnxruntime's own defaults but one thread, case after case."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        inputs = session.get_inputs()
        if len(inputs) != 1:
            raise CannotCompare(f"the model has {len(inputs)} inputs; one is what this script feeds")
        return session.run([session.get_outputs()[0].name], {inputs[0].name: data})[0]
    except CannotCompare:
        raise
    except Exception as error:  # onnxruntime's exceptions share no base class of their own.
        raise CannotCompare(f"onnxruntime cannot run {model}: {error}") from error


def our_outputs(settings: argparse.Namespace) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"outputs.{settings.format}"
        command = [*settings.command, str(settings.model), str(settings.data), "--output", str(file)]
        try:
            subprocess.run(command, check=True, timeout=settings.timeout)
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotCompare(f"the command failed: {error}") from error
        if not file.is_file():
            raise CannotCompare(f"the command wrote no {file.name}")
        try:
            if settings.format == "npy":
                return np.load(file, allow_pickle=False).astype(np.float64)
            rows = json.loads(file.read_text("utf-8"))["outputs"]
            return np.array([[float(number) for number in row] for row in rows])
        except (ValueError, KeyError, TypeError) as error:
            raise CannotCompare(f"the command's {file.name} is not as agreed: {error}") from error


def compare(ours: np.ndarray, theirs: np.ndarray, tolerance: float) -> bool:
    theirs = theirs.reshape(len(theirs), -1).astype(np.float64)
    ours = ours.reshape(len(ours), -1)
    if ours.shape != theirs.shape:
        print(f"DISAGREE: our outputs have shape {ours.shape}, onnxruntime's {theirs.shape}")
        return False
    if ours.size == 0:
        raise CannotCompare("there is nothing to compare: no cases")
    if not (np.isfinite(ours).all() and np.isfinite(theirs).all()):
        print("DISAGREE: not every output is finite")
        return False
    difference = np.abs(ours - theirs)
    worst = np.unravel_index(difference.argmax(), difference.shape)
    beyond = int((difference > tolerance).sum())
    same_choice = int((ours.argmax(axis=1) == theirs.argmax(axis=1)).sum())
    print(f"compared            {ours.size} numbers in {len(ours)} cases")
    print(f"largest difference  {difference[worst]:.3e} (case {worst[0]}, output {worst[1]}:")
    print(f"                    ours {float(ours[worst])}, onnxruntime {float(theirs[worst])})")
    print(f"beyond {tolerance:.0e}        {beyond}")
    print(f"same largest output {same_choice} of {len(ours)} cases")
    print("AGREE" if beyond == 0 else "DISAGREE")
    return beyond == 0


def main() -> int:
    settings = arguments()
    print(f"onnxruntime {onnxruntime.__version__}, {settings.model}, {settings.data}")
    try:
        theirs = peer_outputs(settings.model, cases(settings.data, settings.array))
        return 0 if compare(our_outputs(settings), theirs, settings.tolerance) else 1
    except CannotCompare as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
