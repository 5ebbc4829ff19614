"""The gauge reader's network in plain NumPy: forward pass and gradients.

    image [N,1,8,8] counts -> x / 16 -> conv 3x3 -> relu -> conv 3x3 -> relu -> max pool 2x2 -> linear

Arrays are float64 while training; only the exported weights are rounded to float32.
"""

from __future__ import annotations

import numpy as np

from common.optimiser import Parameters, cross_entropy

SCALE = 1.0 / 16.0  # The sensor counts 0...16; a power of two, so scaling loses no bit.


def initialise(random: np.random.Generator, first: int, second: int) -> Parameters:
    """He initialisation for two convolutions and a linear layer with ten outputs."""

    def he(*shape: int) -> np.ndarray:
        fan_in = int(np.prod(shape[1:]))
        return random.standard_normal(shape) * np.sqrt(2.0 / fan_in)

    return {
        "conv1.weight": he(first, 1, 3, 3),
        "conv1.bias": np.zeros(first),
        "conv2.weight": he(second, first, 3, 3),
        "conv2.bias": np.zeros(second),
        "digit.weight": he(10, second * 4 * 4),
        "digit.bias": np.zeros(10),
    }


def patches(image: np.ndarray) -> np.ndarray:
    """3x3 neighbourhoods with zero padding: [N,C,H,W] -> [N*H*W, C*9]."""
    n, channels, height, width = image.shape
    padded = np.pad(image, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * height * width, channels * 9)


def gather(columns: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The transpose of `patches`: adds every neighbourhood's gradient back to its pixels."""
    n, channels, height, width = shape
    columns = columns.reshape(n, height, width, channels, 3, 3)
    padded = np.zeros((n, channels, height + 2, width + 2))
    for row in range(3):
        for column in range(3):
            padded[:, :, row : row + height, column : column + width] += columns[
                :, :, :, :, row, column
            ].transpose(0, 3, 1, 2)
    return padded[:, :, 1:-1, 1:-1]


def convolve(columns: np.ndarray, weight: np.ndarray, bias: np.ndarray, n: int) -> np.ndarray:
    output = columns @ weight.reshape(weight.shape[0], -1).T + bias
    return output.reshape(n, 8, 8, weight.shape[0]).transpose(0, 3, 1, 2)


def logits(parameters: Parameters, counts: np.ndarray) -> np.ndarray:
    """Class scores [N,10] of images [N,1,8,8] in sensor counts."""
    return _forward(parameters, counts)[0]


def _forward(p: Parameters, counts: np.ndarray):
    n = len(counts)
    columns1 = patches(counts * SCALE)
    hidden1 = np.maximum(convolve(columns1, p["conv1.weight"], p["conv1.bias"], n), 0)
    columns2 = patches(hidden1)
    hidden2 = np.maximum(convolve(columns2, p["conv2.weight"], p["conv2.bias"], n), 0)
    blocks = hidden2.reshape(n, -1, 4, 2, 4, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, -1, 4)
    winners = blocks.argmax(axis=2)
    pooled = np.take_along_axis(blocks, winners[:, :, None], axis=2)[:, :, 0]
    scores = pooled @ p["digit.weight"].T + p["digit.bias"]
    return scores, (columns1, hidden1, columns2, hidden2, winners, pooled)


def loss_and_gradients(
    p: Parameters, counts: np.ndarray, labels: np.ndarray, smoothing: float
) -> tuple[float, Parameters]:
    """Mean cross-entropy against smoothed labels, and its gradient for every parameter."""
    n = len(counts)
    scores, (columns1, hidden1, columns2, hidden2, winners, pooled) = _forward(p, counts)
    loss, d_scores = cross_entropy(scores, labels, smoothing)

    gradient: Parameters = {}
    gradient["digit.weight"] = d_scores.T @ pooled
    gradient["digit.bias"] = d_scores.sum(axis=0)
    d_pooled = d_scores @ p["digit.weight"]
    d_blocks = np.zeros((n, pooled.shape[1], 4))
    np.put_along_axis(d_blocks, winners[:, :, None], d_pooled[:, :, None], axis=2)
    d_hidden2 = (
        d_blocks.reshape(n, -1, 4, 4, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(hidden2.shape)
    ) * (hidden2 > 0)
    d_rows2 = d_hidden2.transpose(0, 2, 3, 1).reshape(-1, hidden2.shape[1])
    gradient["conv2.weight"] = (d_rows2.T @ columns2).reshape(p["conv2.weight"].shape)
    gradient["conv2.bias"] = d_rows2.sum(axis=0)
    d_columns2 = d_rows2 @ p["conv2.weight"].reshape(hidden2.shape[1], -1)
    d_hidden1 = gather(d_columns2, hidden1.shape) * (hidden1 > 0)
    d_rows1 = d_hidden1.transpose(0, 2, 3, 1).reshape(-1, hidden1.shape[1])
    gradient["conv1.weight"] = (d_rows1.T @ columns1).reshape(p["conv1.weight"].shape)
    gradient["conv1.bias"] = d_rows1.sum(axis=0)
    return loss, gradient
