"""The trained weights as an ONNX file, and what an attack generator needs to know of the grid."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from common.files import write_arrays
from common.files import write_model as write_graph
from common.optimiser import Parameters
from grid import MEASUREMENTS, STATES, Grid


def write_model(weight: np.ndarray, bias: np.ndarray, parameters: Parameters, path: Path) -> None:
    """Physical units in, logits out: the fixed map to features is the first layer."""
    constants = {"features.weight": weight, "features.bias": bias} | parameters
    layers = len(parameters) // 2

    def linear(name: str, source: str, target: str):
        return helper.make_node(
            "Gemm", [source, f"{name}.weight", f"{name}.bias"], [target], name=name, transB=1
        )

    nodes = [linear("features", "readings", "features")]
    source = "features"
    for number in range(1, layers):
        nodes.append(linear(f"layer{number}", source, f"sum{number}"))
        nodes.append(
            helper.make_node("Relu", [f"sum{number}"], [f"hidden{number}"], name=f"relu{number}")
        )
        source = f"hidden{number}"
    nodes.append(linear(f"layer{layers}", source, "class_logits"))
    graph = helper.make_graph(
        nodes,
        "grid-guard",
        [helper.make_tensor_value_info("readings", TensorProto.FLOAT, ["batch", MEASUREMENTS])],
        [helper.make_tensor_value_info("class_logits", TensorProto.FLOAT, ["batch", 2])],
        [numpy_helper.from_array(v.astype("<f4"), name) for name, v in constants.items()],
        doc_string="82 readings of the IEEE 14-bus grid (p.u., MW, Mvar) to logits normal, injected.",
    )
    write_graph(graph, "bartizan grid-guard train.py", path)


def write_grid(grid: Grid, chi_square_limit: float, linear_limit: float, path: Path) -> None:
    """`jacobian` is H at the base case; rows of `balances` are orthonormal and give 0 with H.

    Both limits are on the sum of squared residuals over sigma: that of the estimation, and that of one
    linearised at the base case, which needs nothing but this file.
    """
    channels = grid.channels
    left = np.linalg.svd(grid.jacobian)[0][:, STATES:].T
    write_arrays(
        path,
        jacobian=grid.jacobian,
        base_state=grid.origin,
        base_readings=grid.base,
        balances=left,
        sigma=channels.sigma,
        least_significant_bit=channels.least_significant_bit,
        range=channels.range,
        bus=channels.bus + 1,
        chi_square_limit=np.array(chi_square_limit),
        linear_limit=np.array(linear_limit),
    )


def write_channels(grid: Grid, path: Path) -> None:
    channels = grid.channels
    rows = [
        {
            "channel": number,
            "name": name,
            "unit": channels.units[number],
            "station": int(channels.bus[number]) + 1,
            "range": channels.range[number].tolist(),
            "leastSignificantBit": float(channels.least_significant_bit[number]),
            "noise": round(float(channels.sigma[number]), 6),
        }
        for number, name in enumerate(channels.names)
    ]
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", "utf-8")
