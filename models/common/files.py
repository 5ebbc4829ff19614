"""Models and arrays as files whose bytes depend on their contents alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnx

OPSET = 17
IR_VERSION = 8


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_model(
    graph: onnx.GraphProto, producer: str, path: Path, domains: dict[str, int] | None = None
) -> None:
    """Checks the graph and writes it; `domains` adds operator sets beside ONNX's own."""
    opsets = {"": OPSET} | (domains or {})
    model = onnx.helper.make_model(
        graph,
        opset_imports=[onnx.helper.make_opsetid(name, number) for name, number in opsets.items()],
        ir_version=IR_VERSION,
        producer_name=producer,
    )
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def write_arrays(path: Path, **arrays: np.ndarray) -> None:
    """`numpy.savez_compressed` dates every member 1980-01-01, so equal arrays give equal bytes."""
    stored = {"f": "<f4", "i": "<i8"}
    np.savez_compressed(
        path, **{name: value.astype(stored[value.dtype.kind]) for name, value in arrays.items()}
    )
