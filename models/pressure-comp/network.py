"""The compensation in plain NumPy before it is quantised: forward pass and gradients.

    readings [N,2] -> scaled -> straight line a·x + b, plus a correction by linear 16, relu, 16, relu, 1

The line alone would be a transmitter without temperature compensation. Only the correction is
quantised later, so the eight bits resolve a fraction of the span.
"""

from __future__ import annotations

import numpy as np

from common.optimiser import Parameters

# The middle and half the width of the working range: mV and °C.
CENTRE = np.array([60.0, 22.5])
SCALE = 1 / np.array([64.0, 64.0])


def scaled(readings: np.ndarray) -> np.ndarray:
    return (readings - CENTRE) * SCALE


def fitted_line(inputs: np.ndarray, bar: np.ndarray) -> tuple[np.ndarray, float]:
    """Least squares: pressure as weights [2] times scaled readings, plus a constant."""
    columns = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    solution = np.linalg.lstsq(columns, bar, rcond=None)[0]
    return solution[:2], float(solution[2])


def initialise(random: np.random.Generator, widths: tuple[int, ...]) -> Parameters:
    """He initialisation of linear layers after two inputs."""
    parameters: Parameters = {}
    inputs = 2
    for number, width in enumerate(widths, 1):
        parameters[f"layer{number}.weight"] = random.standard_normal((width, inputs)) * np.sqrt(
            2.0 / inputs
        )
        parameters[f"layer{number}.bias"] = random.uniform(-0.5, 0.5, width) * (width > 1)
        inputs = width
    return parameters


def correction(p: Parameters, inputs: np.ndarray) -> np.ndarray:
    """What is to be added to the line, in bar, of scaled readings [N,2]."""
    return _forward(p, inputs)[-1][:, 0]


def _forward(p: Parameters, inputs: np.ndarray) -> list[np.ndarray]:
    values = [inputs]
    layers = len(p) // 2
    for number in range(1, layers + 1):
        total = values[-1] @ p[f"layer{number}.weight"].T + p[f"layer{number}.bias"]
        values.append(np.maximum(total, 0) if number < layers else total)
    return values


def loss_and_gradients(
    p: Parameters, inputs: np.ndarray, wanted: np.ndarray
) -> tuple[float, Parameters]:
    """Mean squared error in bar², and its gradient for every parameter."""
    values = _forward(p, inputs)
    error = values[-1][:, 0] - wanted
    slope = 2 * error[:, None] / len(wanted)
    gradient: Parameters = {}
    for number in range(len(p) // 2, 0, -1):
        before = values[number - 1]
        gradient[f"layer{number}.weight"] = slope.T @ before
        gradient[f"layer{number}.bias"] = slope.sum(axis=0)
        slope = (slope @ p[f"layer{number}.weight"]) * (before > 0)
    return float((error**2).mean()), gradient
