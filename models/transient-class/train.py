#!/usr/bin/env python3
"""Trains the transient classifier and writes model.onnx, eval.npz and card.cdx.json beside this file.

Usage: python3.11 -m venv .venv && .venv/bin/pip install -r requirements.txt
       .venv/bin/python train.py [--output DIR]

The committed files came from this program; two runs on one machine give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import river.datasets
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split

import card
import export
from common.files import sha256, write_arrays

HYPERPARAMETERS = {
    "seed": 20261121,
    "held_out_share": 0.2,
    "evaluation_rows_a_class": 300,
    "trees": 40,
    "depth": 4,
    "learning_rate": 0.2,
    "rows_a_leaf": 20,
    "rows_a_tree": 0.7,
    "weight_of_transients": 4.0,
}
SOURCE = Path(river.datasets.__file__).parent / "shuttle.csv.gz"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--output", type=Path, default=Path(__file__).resolve().parent)
    output: Path = arguments.parse_args().output
    output.mkdir(parents=True, exist_ok=True)

    settings = HYPERPARAMETERS
    table = np.loadtxt(SOURCE, delimiter=",", skiprows=1, dtype=np.int64)
    features, labels = table[:, :9].astype(float), table[:, 9]
    training, held_out = train_test_split(
        np.arange(len(table)),
        test_size=settings["held_out_share"],
        stratify=labels,
        random_state=settings["seed"],
    )
    training, held_out = np.sort(training), np.sort(held_out)
    random = np.random.Generator(np.random.PCG64(settings["seed"]))
    evaluation = np.sort(
        np.concatenate(
            [
                random.choice(held_out[labels[held_out] == k], settings["evaluation_rows_a_class"], False)
                for k in range(2)
            ]
        )
    )

    model = GradientBoostingClassifier(
        n_estimators=settings["trees"],
        max_depth=settings["depth"],
        learning_rate=settings["learning_rate"],
        min_samples_leaf=settings["rows_a_leaf"],
        subsample=settings["rows_a_tree"],
        random_state=settings["seed"],
    )
    weight = np.where(labels[training] == 1, settings["weight_of_transients"], 1.0)
    model.fit(features[training], labels[training], sample_weight=weight)
    export.write_model(model, output / "model.onnx")
    write_arrays(
        output / "eval.npz",
        features=features[evaluation],
        labels=labels[evaluation],
        indices=evaluation,
    )

    changed, flipped = export.flips(model, features)
    predicted = model.predict(features)
    card.write(
        output / "card.cdx.json",
        card.Run(
            hyperparameters=settings,
            leaves=sum(int((t.tree_.feature < 0).sum()) for t in model.estimators_[:, 0]),
            model_digest=sha256(output / "model.onnx"),
            evaluation_digest=sha256(output / "eval.npz"),
            source_digest=sha256(SOURCE),
            training_digest=hashlib.sha256(training.astype("<i8").tobytes()).hexdigest(),
            training_count=len(training),
            features=features,
            labels=labels,
            predicted=predicted,
            held_out=held_out,
            evaluation=evaluation,
            changed_thresholds=changed,
            flipped_rows=flipped,
        ),
    )
    for name, rows in (("training", training), ("held out", held_out), ("eval.npz", evaluation)):
        correct = predicted[rows] == labels[rows]
        print(f"{name:9s} {correct.sum()} of {len(rows)} right ({correct.mean():.5f})")
        for k, label in enumerate(export.CLASSES):
            part = correct[labels[rows] == k]
            print(f"          {label:9s} {part.sum()} of {len(part)}")
    print(f"thresholds that change in float32: {changed}; rows whose class changes: {flipped}")


if __name__ == "__main__":
    main()
