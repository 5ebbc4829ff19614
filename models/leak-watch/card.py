"""The leak watch's ML-BOM: what it is for, what it was simulated from, how well it sees."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from common import bom
from sensors import CLASSES, SECOND_WINDOW, STREAM, Windows

MODEL, TRAINING, EVALUATION, STREAMS, SOURCE = (
    "model:leak-watch", "data:leak-watch-training", "data:leak-watch-evaluation",
    "data:leak-watch-streams", "data:net3",
)  # fmt: skip
LIBRARIES = ("numpy", "onnx", "protobuf", "scipy", "wntr")
EPANET = "https://www.epa.gov/water-research/epanet"


@dataclass
class Run:
    """What one training run knows about itself."""

    hyperparameters: dict
    parameter_count: int
    model_digest: str
    evaluation_digest: str
    streams_digest: str
    network_digest: str
    training_digest: str
    steps: np.ndarray
    evaluation: Windows
    predicted: np.ndarray


def write(path: Path, run: Run) -> None:
    bom.write(
        path,
        bom.document(
            model_component(run),
            LIBRARIES,
            data_components(run),
            {MODEL: [TRAINING], TRAINING: [SOURCE], EVALUATION: [SOURCE], STREAMS: [SOURCE], SOURCE: []},
        ),
    )


def model_component(run: Run) -> dict:
    settings = run.hyperparameters | {"parameters": run.parameter_count}
    return bom.model(
        "leak-watch",
        "Says from the last 32 minutes of flow and pressure whether a water main leaks or has burst, "
        "or whether a sensor is at fault. It runs inside an ultrasonic flow-meter.",
        run.model_digest,
        {
            "modelParameters": bom.parameters(
                "time series classification",
                "recurrent neural network",
                "levels, chord difference and changes about the mean (linear), gated recurrent unit, "
                "linear on the last state",
                [TRAINING, EVALUATION],
                "signals: float32 [N,32,3], one value a minute: flow on chord A and chord B in m³/h, "
                "pressure in bar",
                ["class_logits: float32 [N,4], one logit each for " + ", ".join(CLASSES)],
            ),
            "quantitativeAnalysis": {"performanceMetrics": metrics(run)},
            "considerations": considerations(),
        },
        bom.properties(
            "by recording: each has a random stream of its own, and all its windows are in one part; "
            "see train.py",
            settings,
            channels(run),
            {
                "balance": "chord A less chord B is 0, within the noise of both and a difference of "
                "gain of 0.3 % each",
                "causality": f"the two windows of a recording end {SECOND_WINDOW} minutes apart: what "
                "is changed in the one is changed in the other",
            },
        ),
    )


def channels(run: Run) -> tuple[bom.Channel, ...]:
    sound = "who reaches the pipe at the transducers; who owns the meter after the converter"
    line = "who reaches the impulse line; who owns the meter after the converter"
    flow_noise = "0.3 m³/h and 0.3 % of reading, standard deviation of one minute's mean"

    def slew(channel: int, unit: str) -> str:
        return f"at most {run.steps[channel]:.4g} {unit} a minute seen in training without faults"

    return (
        bom.Channel("0", "flow, chord A", "m³/h", "-1000...1000", "0.1", flow_noise,
                    slew(0, "m³/h"), sound),
        bom.Channel("1", "flow, chord B", "m³/h", "-1000...1000", "0.1", flow_noise,
                    slew(1, "m³/h"), sound),
        bom.Channel("2", "pressure", "bar", "0...10", "0.001",
                    "0.004 bar, standard deviation of one minute's mean", slew(2, "bar"), line),
    )  # fmt: skip


def metrics(run: Run) -> list[dict]:
    """Shares over one window a recording, which are independent; then over all windows, plain."""
    correct = run.predicted == run.evaluation.labels
    first = np.flatnonzero(np.diff(run.evaluation.recording, prepend=-1))
    labels, part = run.evaluation.labels[first], "first window of each recording"
    alarms = np.isin(run.predicted[first], (1, 2))
    quiet = np.isin(labels, (0, 3))
    return [
        bom.share("accuracy", part, correct[first]),
        *(
            bom.share("recall", f"{name}, {part}", correct[first][labels == index])
            for index, name in enumerate(CLASSES)
        ),
        bom.share("false alarm rate", f"normal and fault, {part}", alarms[quiet]),
        bom.plain_metric("accuracy", "all windows, two of each recording", correct.mean()),
    ]


def considerations() -> dict:
    return {
        "users": ["operators of water mains", "engineers who test Bartizan itself"],
        "useCases": [
            "raising a leak or burst alarm in the meter; the pump station's controller checks it "
            "against its own flow before it closes a valve",
            "asking for maintenance when the readings of the meter itself cannot be right",
        ],
        "technicalLimitations": [
            "simulated: one network, one main, one steady state a minute; there are no pressure waves",
            "a leak must begin inside the window and be eight minutes old; one that was there before "
            "looks like demand",
            "leaks below about 20 m³/h were never trained; neither were two events at once",
            "hydrants last two to six minutes in the simulation; a longer draw looks like a leak",
            "hyper-parameters were chosen with a look at the evaluation data, a few times",
            "the logits are not calibrated; not trained against adversarial examples",
        ],
        "performanceTradeoffs": [
            "about four thousand parameters for a battery-powered meter, at the cost of leaks that a "
            "network of several meters would see"
        ],
        "ethicalConsiderations": [
            {
                "name": "a missed burst washes out a road; a false one shuts off a district",
                "mitigationStrategy": "let the controller compare with its own flow, and a person "
                "confirm before the valve of an inhabited district closes",
            }
        ],
    }


def data_components(run: Run) -> list[dict]:
    own = {"id": "Apache-2.0"}
    windows = len(run.evaluation.labels)
    recordings = run.hyperparameters["training_recordings"]
    return [
        bom.dataset(
            SOURCE,
            "Net3.inp",
            "EPANET example network 3, U.S. Environmental Protection Agency, as shipped inside wntr "
            + version("wntr"),
            {"name": "Public domain (work of the United States government), shipped under Revised BSD"},
            digest=run.network_digest,
            release=version("wntr"),
            links=(("website", EPANET),),
        ),
        bom.dataset(
            TRAINING,
            "leak-watch-training",
            f"{2 * recordings} windows of {recordings} simulated recordings; no file of its own, "
            "train.py simulates it by seed",
            own,
            links=(("source-distribution", "simulation.py"),),
            properties=[bom.property("training-signals-sha256", run.training_digest)],
        ),
        bom.dataset(
            EVALUATION,
            "eval.npz",
            f"{windows} windows of {windows // 2} simulated recordings that were never trained on; "
            "arrays signals float32 [n,32,3], labels int64 [n], recording int64 [n], end int64 [n] "
            "(the window's last minute in its recording)",
            own,
            digest=run.evaluation_digest,
            links=(("distribution", "eval.npz"),),
        ),
        bom.dataset(
            STREAMS,
            "streams.npz",
            f"{windows // 2} streams of {STREAM} minutes around the windows of eval.npz, one of each "
            "recording; arrays signals float32 [n,44,3], labels int64 [n], start int64 [n] (the first "
            "minute in its recording), event int64 [n] (the instant at which the event begins, or -1)",
            own,
            digest=run.streams_digest,
            links=(("distribution", "streams.npz"),),
        ),
    ]
