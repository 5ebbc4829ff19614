#!/usr/bin/env python3
"""Trains the gauge reader and writes model.onnx, eval.npz and card.cdx.json beside this file.

Usage: python3.11 -m venv .venv && .venv/bin/pip install -r requirements.txt
       .venv/bin/python train.py [--output DIR]

The committed files came from this program; two runs on one machine give the same bytes.
"""

from __future__ import annotations

import os

# Before NumPy is loaded: one BLAS thread and one kernel family, so that sums are added in one order.
os.environ.update(OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE="Haswell", OMP_NUM_THREADS="1")

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import sklearn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import card
import export
import network
from common.files import sha256
from common.optimiser import Adam, cosine

HYPERPARAMETERS = {
    "seed": 20261121,
    "evaluation_share": 0.2,
    "channels_conv1": 8,
    "channels_conv2": 16,
    "epochs": 60,
    "batch_size": 32,
    "learning_rate": 0.004,
    "learning_rate_schedule": "cosine to 0",
    "optimizer": "Adam, decoupled weight decay",
    "weight_decay": 0.01,
    "label_smoothing": 0.1,
    "augmentation": "shift by -1...1 pixel on each axis; Gaussian noise of 0.5 counts, clipped to 0...16",
}


def augmented(counts: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A small shift and sensor noise: the crop is never exactly centred."""
    padded = np.pad(counts, ((0, 0), (0, 0), (1, 1), (1, 1)))
    rows, columns = random.integers(0, 3, (2, len(counts)))
    moved = np.stack(
        [padded[i, :, r : r + 8, c : c + 8] for i, (r, c) in enumerate(zip(rows, columns))]
    )
    return np.clip(moved + random.standard_normal(moved.shape) * 0.5, 0, 16)


def train(counts: np.ndarray, labels: np.ndarray, settings: dict) -> network.Parameters:
    random = np.random.Generator(np.random.PCG64(settings["seed"]))
    parameters = network.initialise(
        random, settings["channels_conv1"], settings["channels_conv2"]
    )
    optimiser = Adam(parameters, settings["weight_decay"])
    starts = range(0, len(counts), settings["batch_size"])
    total = settings["epochs"] * len(starts)
    for epoch in range(settings["epochs"]):
        order = random.permutation(len(counts))
        losses = []
        for start in starts:
            batch = order[start : start + settings["batch_size"]]
            loss, gradient = network.loss_and_gradients(
                parameters,
                augmented(counts[batch], random),
                labels[batch],
                settings["label_smoothing"],
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

    digits = load_digits()
    counts = digits.images[:, None, :, :]
    indices = np.arange(len(counts))
    training, evaluation = train_test_split(
        indices,
        test_size=HYPERPARAMETERS["evaluation_share"],
        stratify=digits.target,
        random_state=HYPERPARAMETERS["seed"],
    )
    training, evaluation = np.sort(training), np.sort(evaluation)

    parameters = train(counts[training], digits.target[training], HYPERPARAMETERS)
    export.write_model(parameters, output / "model.onnx")
    export.write_evaluation(
        counts[evaluation], digits.target[evaluation], evaluation, output / "eval.npz"
    )

    scores = network.logits(parameters, counts[evaluation])
    correct = scores.argmax(axis=1) == digits.target[evaluation]
    train_scores = network.logits(parameters, counts[training])
    data = Path(sklearn.__file__).parent / "datasets" / "data" / "digits.csv.gz"
    card.write(
        output / "card.cdx.json",
        card.Run(
            hyperparameters=HYPERPARAMETERS,
            parameter_count=sum(value.size for value in parameters.values()),
            model_digest=sha256(output / "model.onnx"),
            evaluation_digest=sha256(output / "eval.npz"),
            source_digest=sha256(data),
            training_indices=training,
            evaluation_labels=digits.target[evaluation],
            correct=correct,
        ),
    )
    print(f"training accuracy   {(train_scores.argmax(1) == digits.target[training]).mean():.4f}")
    print(f"evaluation accuracy {correct.mean():.4f} ({correct.sum()} of {len(correct)})")
    print(f"largest |logit|     {np.abs(scores).max():.3f}")


if __name__ == "__main__":
    main()
