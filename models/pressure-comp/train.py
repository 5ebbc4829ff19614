#!/usr/bin/env python3
"""Trains the pressure compensation and writes model.onnx, eval.npz and card.cdx.json beside this file.

Usage: python3.11 -m venv .venv && .venv/bin/pip install -r requirements.txt
       .venv/bin/python train.py [--output DIR]

The committed files came from this program; two runs on one machine give the same bytes.
"""

from __future__ import annotations

import os

# Before NumPy is loaded: one BLAS thread and one kernel family, so that sums are added in one order.
os.environ.update(OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE="Haswell", OMP_NUM_THREADS="1")

import argparse
import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

import card
import export
import network
import sensor
from common.files import sha256, write_arrays
from common.optimiser import Adam, Parameters, cosine

HYPERPARAMETERS = {
    "seed": 20261121,
    "training_readings": 8000,
    "evaluation_readings": 600,
    "calibration_readings": 1000,
    "widths": (16, 16, 1),
    "epochs": 300,
    "batch_size": 100,
    "learning_rate": 0.01,
    "learning_rate_schedule": "cosine to 0",
    "optimizer": "Adam",
    "quantisation": "int8 QDQ, static, min-max calibration, weights per row",
}


def generator(part: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([HYPERPARAMETERS["seed"], part]))


def train(inputs: np.ndarray, wanted: np.ndarray, settings: dict) -> Parameters:
    random = generator(2)
    parameters = network.initialise(random, settings["widths"])
    optimiser = Adam(parameters, 0.0)
    starts = range(0, len(wanted), settings["batch_size"])
    total = settings["epochs"] * len(starts)
    for epoch in range(settings["epochs"]):
        order = random.permutation(len(wanted))
        losses = []
        for start in starts:
            batch = order[start : start + settings["batch_size"]]
            loss, gradient = network.loss_and_gradients(parameters, inputs[batch], wanted[batch])
            rate = cosine(settings["learning_rate"], optimiser.step_count / total)
            optimiser.step(parameters, gradient, rate)
            losses.append(loss)
        if (epoch + 1) % 25 == 0:
            print(f"epoch {epoch + 1:3d}  error {np.sqrt(np.mean(losses)):.5f} bar", flush=True)
    return parameters


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--output", type=Path, default=Path(__file__).resolve().parent)
    output: Path = arguments.parse_args().output
    output.mkdir(parents=True, exist_ok=True)

    settings = HYPERPARAMETERS
    training, bar, _ = sensor.drawn(settings["training_readings"], generator(0))
    readings, targets, celsius = sensor.drawn(settings["evaluation_readings"], generator(1))
    inputs = network.scaled(training)
    line = network.fitted_line(inputs, bar)
    parameters = train(inputs, bar - (inputs @ line[0] + line[1]), settings)
    graph = export.float_graph(line, parameters)
    export.write_model(graph, training[: settings["calibration_readings"]], output / "model.onnx")
    write_arrays(output / "eval.npz", readings=readings, targets=targets, temperatures=celsius)

    straight = network.scaled(readings) @ line[0] + line[1]
    before = straight + network.correction(parameters, network.scaled(readings))
    predicted = export.outputs(output / "model.onnx", readings)

    def errors(pressure: np.ndarray) -> np.ndarray:
        return np.abs(pressure - targets) / sensor.SPAN * 100

    card.write(
        output / "card.cdx.json",
        card.Run(
            hyperparameters=settings,
            parameter_count=sum(value.size for value in parameters.values()) + 3,
            model_digest=sha256(output / "model.onnx"),
            evaluation_digest=sha256(output / "eval.npz"),
            equation_digest=sha256(Path(sensor.__file__)),
            training_digest=hashlib.sha256(training.astype("<f4").tobytes()).hexdigest(),
            working=np.stack([training.min(axis=0), training.max(axis=0)]),
            errors=errors(predicted),
            float_errors=errors(before),
            line_errors=errors(straight),
            temperatures=celsius,
        ),
    )
    for name, pressure in (("line", straight), ("float32", before), ("int8", predicted)):
        share = np.quantile(errors(pressure), [0.5, 0.95, 0.99, 1.0])
        print(f"{name:8s} error in % of span: median, 95 %, 99 %, largest {share.round(4)}")
    cold, hot = sensor.bridge(np.full(2, sensor.SPAN), np.array(sensor.TEMPERATURES))
    print(f"bridge at full span: {cold:.2f} mV at -40 °C, {hot:.2f} mV at 85 °C")
    print(f"readings in training: {training.min(axis=0)} to {training.max(axis=0)}")


if __name__ == "__main__":
    main()
