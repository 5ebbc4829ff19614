"""Snapshots of the grid in operation, and false data injected into them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grid import BUSES, MEASUREMENTS, Grid

KINDS = ("normal", "gross error", "stealthy, linear", "stealthy, exact", "replayed stations")
# Largest change of a state variable in a stealthy injection: angle in degrees, or voltage in percent.
SIZES = {"small": (0.1, 0.3), "medium": (0.3, 0.8), "large": (0.8, 2.0)}


@dataclass
class Snapshots:
    """Readings [N,82] as they reach the detector, and how they came about."""

    readings: np.ndarray
    clean: np.ndarray
    labels: np.ndarray
    kind: np.ndarray
    size: np.ndarray


def operated(grid: Grid, count: int, random: np.random.Generator) -> np.ndarray:
    """True complex voltages [N,14] of independent snapshots over the hours of a day."""
    hour = random.uniform(0, 24, count)
    daily = 0.8 + 0.2 * np.sin((hour - 9) / 24 * 2 * np.pi) + 0.05 * random.standard_normal(count)
    each = np.exp(0.06 * random.standard_normal((count, BUSES)))
    factor = np.exp(0.03 * random.standard_normal((count, BUSES)))
    load = daily[:, None] * each * (grid.load.real + 1j * grid.load.imag * factor)
    dispatch = grid.generation * (daily + 0.1 * random.standard_normal(count))[:, None]
    held = np.abs(grid.nominal[grid.controlled]) + random.uniform(-0.01, 0.01, (count, 4))
    reference = np.abs(grid.nominal[0]) + random.uniform(-0.01, 0.01, count)
    return grid.load_flow(dispatch - load, reference, held)


def metered(grid: Grid, exact: np.ndarray, random: np.random.Generator) -> np.ndarray:
    noisy = exact + random.standard_normal(exact.shape) * grid.channels.sigma
    return on_grid(grid, noisy)


def on_grid(grid: Grid, readings: np.ndarray) -> np.ndarray:
    """What the telecontrol protocol can carry: whole least significant bits inside the range."""
    step, limits = grid.channels.least_significant_bit, grid.channels.range
    return np.clip(np.round(readings / step) * step, limits[:, 0], limits[:, 1])


def joined(parts: list[Snapshots]) -> Snapshots:
    names = Snapshots.__dataclass_fields__
    return Snapshots(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def snapshots(grid: Grid, counts: tuple[int, ...], random: np.random.Generator) -> Snapshots:
    """`counts[k]` snapshots of each kind; stealthy ones take the three sizes in turn."""
    kind = np.repeat(np.arange(len(KINDS)), counts)
    total = len(kind)
    voltage = operated(grid, total, random)
    clean = metered(grid, grid.measure(voltage), random)
    older = metered(grid, grid.measure(operated(grid, total, random)), random)
    readings = clean.copy()
    size = np.full(total, -1)
    stealthy = np.flatnonzero((kind == 2) | (kind == 3))
    known = dict(zip(stealthy.tolist(), grid.estimate(clean[stealthy])[0]))
    for row in range(total):
        match kind[row]:
            case 1:
                readings[row] += _gross(grid, random)
            case 2 | 3:
                size[row] = row % len(SIZES)
                change = _state_change(list(SIZES.values())[size[row]], random)
                readings[row] += _stealthy(grid, known[row], change, kind[row] == 3)
            case 4:
                channels = np.isin(grid.channels.bus, _neighbours(grid, random))
                readings[row, channels] = older[row, channels]
    return Snapshots(on_grid(grid, readings), clean, (kind > 0).astype(int), kind, size)


def from_base_case(grid: Grid, clean: np.ndarray, size: str, random: np.random.Generator) -> np.ndarray:
    """Readings with a = H c, H that of the base case: what an attacker without an estimate can do."""
    changes = np.stack([_state_change(SIZES[size], random) for _ in clean])
    return on_grid(grid, clean + changes @ grid.jacobian.T)


def _gross(grid: Grid, random: np.random.Generator) -> np.ndarray:
    """One to three channels wrong by 8 to 60 standard deviations of their noise."""
    error = np.zeros(MEASUREMENTS)
    which = random.choice(MEASUREMENTS, random.integers(1, 4), replace=False)
    error[which] = random.choice([-1, 1], len(which)) * random.uniform(8, 60, len(which))
    return error * grid.channels.sigma


def _state_change(limits: tuple[float, float], random: np.random.Generator) -> np.ndarray:
    """One to three buses' angle or voltage, the largest between the limits; bus 1's angle is 0."""
    change = np.zeros(2 * BUSES - 1)
    which = random.choice(len(change), random.integers(1, 4), replace=False)
    change[which] = random.choice([-1, 1], len(which)) * random.uniform(0.3, 1, len(which))
    change *= random.uniform(*limits) / np.abs(change).max()
    return change * np.concatenate([np.full(BUSES - 1, np.pi / 180), np.full(BUSES, 0.01)])


def _stealthy(grid: Grid, state: np.ndarray, change: np.ndarray, exact: bool) -> np.ndarray:
    """a = H c at the attacker's own estimate of the state, or a = h(x + c) - h(x)."""
    before = grid.voltage(state[None])
    if exact:
        return (grid.measure(grid.voltage((state + change)[None])) - grid.measure(before))[0]
    return grid.jacobians(before)[0] @ change


def _neighbours(grid: Grid, random: np.random.Generator) -> np.ndarray:
    """A substation, or two or three along branches."""
    chosen = {int(random.integers(BUSES))}
    for _ in range(random.integers(0, 3)):
        a, b = grid.branch_from, grid.branch_to
        reach = sorted(({*a[np.isin(b, list(chosen))]} | {*b[np.isin(a, list(chosen))]}) - chosen)
        chosen.add(int(reach[random.integers(len(reach))]))
    return np.array(sorted(chosen))
