"""The transient classifier's ML-BOM: what it is for, what it was made from, how well it sorts."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from common import bom
from export import CLASSES

MODEL, TRAINING, EVALUATION, SOURCE = (
    "model:transient-class", "data:transient-class-training", "data:transient-class-evaluation",
    "data:statlog-shuttle",
)  # fmt: skip
LIBRARIES = ("numpy", "onnx", "protobuf", "river", "scikit-learn", "scipy")
UCI_SHUTTLE = "https://archive.ics.uci.edu/dataset/148/statlog+shuttle"
# What the columns are differences of, found in the data: f7 = f3 - f1, f8 = f3 - f5, f9 = f1 - f5.
BALANCES = {"f7": (6, 2, 0), "f8": (7, 2, 4), "f9": (8, 0, 4)}


@dataclass
class Run:
    """What one training run knows about itself."""

    hyperparameters: dict
    leaves: int
    model_digest: str
    evaluation_digest: str
    source_digest: str
    training_digest: str
    training_count: int
    features: np.ndarray
    labels: np.ndarray
    predicted: np.ndarray
    held_out: np.ndarray
    evaluation: np.ndarray
    changed_thresholds: int
    flipped_rows: int


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
    settings = run.hyperparameters | {"leaves": run.leaves}
    return bom.model(
        "transient-class",
        "Says from nine telemetry counts of one moment whether a cooling loop is in its steady state "
        "or in a transient.",
        run.model_digest,
        {
            "modelParameters": bom.parameters(
                "binary classification",
                "gradient-boosted decision trees",
                f"{run.hyperparameters['trees']} trees of depth at most "
                f"{run.hyperparameters['depth']}, logistic",
                [TRAINING, EVALUATION],
                "features: float32 [N,9], telemetry counts f1...f9",
                [
                    "label: int64 [N], 0 " + CLASSES[0] + ", 1 " + CLASSES[1],
                    "probabilities: float32 [N,2], one for each label",
                ],
            ),
            "quantitativeAnalysis": {"performanceMetrics": metrics(run)},
            "considerations": considerations(),
        },
        bom.properties(
            "80 : 20, stratified by class, drawn by seed, no row twice in the source; eval.npz has as "
            "many rows of either class, drawn from the 20 %; see train.py",
            settings,
            channels(run),
            {
                "balance": "; ".join(
                    f"{name} = f{a + 1} - f{b + 1} within 2 counts in "
                    f"{100 * within(run.features, name, 2):.2f} % of rows"
                    for name, (_, a, b) in BALANCES.items()
                ),
                "float32:thresholds-changed": run.changed_thresholds,
                "float32:rows-flipped": f"{run.flipped_rows} of {len(run.labels)}",
            },
        ),
    )


def within(features: np.ndarray, name: str, counts: int) -> float:
    """The share of rows in which a balance holds to so many counts."""
    result, a, b = BALANCES[name]
    rest = features[:, result] - (features[:, a] - features[:, b])
    return float((np.abs(rest) <= counts).mean())


def channels(run: Run) -> tuple[bom.Channel, ...]:
    low, high = run.features.min(axis=0), run.features.max(axis=0)
    return tuple(
        bom.Channel(
            str(index),
            f"f{index + 1}",
            "count",
            f"{low[index]:.0f}...{high[index]:.0f} in the source",
            "1",
            "not published",
            "none: rows have no time",
            "who reaches the sensor; who owns the telemetry unit: all",
        )
        for index in range(run.features.shape[1])
    )


def metrics(run: Run) -> list[dict]:
    """Shares over all rows that were held out, which are as rare as in the source."""
    labels = run.labels[run.held_out]
    correct = run.predicted[run.held_out] == labels
    chosen = run.predicted[run.evaluation] == run.labels[run.evaluation]
    return [
        bom.share("accuracy", "held-out rows", correct),
        *(
            bom.share("recall", f"{name}, held-out rows", correct[labels == index])
            for index, name in enumerate(CLASSES)
        ),
        bom.share("accuracy", "eval.npz", chosen),
    ]


def considerations() -> dict:
    return {
        "users": ["operators of process plants", "engineers who test Bartizan itself"],
        "useCases": ["marking the moments of a recording in which a cooling loop leaves its steady state"],
        "technicalLimitations": [
            "telemetry of one vehicle stands in for a plant's own; the source does not say what the nine "
            "columns measure, nor their units",
            "river's copy merges five rare classes into one and leaves out the second largest, so the "
            "task is easier than the original",
            "one moment at a time; the order of the rows is not known",
            "the split is by rows: neighbours in time may stand in both parts",
            "not trained against adversarial examples; no monotone or one-hot features",
        ],
        "performanceTradeoffs": [
            "few and shallow trees, so that the exact distance to the other class can be computed"
        ],
        "ethicalConsiderations": [
            {
                "name": "an unmarked transient hides the start of a fault",
                "mitigationStrategy": "keep the plant's own limits on each reading beside the model",
            }
        ],
    }


def data_components(run: Run) -> list[dict]:
    licence = {"id": "CC-BY-4.0"}
    website = ("website", UCI_SHUTTLE)
    return [
        bom.dataset(
            SOURCE,
            "shuttle.csv.gz",
            f"Statlog (Shuttle), NASA, UCI Machine Learning Repository, {len(run.labels)} rows of nine "
            "counts, the classes merged into normal and anomaly, as shipped inside river "
            + version("river"),
            licence,
            digest=run.source_digest,
            release=version("river"),
            links=(website,),
        ),
        bom.dataset(
            TRAINING,
            "transient-class-training",
            f"{run.training_count} rows: the stratified 80 % of shuttle.csv.gz; no file of its own, "
            "train.py draws it from the source by seed",
            licence,
            links=(website,),
            properties=[bom.property("training-indices-sha256", run.training_digest)],
        ),
        bom.dataset(
            EVALUATION,
            "eval.npz",
            f"{len(run.evaluation)} rows, as many of either class, of the 20 % that were held out; "
            "arrays features float32 [n,9], labels int64 [n], indices int64 [n] into the source",
            licence,
            digest=run.evaluation_digest,
            links=(("distribution", "eval.npz"), website),
        ),
    ]
