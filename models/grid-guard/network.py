"""The grid guard's network in plain NumPy: forward pass and gradients.

    readings [N,82] -> standardised readings and linear residuals -> linear -> relu -> linear -> relu -> linear

The first step is one fixed affine map. Its residuals are those of the state estimation, linearised at
the base case: what of a snapshot no state of the grid explains.
"""

from __future__ import annotations

import numpy as np

from common.optimiser import Parameters, cross_entropy
from grid import MEASUREMENTS, Grid

RESIDUAL_SCALE = 0.25


def features_of(grid: Grid, readings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The fixed map: weight [164,82] and bias [164], from clean readings of the training part."""
    mean = readings.mean(axis=0)
    spread = np.maximum(readings.std(axis=0), 2 * grid.channels.sigma)
    slope = grid.jacobian / grid.channels.sigma[:, None]
    hat = slope @ np.linalg.solve(slope.T @ slope, slope.T)
    residual = (np.eye(MEASUREMENTS) - hat) / grid.channels.sigma * RESIDUAL_SCALE
    weight = np.concatenate([np.diag(1 / spread), residual])
    bias = np.concatenate([-mean / spread, -residual @ mean])
    return weight, bias


def initialise(random: np.random.Generator, inputs: int, widths: list[int]) -> Parameters:
    """He initialisation of linear layers."""
    parameters: Parameters = {}
    for number, width in enumerate(widths, 1):
        parameters[f"layer{number}.weight"] = random.standard_normal((width, inputs)) * np.sqrt(
            2.0 / inputs
        )
        parameters[f"layer{number}.bias"] = np.zeros(width)
        inputs = width
    return parameters


def scores_of(p: Parameters, features: np.ndarray) -> np.ndarray:
    """Logits [N,2] of features [N,164]."""
    return _forward(p, features)[0]


def _forward(p: Parameters, features: np.ndarray):
    layers = len(p) // 2
    inputs = [features]
    for number in range(1, layers + 1):
        total = inputs[-1] @ p[f"layer{number}.weight"].T + p[f"layer{number}.bias"]
        inputs.append(np.maximum(total, 0) if number < layers else total)
    return inputs[-1], inputs


def loss_and_gradients(
    p: Parameters, features: np.ndarray, labels: np.ndarray, smoothing: float
) -> tuple[float, Parameters]:
    """Mean cross-entropy against smoothed labels, and its gradient for every parameter."""
    scores, inputs = _forward(p, features)
    loss, slope = cross_entropy(scores, labels, smoothing)
    gradient: Parameters = {}
    for number in range(len(p) // 2, 0, -1):
        before = inputs[number - 1]
        gradient[f"layer{number}.weight"] = slope.T @ before
        gradient[f"layer{number}.bias"] = slope.sum(axis=0)
        slope = (slope @ p[f"layer{number}.weight"]) * (before > 0)
    return loss, gradient
