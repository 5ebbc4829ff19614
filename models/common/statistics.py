"""Shares and quantiles with 95 % intervals that assume no distribution."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta, binom


def clopper_pearson(hits: int, count: int) -> tuple[float, float]:
    """The two-sided exact 95 % interval of a share (Clopper and Pearson 1934)."""
    lower = beta.ppf(0.025, hits, count - hits + 1) if hits > 0 else 0.0
    upper = beta.ppf(0.975, hits + 1, count - hits) if hits < count else 1.0
    return float(lower), float(upper)


def quantile(values: np.ndarray, share: float) -> tuple[float, float, float]:
    """A quantile and its 95 % interval between order statistics (David and Nagaraja 2003, 7.1).

    The value is the ceil(n·share)-th smallest. The interval's ranks come from the binomial
    distribution; where no rank is high enough, its upper end is infinite.
    """
    ordered = np.sort(values)
    n = len(ordered)
    value = ordered[min(n, max(1, int(np.ceil(n * share)))) - 1]
    low, high = int(binom.ppf(0.025, n, share)), int(binom.ppf(0.975, n, share)) + 1
    lower = ordered[low - 1] if low >= 1 else -np.inf
    upper = ordered[high - 1] if high <= n else np.inf
    return float(value), float(lower), float(upper)
