"""The pressure compensation's ML-BOM: what it is for, which equation it was made from, how far off it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common import bom
from sensor import SPAN, TEMPERATURES

MODEL, TRAINING, EVALUATION, SOURCE = (
    "model:pressure-comp", "data:pressure-comp-training", "data:pressure-comp-evaluation",
    "data:pressure-comp-equation",
)  # fmt: skip
LIBRARIES = ("numpy", "onnx", "onnxruntime", "protobuf", "scipy")


@dataclass
class Run:
    """What one training run knows about itself.

    `working` [2,2] is the range of both readings in training; errors are absolute, in % of span.
    """

    hyperparameters: dict
    parameter_count: int
    model_digest: str
    evaluation_digest: str
    equation_digest: str
    training_digest: str
    working: np.ndarray
    errors: np.ndarray
    float_errors: np.ndarray
    line_errors: np.ndarray
    temperatures: np.ndarray


def write(path: Path, run: Run) -> None:
    bom.write(
        path,
        bom.document(
            model_component(run),
            LIBRARIES,
            data_components(run),
            {MODEL: [TRAINING], TRAINING: [SOURCE], EVALUATION: [SOURCE], SOURCE: []},
        ),
    )


def model_component(run: Run) -> dict:
    settings = run.hyperparameters | {"parameters": run.parameter_count}
    return bom.model(
        "pressure-comp",
        "Computes pressure from the bridge voltage and the temperature of a piezoresistive cell, inside "
        "a pressure transmitter.",
        run.model_digest,
        {
            "modelParameters": bom.parameters(
                "regression",
                "multilayer perceptron, int8",
                "a straight line in float32 plus a correction by linear 16, relu, linear 16, relu, "
                "linear 1 with quantised weights and activations (QuantizeLinear, DequantizeLinear)",
                [TRAINING, EVALUATION],
                "readings: float32 [N,2], bridge voltage in mV and temperature in °C",
                [f"pressure: float32 [N,1], bar, span 0...{SPAN:g}"],
            ),
            "quantitativeAnalysis": {"performanceMetrics": metrics(run)},
            "considerations": considerations(),
        },
        bom.properties(
            "by random stream: readings of the two parts are drawn independently; see train.py",
            settings,
            channels(run),
            {
                "output-span": f"0...{SPAN:g} bar",
                "monotone": "the equation rises with the bridge voltage at any temperature of the range",
                "working-temperatures": f"{TEMPERATURES[0]:g}...{TEMPERATURES[1]:g} °C",
            },
        ),
    )


def channels(run: Run) -> tuple[bom.Channel, ...]:
    slew = "none: readings are independent"

    def limits(channel: int, converter: str) -> str:
        low, high = run.working[:, channel]
        return f"{low:.1f}...{high:.1f} in training, {converter} of the converter"

    return (
        bom.Channel("0", "bridge voltage", "mV", limits(0, "-128...127.99609375"), "0.00390625",
                    "0.006 mV, standard deviation", slew,
                    "who reaches the impulse line or the bridge's wires; who owns the converter"),
        bom.Channel("1", "temperature", "°C", limits(1, "-128...127.9375"), "0.0625",
                    "0.05 °C, standard deviation", slew,
                    "who heats or cools the housing; who owns the converter"),
    )  # fmt: skip


def metrics(run: Run) -> list[dict]:
    """Quantiles of the absolute error with intervals between order statistics."""
    name = "absolute error in % of span"
    cold, hot = run.temperatures < 0, run.temperatures > 60
    result = []
    for part, errors in (("int8", run.errors), ("before quantisation", run.float_errors)):
        for level, label in ((0.5, "median"), (0.95, "95 % quantile"), (0.99, "99 % quantile")):
            result.append(bom.error_quantile(name, f"{label}, {part}", errors, level))
        result.append(bom.plain_metric(name, f"largest, {part}", errors.max()))
    for part, rows in (("below 0 °C", cold), ("above 60 °C", hot)):
        result.append(bom.error_quantile(name, f"95 % quantile, int8, {part}", run.errors[rows], 0.95))
    result.append(bom.error_quantile(name, "95 % quantile, straight line alone", run.line_errors, 0.95))
    return result


def considerations() -> dict:
    return {
        "users": ["makers of pressure transmitters", "engineers who test Bartizan itself"],
        "useCases": ["temperature compensation of one calibrated cell in a transmitter's own processor"],
        "technicalLimitations": [
            "the equation of one cell, not measurements of many: scatter of manufacture, hysteresis, creep "
            "and drift with age are not in it",
            "offset and stiffening are assumed values; the piezoresistance factor is a published fit",
            "nothing was trained outside the span or the working temperatures; the correction saturates "
            "there and the straight line goes on",
            "eight bits make a staircase: two readings a bit apart may give the same or a jumping pressure, "
            "so the output need not rise where the equation does",
            "not trained against adversarial examples",
        ],
        "performanceTradeoffs": [
            "eight bits save memory and energy in the layers, at the cost of resolution; the straight line "
            "stays in float32 to keep it"
        ],
        "ethicalConsiderations": [
            {
                "name": "a wrong pressure moves a controller",
                "mitigationStrategy": "limits and rate checks in the controller, and calibration every year",
            }
        ],
    }


def data_components(run: Run) -> list[dict]:
    own = {"id": "Apache-2.0"}
    count = run.hyperparameters["training_readings"]
    return [
        bom.dataset(
            SOURCE,
            "sensor.py",
            "the cell as an equation: piezoresistance factor of Richter et al., J. Appl. Phys. 104 (2008) "
            "023715, at the edge of a clamped square membrane",
            own,
            digest=run.equation_digest,
            links=(("distribution", "sensor.py"),),
        ),
        bom.dataset(
            TRAINING,
            "pressure-comp-training",
            f"{count} readings of the equation with noise; no file of its own, train.py draws it by seed",
            own,
            links=(("source-distribution", "sensor.py"),),
            properties=[bom.property("training-readings-sha256", run.training_digest)],
        ),
        bom.dataset(
            EVALUATION,
            "eval.npz",
            f"{len(run.errors)} readings of the same equation, drawn independently; arrays readings "
            "float32 [n,2] (mV, °C), targets float32 [n] (bar), temperatures float32 [n] (true, °C)",
            own,
            digest=run.evaluation_digest,
            links=(("distribution", "eval.npz"),),
        ),
    ]
