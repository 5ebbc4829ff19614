"""The IEEE 14-bus grid as a measured system: load flows, measurement equations, state estimation.

Admittances come from pandapower's `case14`. Everything is batched over snapshots in NumPy, because
thousands are needed; `train.py` compares some of them with pandapower's own load flow and estimator.
State: 13 voltage angles in rad (bus 1 is the reference), then 14 voltage magnitudes in p.u.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandapower
import pandapower.networks

BUSES, BRANCHES = 14, 20
STATES = 2 * BUSES - 1
MEASUREMENTS = 3 * BUSES + 2 * BRANCHES
BASE_MVA = 100.0


@dataclass
class Channels:
    """The 82 readings in order: V, P and Q of each bus, then P and Q into each branch."""

    names: list[str]
    units: list[str]
    bus: np.ndarray
    sigma: np.ndarray
    least_significant_bit: np.ndarray
    range: np.ndarray


class Grid:
    def __init__(self) -> None:
        self.net = pandapower.networks.case14()
        pandapower.runpp(self.net, numba=False)
        case = self.net._ppc["internal"]
        self.admittance = case["Ybus"].toarray()
        self.from_admittance = case["Yf"].toarray()
        ends = case["branch"][:, :2].real.astype(int)
        self.branch_from, self.branch_to = ends[:, 0], ends[:, 1]
        self.nominal = case["V"].copy()
        self.load = np.zeros(BUSES, complex)
        np.add.at(self.load, self.net.load.bus, self.net.load.p_mw + 1j * self.net.load.q_mvar)
        self.generation = np.zeros(BUSES)
        np.add.at(self.generation, self.net.gen.bus, self.net.gen.p_mw)
        self.controlled = np.sort(self.net.gen.bus.to_numpy())
        self.channels = self._channels()
        self.origin = self.state(self.nominal[None])[0]
        self.base = self.measure(self.nominal[None])[0]
        self.jacobian = self.jacobians(self.nominal[None])[0]

    def _channels(self) -> Channels:
        """Noise by meter class: 0.2 for voltages; 0.5 for powers, of nominal, with a floor."""
        power = np.abs(self.measure(self.nominal[None])[0, BUSES:])
        sigma = np.concatenate([np.full(BUSES, 0.002), 0.3 + 0.005 * power])
        bus = np.concatenate([np.tile(np.arange(BUSES), 3), np.tile(self.branch_from, 2)])
        names = [f"{kind} bus {number + 1}" for kind in "VPQ" for number in range(BUSES)] + [
            f"{kind} bus {a + 1} to {b + 1}"
            for kind in "PQ"
            for a, b in zip(self.branch_from, self.branch_to)
        ]
        units = [{"V": "p.u.", "P": "MW", "Q": "Mvar"}[name[0]] for name in names]
        limits = {"V": (0.8, 1.2), "P": (-400.0, 400.0), "Q": (-200.0, 200.0)}
        grain = {"V": 0.0001, "P": 0.01, "Q": 0.01}
        return Channels(
            names,
            units,
            bus,
            sigma,
            np.array([grain[name[0]] for name in names]),
            np.array([limits[name[0]] for name in names]),
        )

    def state(self, voltage: np.ndarray) -> np.ndarray:
        """[N,27] of complex voltages [N,14]."""
        angle = np.angle(voltage)
        return np.concatenate([angle[:, 1:] - angle[:, :1], np.abs(voltage)], axis=1)

    def voltage(self, state: np.ndarray) -> np.ndarray:
        angle = np.concatenate([np.zeros((len(state), 1)), state[:, : BUSES - 1]], axis=1)
        return state[:, BUSES - 1 :] * np.exp(1j * angle)

    def measure(self, voltage: np.ndarray) -> np.ndarray:
        """h(x): exact readings [N,82] in p.u., MW and Mvar of complex voltages [N,14]."""
        injected = voltage * np.conj(voltage @ self.admittance.T) * BASE_MVA
        entering = voltage[:, self.branch_from] * np.conj(voltage @ self.from_admittance.T)
        flow = entering * BASE_MVA
        return np.concatenate(
            [np.abs(voltage), injected.real, injected.imag, flow.real, flow.imag], axis=1
        )

    def jacobians(self, voltage: np.ndarray) -> np.ndarray:
        """H(x): the derivative of the readings by the state, [N,82,27]."""
        unit = voltage / np.abs(voltage)

        def of_power(rows: np.ndarray, admittance: np.ndarray):
            current = voltage @ admittance.T
            at = np.zeros((len(rows), BUSES))
            at[np.arange(len(rows)), rows] = 1
            own = voltage[:, rows]
            by_size = own[:, :, None] * np.conj(admittance * unit[:, None, :])
            by_size = by_size + (np.conj(current) * unit[:, rows])[:, :, None] * at
            by_angle = own[:, :, None] * np.conj(1j * admittance * voltage[:, None, :])
            by_angle = by_angle + (1j * own * np.conj(current))[:, :, None] * at
            return np.concatenate([by_angle[:, :, 1:], by_size], axis=2) * BASE_MVA

        injected = of_power(np.arange(BUSES), self.admittance)
        flow = of_power(self.branch_from, self.from_admittance)
        size = np.concatenate([np.zeros((BUSES, BUSES - 1)), np.eye(BUSES)], axis=1)
        size = np.broadcast_to(size, (len(voltage), BUSES, STATES))
        return np.concatenate(
            [size, injected.real, injected.imag, flow.real, flow.imag], axis=1
        )

    def load_flow(self, power: np.ndarray, reference: np.ndarray, held: np.ndarray) -> np.ndarray:
        """Newton's method: complex voltages [N,14] for net injections [N,14] in MVA.

        `reference` [N] is the voltage of bus 1, `held` [N,4] that of the buses with a generator; the
        reactive power of those and both powers of bus 1 follow.
        """
        free = np.setdiff1d(np.arange(1, BUSES), self.controlled)
        rows = np.concatenate([BUSES + np.arange(1, BUSES), 2 * BUSES + free])
        columns = np.concatenate([np.arange(BUSES - 1), BUSES - 1 + free])
        state = np.tile(self.origin, (len(power), 1))
        state[:, BUSES - 1] = reference
        state[:, BUSES - 1 + self.controlled] = held
        wanted = np.concatenate([power.real[:, 1:], power.imag[:, free]], axis=1)
        for _ in range(12):
            voltage = self.voltage(state)
            error = wanted - self.measure(voltage)[:, rows]
            if np.abs(error).max() < 1e-8:
                return voltage
            slope = self.jacobians(voltage)[:, rows][:, :, columns]
            state[:, columns] += np.linalg.solve(slope, error[:, :, None])[:, :, 0]
        raise ArithmeticError("the load flow does not converge")

    def estimate(self, readings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weighted least squares by Gauss-Newton: states [N,27], and the sums of squared residuals."""
        sigma = self.channels.sigma
        state = np.tile(self.origin, (len(readings), 1))
        for _ in range(8):
            voltage = self.voltage(state)
            slope = self.jacobians(voltage) / sigma[:, None]
            error = (readings - self.measure(voltage)) / sigma
            normal = np.einsum("nki,nkj->nij", slope, slope)
            step = np.einsum("nki,nk->ni", slope, error)
            state += np.linalg.solve(normal, step[:, :, None])[:, :, 0]
        error = (readings - self.measure(self.voltage(state))) / sigma
        return state, (error**2).sum(axis=1)

    def linear_squares(self, readings: np.ndarray) -> np.ndarray:
        """The sums of squared residuals of an estimation that is linearised at the base case."""
        slope = self.jacobian / self.channels.sigma[:, None]
        error = (readings - self.base) / self.channels.sigma
        explained = np.linalg.solve(slope.T @ slope, slope.T @ error.T)
        return ((error - (slope @ explained).T) ** 2).sum(axis=1)
