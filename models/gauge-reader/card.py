"""The gauge reader's ML-BOM: what it is for, what it was made from, how well it reads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from common import bom

MODEL, TRAINING, EVALUATION, SOURCE = (
    "model:gauge-reader", "data:gauge-reader-training", "data:gauge-reader-evaluation",
    "data:uci-digits",
)  # fmt: skip
UCI_DIGITS = "https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits"
LIBRARIES = ("numpy", "onnx", "protobuf", "scikit-learn", "scipy")


@dataclass
class Run:
    """What one training run knows about itself."""

    hyperparameters: dict
    parameter_count: int
    model_digest: str
    evaluation_digest: str
    source_digest: str
    training_indices: np.ndarray
    evaluation_labels: np.ndarray
    correct: np.ndarray


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
        "gauge-reader",
        "Reads one digit of a mechanical meter's register from an 8 x 8 crop taken "
        "by the camera of a field technician's handheld terminal.",
        run.model_digest,
        {
            "modelParameters": bom.parameters(
                "image classification",
                "convolutional neural network",
                "scale 1/16, conv 3x3, relu, conv 3x3, relu, max pool 2x2, linear",
                [TRAINING, EVALUATION],
                "image: float32 [N,1,8,8], sensor counts 0...16",
                ["digit_logits: float32 [N,10], one logit a digit 0...9"],
            ),
            "quantitativeAnalysis": {"performanceMetrics": metrics(run)},
            "considerations": considerations(),
        },
        bom.properties("80 : 20, stratified by digit, drawn by seed; see train.py", settings),
    )


def metrics(run: Run) -> list[dict]:
    """Accuracy over all crops, then recall digit by digit."""
    return [bom.share("accuracy", None, run.correct)] + [
        bom.share("recall", f"digit {digit}", run.correct[run.evaluation_labels == digit])
        for digit in range(10)
    ]


def considerations() -> dict:
    return {
        "users": ["field technicians of a water utility", "engineers who test Bartizan itself"],
        "useCases": [
            "reading the register of a mechanical water meter digit by digit; the technician "
            "confirms the number on the screen before it leaves the device"
        ],
        "technicalLimitations": [
            "trained on pen-written digits, not on printed number wheels: a stand-in for a utility's "
            "own crops, not fit for billing or control",
            "a crop with no digit, two digits or a wheel between two digits still gets a digit: "
            "there is no reject class and the logits are not calibrated",
            "expects a centred crop; shifts of more than one pixel were never trained",
            "not trained against adversarial examples",
        ],
        "performanceTradeoffs": [
            "about four thousand parameters for a handheld's processor, at the cost of accuracy "
            "that a larger network would have"
        ],
        "ethicalConsiderations": [
            {
                "name": "a misread register can bill a household wrongly or move a dosing set-point",
                "mitigationStrategy": "show the crop beside the reading, keep the crop, and let a "
                "person confirm readings outside the expected range",
            }
        ],
        "fairnessAssessments": [
            {
                "groupAtRisk": "writers whose handwriting differs from that of the 13 people who "
                "wrote these digits",
                "harms": "lower accuracy that the evaluation split cannot show, as it shares writers "
                "with the training split",
                "mitigationStrategy": "evaluate on crops of the utility's own meters before use",
            }
        ],
    }


def data_components(run: Run) -> list[dict]:
    counts = f"{len(run.training_indices)} crops"
    indices_digest = hashlib.sha256(run.training_indices.astype("<i8").tobytes()).hexdigest()
    licence = {"id": "CC-BY-4.0"}
    website = ("website", UCI_DIGITS)
    return [
        bom.dataset(
            SOURCE,
            "digits.csv.gz",
            "Optical Recognition of Handwritten Digits (Alpaydin and Kaynak, UCI 1998), test part, "
            "1797 crops of 8 x 8 counts 0...16, as shipped inside scikit-learn "
            + version("scikit-learn"),
            licence,
            digest=run.source_digest,
            release=version("scikit-learn"),
            links=(website,),
        ),
        bom.dataset(
            TRAINING,
            "gauge-reader-training",
            f"{counts}: the stratified 80 % of digits.csv.gz that are not in eval.npz; no file of its "
            "own, train.py draws it from the source by seed",
            licence,
            links=(website,),
            properties=[bom.property("training-indices-sha256", indices_digest)],
        ),
        bom.dataset(
            EVALUATION,
            "eval.npz",
            f"{len(run.correct)} crops: the stratified 20 % that were held out; arrays images float32 "
            "[n,1,8,8], labels int64 [n], indices int64 [n] into the source",
            licence,
            digest=run.evaluation_digest,
            links=(("distribution", "eval.npz"), website),
        ),
    ]
