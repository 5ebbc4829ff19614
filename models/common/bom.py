"""A model's bill of materials: a CycloneDX 1.6 ML-BOM with measured metrics and real hashes."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from common.statistics import clopper_pearson, quantile

MODEL_VERSION = "1.0.0"


def write(path: Path, document: dict) -> None:
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")


def document(
    model: dict, libraries: tuple[str, ...], data: list[dict], origins: dict[str, list[str]]
) -> dict:
    """The whole card. `origins` says, reference by reference, what each entry was made from."""
    digest = model["hashes"][0]["content"]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "tools": {
                "components": [
                    {"type": "library", "name": name, "version": version(name)}
                    for name in libraries
                ]
            },
            "component": model,
        },
        "components": data,
        "dependencies": [
            {"ref": reference, **({"dependsOn": sources} if sources else {})}
            for reference, sources in origins.items()
        ],
    }


def model(
    name: str, description: str, digest: str, model_card: dict, properties: list[dict]
) -> dict:
    """The learning component itself, under the project's own licence."""
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{name}",
        "name": name,
        "version": MODEL_VERSION,
        "description": description,
        "hashes": hashes(digest),
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "externalReferences": [
            {"type": "distribution", "url": "model.onnx", "hashes": hashes(digest)}
        ],
        "modelCard": model_card,
        "properties": properties,
    }


def parameters(
    task: str, family: str, architecture: str, datasets: list[str], inputs: str, outputs: list[str]
) -> dict:
    """What was learnt, from which data sets, between which tensors."""
    return {
        "approach": {"type": "supervised"},
        "task": task,
        "architectureFamily": family,
        "modelArchitecture": architecture,
        "datasets": [{"ref": reference} for reference in datasets],
        "inputs": [{"format": inputs}],
        "outputs": [{"format": output} for output in outputs],
    }


def dataset(
    reference: str,
    name: str,
    description: str,
    licence: dict,
    *,
    digest: str | None = None,
    release: str = MODEL_VERSION,
    links: tuple[tuple[str, str], ...] = (),
    properties: list[dict] | None = None,
) -> dict:
    """Data that the model was made from or measured on; `links` are (type, URL)."""
    return {
        "type": "data",
        "bom-ref": reference,
        "name": name,
        "version": release,
        "description": description,
        **({"hashes": hashes(digest)} if digest else {}),
        "licenses": [{"license": licence}],
        **(
            {"externalReferences": [{"type": kind, "url": url} for kind, url in links]}
            if links
            else {}
        ),
        "data": [
            {
                "type": "dataset",
                "bom-ref": f"{reference}:contents",
                "name": name,
                "classification": "public",
                "description": description,
            }
        ],
        **({"properties": properties} if properties else {}),
    }


def share(kind: str, part: str | None, correct: np.ndarray) -> dict:
    """A share with its two-sided 95 % Clopper-Pearson interval."""
    hits, count = int(correct.sum()), len(correct)
    return metric(kind, part, hits / count, *clopper_pearson(hits, count))


def error_quantile(kind: str, part: str | None, errors: np.ndarray, level: float) -> dict:
    """A quantile with its 95 % interval between order statistics."""
    return metric(kind, part, *quantile(errors, level))


def metric(kind: str, part: str | None, value: float, lower: float, upper: float) -> dict:
    interval = {"lowerBound": f"{lower:.6f}", "upperBound": f"{upper:.6f}"}
    return plain_metric(kind, part, value) | {"confidenceInterval": interval}


def plain_metric(kind: str, part: str | None, value: float) -> dict:
    """A number for which no interval would be honest, such as a share of dependent samples."""
    return {"type": kind, "value": f"{value:.6f}", **({"slice": part} if part else {})}


@dataclass
class Channel:
    """One input channel, or several alike, as the campaign plan of a product needs it."""

    index: str
    name: str
    unit: str
    range: str
    least_significant_bit: str
    noise: str
    slew: str
    written_by: str

    def property(self) -> dict:
        return property(
            f"channel:{self.index}",
            f"{self.name}; unit {self.unit}; range {self.range}; least significant bit "
            f"{self.least_significant_bit}; noise {self.noise}; slew {self.slew}; written by "
            f"{self.written_by}",
        )


def property(name: str, value: object) -> dict:
    return {"name": f"bartizan:{name}", "value": str(value)}


def properties(
    split: str, settings: dict, channels: tuple[Channel, ...] = (), facts: dict | None = None
) -> list[dict]:
    """The split, what a campaign plan needs to know of the inputs, and the hyper-parameters."""
    return [
        property("split", split),
        *(channel.property() for channel in channels),
        *(property(name, value) for name, value in (facts or {}).items()),
        *(property(f"hyperparameter:{name}", value) for name, value in settings.items()),
    ]


def hashes(digest: str) -> list[dict]:
    return [{"alg": "SHA-256", "content": digest}]
