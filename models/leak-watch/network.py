"""The leak watch's network in plain NumPy: forward pass and gradients through time.

    signals [N,32,3] -> levels, chord difference and changes -> gated recurrent unit -> linear

Arrays are float64 while training; only the exported weights are rounded to float32.
"""

from __future__ import annotations

import numpy as np

from common.optimiser import Parameters, cross_entropy

# The features are linear in the readings, so that physical units reach the graph.
CENTRE = np.array([250.0, 250.0, 3.75])
LEVELS = np.array(  # columns: chord A, chord B, pressure, chord A less chord B
    [[1 / 256, 0, 0, 1 / 8], [0, 1 / 256, 0, -1 / 8], [0, 0, 1, 0]]
)
CHANGES = np.array([1 / 32, 1 / 32, 8.0])
FEATURES = 7


def initialise(random: np.random.Generator, hidden: int, classes: int) -> Parameters:
    """Uniform in ±1/sqrt(hidden), as is usual for recurrent units; gates stacked update, reset, new."""

    def uniform(*shape: int) -> np.ndarray:
        return random.uniform(-1, 1, shape) / np.sqrt(hidden)

    return {
        "gru.input_weight": uniform(3 * hidden, FEATURES),
        "gru.hidden_weight": uniform(3 * hidden, hidden),
        "gru.input_bias": np.zeros(3 * hidden),
        "gru.hidden_bias": np.zeros(3 * hidden),
        "state.weight": uniform(classes, hidden),
        "state.bias": np.zeros(classes),
    }


def features(signals: np.ndarray) -> np.ndarray:
    """[N,32,3] in physical units -> [N,32,7]: levels, chord difference, changes about the mean."""
    changes = (signals - signals.mean(axis=1, keepdims=True)) * CHANGES
    return np.concatenate([(signals - CENTRE) @ LEVELS, changes], axis=2)


def logits(p: Parameters, signals: np.ndarray) -> np.ndarray:
    """Class scores [N,K] of windows [N,32,3] in physical units."""
    return _forward(p, features(signals))[0]


def windows(streams: np.ndarray, steps: int = 32) -> list[np.ndarray]:
    """All windows of streams [N,T,3], first to last: each [N,32,3]."""
    return [streams[:, start : start + steps] for start in range(streams.shape[1] - steps + 1)]


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * x))


def _forward(p: Parameters, inputs: np.ndarray):
    n, steps, _ = inputs.shape
    hidden = p["gru.hidden_weight"].shape[1]
    driven = inputs @ p["gru.input_weight"].T + p["gru.input_bias"]
    state = np.zeros((n, hidden))
    trace = []
    for step in range(steps):
        recurrent = state @ p["gru.hidden_weight"].T + p["gru.hidden_bias"]
        x, h = driven[:, step], recurrent
        update = _sigmoid(x[:, :hidden] + h[:, :hidden])
        reset = _sigmoid(x[:, hidden : 2 * hidden] + h[:, hidden : 2 * hidden])
        new = np.tanh(x[:, 2 * hidden :] + reset * h[:, 2 * hidden :])
        trace.append((state, update, reset, new, h[:, 2 * hidden :]))
        state = (1 - update) * new + update * state
    return state @ p["state.weight"].T + p["state.bias"], (state, trace)


def loss_and_gradients(
    p: Parameters, signals: np.ndarray, labels: np.ndarray, smoothing: float
) -> tuple[float, Parameters]:
    """Mean cross-entropy against smoothed labels, and its gradient for every parameter."""
    inputs = features(signals)
    scores, (last, trace) = _forward(p, inputs)
    loss, d_scores = cross_entropy(scores, labels, smoothing)
    gradient = {name: np.zeros_like(value) for name, value in p.items()}
    gradient["state.weight"] = d_scores.T @ last
    gradient["state.bias"] = d_scores.sum(axis=0)
    d_state = d_scores @ p["state.weight"]
    for step in reversed(range(inputs.shape[1])):
        state, update, reset, new, recurrent_new = trace[step]
        d_new = d_state * (1 - update) * (1 - new**2)
        d_update = d_state * (state - new) * update * (1 - update)
        d_reset = d_new * recurrent_new * reset * (1 - reset)
        d_driven = np.concatenate([d_update, d_reset, d_new], axis=1)
        d_recurrent = np.concatenate([d_update, d_reset, d_new * reset], axis=1)
        gradient["gru.input_weight"] += d_driven.T @ inputs[:, step]
        gradient["gru.input_bias"] += d_driven.sum(axis=0)
        gradient["gru.hidden_weight"] += d_recurrent.T @ state
        gradient["gru.hidden_bias"] += d_recurrent.sum(axis=0)
        d_state = d_state * update + d_recurrent @ p["gru.hidden_weight"]
    return loss, gradient


def clip(gradient: Parameters, limit: float) -> None:
    """Scales the whole gradient down to norm `limit` where it is longer."""
    norm = np.sqrt(sum(float((value**2).sum()) for value in gradient.values()))
    if norm > limit:
        for value in gradient.values():
            value *= limit / norm
