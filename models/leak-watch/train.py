#!/usr/bin/env python3
"""Trains the leak watch and writes model.onnx, eval.npz, streams.npz and card.cdx.json beside this file.

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
from common.files import sha256, write_arrays
from common.optimiser import Adam, Parameters, cosine
from sensors import CLASSES, Streams, Windows, windows
from simulation import NETWORK, Main

HYPERPARAMETERS = {
    "seed": 20261121,
    "training_recordings": 6000,
    "evaluation_recordings": 240,
    "hidden_units": 32,
    "epochs": 30,
    "batch_size": 64,
    "learning_rate": 0.01,
    "learning_rate_schedule": "cosine to 0",
    "optimizer": "Adam, decoupled weight decay, gradient norm at most 1",
    "weight_decay": 0.01,
    "label_smoothing": 0.05,
}
TRAINING, EVALUATION = 0, 1


def generator(*key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([HYPERPARAMETERS["seed"], *key]))


def simulated(main: Main, part: int, count: int) -> tuple[Windows, Streams]:
    """`count` recordings, the classes in turn; each has a random stream of its own."""
    streams = [generator(part, number) for number in range(count)]
    recordings = [
        main.record(CLASSES[number % len(CLASSES)], stream)
        for number, stream in enumerate(streams)
    ]
    return windows(recordings, streams)


def train(data: Windows, settings: dict) -> Parameters:
    random = generator(2)
    parameters = network.initialise(random, settings["hidden_units"], len(CLASSES))
    optimiser = Adam(parameters, settings["weight_decay"])
    starts = range(0, len(data.labels), settings["batch_size"])
    total = settings["epochs"] * len(starts)
    for epoch in range(settings["epochs"]):
        order = random.permutation(len(data.labels))
        losses = []
        for start in starts:
            batch = order[start : start + settings["batch_size"]]
            loss, gradient = network.loss_and_gradients(
                parameters, data.signals[batch], data.labels[batch], settings["label_smoothing"]
            )
            network.clip(gradient, 1.0)
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

    network_of_pipes = Main()
    settings = HYPERPARAMETERS
    training, _ = simulated(network_of_pipes, TRAINING, settings["training_recordings"])
    evaluation, streams = simulated(
        network_of_pipes, EVALUATION, settings["evaluation_recordings"]
    )
    parameters = train(training, settings)
    export.write_model(parameters, output / "model.onnx")
    write_arrays(
        output / "eval.npz",
        signals=evaluation.signals,
        labels=evaluation.labels,
        recording=evaluation.recording,
        end=evaluation.end,
    )
    write_arrays(
        output / "streams.npz",
        signals=streams.signals,
        labels=streams.labels,
        start=streams.start,
        event=streams.event,
    )

    scores = network.logits(parameters, evaluation.signals.astype(np.float32))
    predicted = scores.argmax(axis=1)
    correct = predicted == evaluation.labels
    healthy = training.signals[training.labels != CLASSES.index("fault")]
    steps = np.abs(np.diff(healthy, axis=1)).max(axis=(0, 1))
    train_correct = network.logits(parameters, training.signals).argmax(axis=1) == training.labels
    card.write(
        output / "card.cdx.json",
        card.Run(
            hyperparameters=settings,
            parameter_count=sum(value.size for value in parameters.values()),
            model_digest=sha256(output / "model.onnx"),
            evaluation_digest=sha256(output / "eval.npz"),
            streams_digest=sha256(output / "streams.npz"),
            network_digest=sha256(NETWORK),
            training_digest=hashlib.sha256(training.signals.astype("<f4").tobytes()).hexdigest(),
            steps=steps,
            evaluation=evaluation,
            predicted=predicted,
        ),
    )
    print(f"training accuracy   {train_correct.mean():.4f}")
    print(f"evaluation accuracy {correct.mean():.4f} ({correct.sum()} of {len(correct)})")
    first = correct[::2]
    print(f"first windows       {first.mean():.4f} ({first.sum()} of {len(first)})")
    for index, name in enumerate(CLASSES):
        counts = np.bincount(predicted[evaluation.labels == index], minlength=len(CLASSES))
        print(f"truth {name:7s} read as {dict(zip(CLASSES, counts.tolist()))}")
    windows_in = network.windows(streams.signals.astype(np.float32))
    answers = np.stack([network.logits(parameters, part).argmax(axis=1) for part in windows_in])
    alarms = (answers != CLASSES.index("normal")).any(axis=0)
    for index, name in enumerate(CLASSES):
        raised = alarms[streams.labels == index]
        print(f"streams of {name:7s} with an alarm: {raised.sum()} of {len(raised)}")
    print(f"largest step        {steps.round(3)} a minute, without faults")
    print(f"largest |logit|     {np.abs(scores).max():.3f}")


if __name__ == "__main__":
    main()
