"""The batched load flow and estimator against pandapower's own, on a few snapshots."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandapower
import pandapower.estimation
import pandapower.networks
import pandas

from grid import BRANCHES, BUSES, Grid

CASE = Path(pandapower.networks.__file__).parent / "power_system_test_case_jsons" / "case14.json"
# Both stop when a step is small; what is left is far below the meters' resolution.
TOLERANCE = 1e-6


def compare(grid: Grid, readings: np.ndarray) -> None:
    """Raises if an estimate differs from pandapower's by more than the tolerance (p.u. and rad)."""
    lines = len(grid.net.line)
    worst = 0.0
    for row in readings:
        net = grid.net
        net.measurement.drop(net.measurement.index, inplace=True)
        for number, (value, sigma) in enumerate(zip(row, grid.channels.sigma)):
            kind = grid.channels.names[number][0].lower()
            if number < 3 * BUSES:
                # pandapower counts power at a bus as drawn from the grid.
                sign = 1 if kind == "v" else -1
                pandapower.create_measurement(net, kind, "bus", sign * value, sigma, number % BUSES)
                continue
            branch = (number - 3 * BUSES) % BRANCHES
            if branch < lines:
                pandapower.create_measurement(net, kind, "line", value, sigma, branch, side="from")
            else:
                pandapower.create_measurement(
                    net, kind, "trafo", value, sigma, branch - lines, side="hv"
                )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pandas.errors.SettingWithCopyWarning)
            found = pandapower.estimation.estimate(net, tolerance=1e-9, maximum_iterations=20)
        if not found:
            raise ArithmeticError("pandapower's state estimation does not converge")
        state, _ = grid.estimate(row[None])
        angle = np.radians(net.res_bus_est.va_degree.to_numpy())
        theirs = np.concatenate([(angle - angle[0])[1:], net.res_bus_est.vm_pu.to_numpy()])
        worst = max(worst, float(np.abs(theirs - state[0]).max()))
    print(f"largest difference from pandapower's estimates {worst:.1e}")
    if worst > TOLERANCE:
        raise ArithmeticError("the batched estimator differs from pandapower's")
