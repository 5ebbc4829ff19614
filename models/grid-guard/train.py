#!/usr/bin/env python3
"""Trains the grid guard and writes model.onnx, eval.npz, grid.npz, channels.json and card.cdx.json.

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
from scipy.stats import chi2

import attacks
import card
import export
import network
import reference
from common.files import sha256, write_arrays
from common.optimiser import Adam, Parameters, cosine
from grid import MEASUREMENTS, STATES, Grid

HYPERPARAMETERS = {
    "seed": 20261121,
    "training_parts": 5,
    "snapshots_a_part": (9600, 1920, 2880, 2880, 1920),
    "evaluation_snapshots": (240, 48, 72, 72, 48),
    "widths": (64, 32, 2),
    "epochs": 30,
    "batch_size": 128,
    "learning_rate": 0.003,
    "learning_rate_schedule": "cosine to 0",
    "optimizer": "Adam, decoupled weight decay",
    "weight_decay": 0.02,
    "label_smoothing": 0.02,
}


EVALUATION, WEIGHTS, TRAINING, BASE_CASE = 0, 1, 2, 3


def generator(*key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([HYPERPARAMETERS["seed"], *key]))


def train(features: np.ndarray, labels: np.ndarray, settings: dict) -> Parameters:
    random = generator(WEIGHTS)
    parameters = network.initialise(random, features.shape[1], settings["widths"])
    optimiser = Adam(parameters, settings["weight_decay"])
    starts = range(0, len(labels), settings["batch_size"])
    total = settings["epochs"] * len(starts)
    for epoch in range(settings["epochs"]):
        order = random.permutation(len(labels))
        losses = []
        for start in starts:
            batch = order[start : start + settings["batch_size"]]
            loss, gradient = network.loss_and_gradients(
                parameters, features[batch], labels[batch], settings["label_smoothing"]
            )
            rate = cosine(settings["learning_rate"], optimiser.step_count / total)
            optimiser.step(parameters, gradient, rate)
            losses.append(loss)
        print(f"epoch {epoch + 1:3d}  loss {np.mean(losses):.4f}", flush=True)
    return {name: value.astype(np.float32) for name, value in parameters.items()}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--output", type=Path, default=Path(__file__).resolve().parent)
    output: Path = arguments.parse_args().output
    output.mkdir(parents=True, exist_ok=True)

    settings = HYPERPARAMETERS
    grid = Grid()
    training = attacks.joined(
        [
            attacks.snapshots(grid, settings["snapshots_a_part"], generator(TRAINING, part))
            for part in range(settings["training_parts"])
        ]
    )
    evaluation = attacks.snapshots(grid, settings["evaluation_snapshots"], generator(EVALUATION))
    reference.compare(grid, evaluation.clean[:5])

    weight, bias = network.features_of(grid, training.clean)
    parameters = train(training.readings @ weight.T + bias, training.labels, settings)
    limit = float(chi2.ppf(0.95, MEASUREMENTS - STATES))
    export.write_model(weight, bias, parameters, output / "model.onnx")
    linear_limit = float(np.quantile(grid.linear_squares(training.clean), 0.95))
    export.write_grid(grid, limit, linear_limit, output / "grid.npz")
    export.write_channels(grid, output / "channels.json")
    write_arrays(
        output / "eval.npz",
        readings=evaluation.readings,
        labels=evaluation.labels,
        clean=evaluation.clean,
        kind=evaluation.kind,
        size=evaluation.size,
    )

    scores = network.scores_of(parameters, evaluation.readings @ weight.T + bias)
    predicted = scores.argmax(axis=1)
    _, squares = grid.estimate(evaluation.readings)
    train_scores = network.scores_of(parameters, training.readings @ weight.T + bias)
    card.write(
        output / "card.cdx.json",
        card.Run(
            hyperparameters=settings,
            parameter_count=sum(value.size for value in parameters.values()),
            fixed_count=weight.size + bias.size,
            model_digest=sha256(output / "model.onnx"),
            evaluation_digest=sha256(output / "eval.npz"),
            grid_digest=sha256(output / "grid.npz"),
            channels_digest=sha256(output / "channels.json"),
            case_digest=sha256(reference.CASE),
            training_digest=hashlib.sha256(training.readings.astype("<f4").tobytes()).hexdigest(),
            grid=grid,
            evaluation=evaluation,
            predicted=predicted,
            by_chi_square=(squares > limit).astype(int),
        ),
    )
    correct = predicted == evaluation.labels
    print(f"training accuracy   {(train_scores.argmax(1) == training.labels).mean():.4f}")
    print(f"evaluation accuracy {correct.mean():.4f} ({correct.sum()} of {len(correct)})")
    for part, rows in card.parts(evaluation):
        flagged, tested = predicted[rows].sum(), (squares[rows] > limit).sum()
        print(f"{part:25s} of {rows.sum():3d}: flagged {flagged:3d}, by chi-square {tested:3d}")
    print(f"limits: chi-square {limit:.2f}, linearised {linear_limit:.2f}")
    normal = evaluation.clean[evaluation.kind == 0]
    for size in attacks.SIZES:
        injected = attacks.from_base_case(grid, normal, size, generator(BASE_CASE))
        over = (grid.estimate(injected)[1] > limit).sum()
        flagged = network.scores_of(parameters, injected @ weight.T + bias).argmax(axis=1).sum()
        print(f"H of the base case, {size:6s} of {len(normal)}: flagged {flagged}, by chi-square {over}")
    print(f"largest |logit|     {np.abs(scores).max():.3f}")


if __name__ == "__main__":
    main()
