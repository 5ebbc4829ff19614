"""The grid guard's ML-BOM: what it is for, what it was simulated from, which injections it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from attacks import KINDS, SIZES, Snapshots
from common import bom
from grid import Grid

MODEL, TRAINING, EVALUATION, SOURCE, EQUATIONS, CHANNELS = (
    "model:grid-guard", "data:grid-guard-training", "data:grid-guard-evaluation", "data:case14",
    "data:grid-guard-equations", "data:grid-guard-channels",
)  # fmt: skip
LIBRARIES = ("numpy", "onnx", "pandapower", "pandas", "protobuf", "scipy")
ARCHIVE = "https://labs.ece.uw.edu/pstca/"


@dataclass
class Run:
    """What one training run knows about itself."""

    hyperparameters: dict
    parameter_count: int
    fixed_count: int
    model_digest: str
    evaluation_digest: str
    grid_digest: str
    channels_digest: str
    case_digest: str
    training_digest: str
    grid: Grid
    evaluation: Snapshots
    predicted: np.ndarray
    by_chi_square: np.ndarray


def write(path: Path, run: Run) -> None:
    bom.write(
        path,
        bom.document(
            model_component(run),
            LIBRARIES,
            data_components(run),
            {
                MODEL: [TRAINING],
                TRAINING: [SOURCE],
                EVALUATION: [SOURCE],
                EQUATIONS: [SOURCE],
                CHANNELS: [SOURCE],
                SOURCE: [],
            },
        ),
    )


def parts(evaluation: Snapshots) -> Iterator[tuple[str, np.ndarray]]:
    """The rows of each kind of snapshot, and of each size of the stealthy ones."""
    for kind, name in enumerate(KINDS):
        rows = evaluation.kind == kind
        yield name, rows
        if (evaluation.size[rows] >= 0).any():
            for size, label in enumerate(SIZES):
                yield f"{name}, {label}", rows & (evaluation.size == size)


def model_component(run: Run) -> dict:
    settings = run.hyperparameters | {
        "parameters": run.parameter_count,
        "constants_of_the_fixed_map": run.fixed_count,
    }
    return bom.model(
        "grid-guard",
        "Says whether a snapshot of a transmission grid's readings can come from the grid or was "
        "changed on the way, also where the change fits the state estimation.",
        run.model_digest,
        {
            "modelParameters": bom.parameters(
                "binary classification",
                "multilayer perceptron",
                "fixed affine map to standardised readings and linear residuals, linear 64, relu, "
                "linear 32, relu, linear 2",
                [TRAINING, EVALUATION],
                "readings: float32 [N,82], voltages in p.u., powers in MW and Mvar; channels.json "
                "names each",
                ["class_logits: float32 [N,2], one logit each for normal, injected"],
            ),
            "quantitativeAnalysis": {"performanceMetrics": metrics(run)},
            "considerations": considerations(),
        },
        bom.properties(
            "by random stream: snapshots of the two parts are drawn independently; see train.py",
            settings,
            channels(),
            {
                "balance": "55 rows of `balances` in grid.npz give 0 with any a = H c; on true "
                "snapshots they hold near the base case only, as the equations are not linear",
                "attack-data": "grid.npz: jacobian (H at the base case) [82,27], base_state [27], "
                "base_readings [82], balances [55,82], sigma [82], least_significant_bit [82], range "
                "[82,2], bus [82], chi_square_limit, linear_limit (the 95 % quantile of true snapshots, for an "
                "estimation linearised at the base case); channels.json says the same by name",
            },
        ),
    )


def channels() -> tuple[bom.Channel, ...]:
    power = "0.5 % of the nominal reading and 0.3 {}, standard deviation; by channel in grid.npz"
    slew = "none: snapshots are independent"
    station = "the station of channels.json: its wires, its remote terminal unit; or who owns the "
    who = station + "control centre's front end: all"

    def group(index: str, name: str, unit: str, limits: str, step: str, noise: str) -> bom.Channel:
        return bom.Channel(index, name, unit, limits, step, noise.format(unit), slew, who)

    return (
        group("0...13", "voltage of buses 1...14", "p.u.", "0.8...1.2", "0.0001", "0.002 {}"),
        group("14...27", "active power into buses 1...14", "MW", "-400...400", "0.01", power),
        group("28...41", "reactive power into buses 1...14", "Mvar", "-200...200", "0.01", power),
        group("42...61", "active power into 20 branches", "MW", "-400...400", "0.01", power),
        group("62...81", "reactive power into 20 branches", "Mvar", "-200...200", "0.01", power),
    )


def metrics(run: Run) -> list[dict]:
    """Accuracy, false alarms, and what is found by kind; beside it the classical chi-square test."""
    result = [bom.share("accuracy", None, run.predicted == run.evaluation.labels)]
    for kind, flags in (("", run.predicted), (" of the chi-square test", run.by_chi_square)):
        for part, rows in parts(run.evaluation):
            name = "false alarm rate" if part == KINDS[0] else "recall"
            result.append(bom.share(name + kind, part, flags[rows]))
    return result


def considerations() -> dict:
    return {
        "users": ["operators of transmission grids", "engineers who test Bartizan itself"],
        "useCases": [
            "marking snapshots that were changed before the state estimation uses them; a person or "
            "a second source decides what follows"
        ],
        "technicalLimitations": [
            "simulated: one grid of 14 buses, one topology, made-up daily load; not fit for another grid",
            "learns what operation usually looks like: an unusual but true snapshot is flagged, and an "
            "injection that looks usual is not",
            "one snapshot at a time: a whole true snapshot of yesterday passes as true",
            "load flow and metering are in balance at every snapshot; there are no delays and no "
            "transients",
            "hyper-parameters were chosen with a look at the evaluation data, a few times",
            "not trained against adversarial examples",
        ],
        "performanceTradeoffs": [
            "a small network with linear layers and relu, so that it can be verified; trees or larger "
            "networks may find more"
        ],
        "ethicalConsiderations": [
            {
                "name": "a false alarm withholds true readings from the operators in a disturbance",
                "mitigationStrategy": "mark readings, do not drop them; keep the residual test beside it",
            }
        ],
    }


def data_components(run: Run) -> list[dict]:
    own = {"id": "Apache-2.0"}
    count = run.hyperparameters["training_parts"] * sum(run.hyperparameters["snapshots_a_part"])
    return [
        bom.dataset(
            SOURCE,
            "case14.json",
            "IEEE 14-bus test case of 1962, Power Systems Test Case Archive, as shipped inside "
            "pandapower " + version("pandapower"),
            {"id": "BSD-3-Clause"},
            digest=run.case_digest,
            release=version("pandapower"),
            links=(("website", ARCHIVE),),
        ),
        bom.dataset(
            TRAINING,
            "grid-guard-training",
            f"{count} simulated snapshots; no file of its own, train.py simulates it by seed",
            own,
            links=(("source-distribution", "attacks.py"),),
            properties=[bom.property("training-readings-sha256", run.training_digest)],
        ),
        bom.dataset(
            EVALUATION,
            "eval.npz",
            f"{len(run.predicted)} simulated snapshots; arrays readings float32 [n,82], labels int64 "
            "[n], clean float32 [n,82] (before the injection), kind int64 [n] (0 "
            + ", ".join(f"{index} {name}" for index, name in enumerate(KINDS))[2:]
            + "), size int64 [n] (-1 none, 0 small, 1 medium, 2 large)",
            own,
            digest=run.evaluation_digest,
            links=(("distribution", "eval.npz"),),
        ),
        bom.dataset(
            EQUATIONS,
            "grid.npz",
            "measurement equations, noise and limits, for attack generators",
            own,
            digest=run.grid_digest,
            links=(("distribution", "grid.npz"),),
        ),
        bom.dataset(
            CHANNELS,
            "channels.json",
            "name, unit, station, range, resolution and noise of each of the 82 channels",
            own,
            digest=run.channels_digest,
            links=(("distribution", "channels.json"),),
        ),
    ]
