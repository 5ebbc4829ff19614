"""The optimiser of the networks that are trained in plain NumPy."""

from __future__ import annotations

import numpy as np

Parameters = dict[str, np.ndarray]


class Adam:
    """Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019)."""

    def __init__(self, parameters: Parameters, weight_decay: float):
        self.mean = {name: np.zeros_like(value) for name, value in parameters.items()}
        self.square = {name: np.zeros_like(value) for name, value in parameters.items()}
        self.weight_decay = weight_decay
        self.step_count = 0

    def step(self, parameters: Parameters, gradient: Parameters, rate: float) -> None:
        self.step_count += 1
        for name, value in parameters.items():
            self.mean[name] = 0.9 * self.mean[name] + 0.1 * gradient[name]
            self.square[name] = 0.999 * self.square[name] + 0.001 * gradient[name] ** 2
            mean = self.mean[name] / (1 - 0.9**self.step_count)
            square = self.square[name] / (1 - 0.999**self.step_count)
            decay = self.weight_decay if name.endswith("weight") else 0.0
            value -= rate * (mean / (np.sqrt(square) + 1e-8) + decay * value)


def cosine(peak: float, progress: float) -> float:
    """A learning rate that falls from `peak` to 0 along half a cosine; progress from 0 to 1."""
    return peak * (1 + np.cos(np.pi * progress)) / 2


def cross_entropy(
    scores: np.ndarray, labels: np.ndarray, smoothing: float
) -> tuple[float, np.ndarray]:
    """Mean cross-entropy of logits [N,K] against smoothed labels, and its gradient [N,K]."""
    n, classes = scores.shape
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_share = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    target = np.full((n, classes), smoothing / classes)
    target[np.arange(n), labels] += 1 - smoothing
    return float(-(target * log_share).sum() / n), (np.exp(log_share) - target) / n
