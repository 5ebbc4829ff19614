"""How a family lists its models: a decorator that keeps makers by name, and seeded numbers."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
import onnx

Made = tuple[onnx.ModelProto, dict[str, np.ndarray]]


class Family:
    """Makers of one family; the name of a model is the family's, a hyphen and the function's."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.models: dict[str, Callable[[], Made]] = {}

    def model(self, make: Callable[[], Made]) -> Callable[[], Made]:
        self.add(make.__name__, make)
        return make

    def add(self, name: str, make: Callable[[], Made]) -> None:
        self.models[f"{self.name}-{name.replace('_', '-')}"] = make


def numbers(name: str) -> np.random.Generator:
    """A stream of its own for each name."""
    return np.random.default_rng(zlib.crc32(name.encode()))
