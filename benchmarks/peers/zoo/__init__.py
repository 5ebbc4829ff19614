"""The families of the model zoo: each function gives a dictionary from model name to its maker."""

from __future__ import annotations

import importlib


def _family(module: str):
    def load():
        return importlib.import_module(f"zoo.{module}").MODELS

    return load


FAMILIES = {
    "torch": _family("torch_models"),
    "dynamo": _family("dynamo_models"),
    "recurrent": _family("recurrent_models"),
    "keras": _family("keras_models"),
    "quantised": _family("quantised_models"),
    "scikit": _family("scikit_models"),
    "boosted": _family("boosted_models"),
    "control": _family("control_models"),
}
