"""Recordings of a water main: EPANET's Net3, minute by minute, with customers, pumps, leaks and bursts.

The meter sits in pipe 103, a main of DN 400, beside junction 101. EPANET solves one steady state a
minute. Customers' demands follow the network's own daily patterns with noise of their own; hydrants
are opened for a few minutes; pumps start and stop. A leak or a burst is an emitter: its outflow goes
with the square root of the pressure. All of it is drawn from the recording's own random stream.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wntr
from wntr.epanet.toolkit import ENepanet

NETWORK = Path(wntr.__file__).parent / "library" / "networks" / "Net3.inp"
METER_PIPE, METER_JUNCTION = "103", "101"
SITES = ("101", "103", "105", "107", "109", "half-way-101", "half-way-103", "half-way-109")
MINUTES = 180
METRES_PER_BAR = 10.19716

# Codes of the EPANET toolkit 2.2.
BASE_DEMAND, EMITTER, TANK_LEVEL, PRESSURE = 1, 3, 8, 11
FLOW, STATUS = 8, 11


@dataclass
class Recording:
    """What truly happens at the meter: flow in m³/h and pressure in bar, one value a minute."""

    flow: np.ndarray
    pressure: np.ndarray
    event: str
    start: int


class Main:
    """The network, opened once; `record` runs three hours of it."""

    def __init__(self) -> None:
        model = wntr.network.WaterNetworkModel(str(NETWORK))
        for name in list(model.control_name_list):
            model.remove_control(name)
        for pipe in ("101", "103", "109"):
            model = wntr.morph.split_pipe(model, pipe, f"{pipe}-end", f"half-way-{pipe}")
        patterns = {name: np.array(pattern.multipliers) for name, pattern in model.patterns()}
        self.daily, self.base, self.junctions = [], [], []
        for name, junction in model.junctions():
            demand = junction.demand_timeseries_list[0]
            if demand.base_value > 0:
                self.junctions.append(name)
                self.base.append(demand.base_value * 3600)
                self.daily.append(patterns[demand.pattern_name or "1"])
                demand.pattern_name = None
        self.base, self.daily = np.array(self.base), np.array(self.daily)
        self.tanks = [(name, tank.min_level, tank.max_level) for name, tank in model.tanks()]
        model.add_pattern("constant", [1.0])
        model.options.hydraulic.pattern = "constant"
        time = model.options.time
        time.hydraulic_timestep = time.report_timestep = 60
        time.duration = MINUTES * 60
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "net.inp"
        wntr.network.write_inpfile(model, str(file), units="CMH", version=2.2)
        self.epanet = ENepanet(version=2.2)
        self.epanet.ENopen(str(file), str(file.with_suffix(".rpt")), "")
        self.nodes = {
            name: self.epanet.ENgetnodeindex(name)
            for name in sorted({*self.junctions, *SITES, METER_JUNCTION, *(t[0] for t in self.tanks)})
        }
        self.links = {name: self.epanet.ENgetlinkindex(name) for name in ("10", "330", "335", METER_PIPE)}

    def record(self, event: str, random: np.random.Generator) -> Recording:
        """Three hours with one `event`: normal, leak, burst, or fault (of a sensor: not seen here)."""
        demand = self._demands(random)
        start = int(random.integers(60, 140))
        emitter = np.zeros(MINUTES)
        site = SITES[random.integers(len(SITES))]
        if event == "leak":
            growth = np.clip((np.arange(MINUTES) - start + 1) / random.integers(1, 7), 0, 1)
            emitter = growth * random.uniform(4.0, 12.0)
        elif event == "burst":
            emitter = (np.arange(MINUTES) >= start) * random.uniform(20.0, 70.0)
        lake, river = self._pumps(random), self._pumps(random)

        epanet = self.epanet
        for name, low, high in self.tanks:
            epanet.ENsetnodevalue(
                self.nodes[name], TANK_LEVEL, low + (high - low) * random.uniform(0.35, 0.85)
            )
        flow, pressure = np.zeros(MINUTES), np.zeros(MINUTES)
        epanet.ENopenH()
        epanet.ENinitH(0)
        for minute in range(MINUTES):
            for name, value in zip(self.junctions, demand[:, minute]):
                epanet.ENsetnodevalue(self.nodes[name], BASE_DEMAND, value)
            epanet.ENsetnodevalue(self.nodes[site], EMITTER, emitter[minute])
            epanet.ENsetlinkvalue(self.links["10"], STATUS, lake[minute])
            epanet.ENsetlinkvalue(self.links["335"], STATUS, river[minute])
            epanet.ENsetlinkvalue(self.links["330"], STATUS, 1 - river[minute])
            epanet.ENrunH()
            flow[minute] = epanet.ENgetlinkvalue(self.links[METER_PIPE], FLOW)
            pressure[minute] = (
                epanet.ENgetnodevalue(self.nodes[METER_JUNCTION], PRESSURE) / METRES_PER_BAR
            )
            epanet.ENnextH()
        epanet.ENcloseH()
        epanet.ENsetnodevalue(self.nodes[site], EMITTER, 0.0)
        return Recording(flow, pressure, event, start)

    def _demands(self, random: np.random.Generator) -> np.ndarray:
        """Demand of each customer in m³/h, [junctions, minutes]."""
        hours = random.uniform(0, 24) + np.arange(MINUTES) / 60
        below = np.floor(hours).astype(int)
        share = hours - below
        level = self.daily[:, below % 24] * (1 - share) + self.daily[:, (below + 1) % 24] * share
        noise = np.zeros((len(self.base), MINUTES))
        noise[:, 0] = random.standard_normal(len(self.base)) * 0.08
        for minute in range(1, MINUTES):
            kick = random.standard_normal(len(self.base)) * 0.08
            noise[:, minute] = 0.9 * noise[:, minute - 1] + np.sqrt(1 - 0.9**2) * kick
        demand = self.base[:, None] * level * np.exp(noise)
        near = [self.junctions.index(name) for name in ("101", "103", "105", "107", "109")]
        for _ in range(random.poisson(3)):
            # A hydrant: two to six minutes, often beside the main.
            row = near[random.integers(5)] if random.random() < 0.7 else random.integers(len(demand))
            begin, length = random.integers(0, MINUTES), random.integers(2, 7)
            demand[row, begin : begin + length] += np.exp(random.uniform(np.log(10), np.log(150)))
        return demand

    def _pumps(self, random: np.random.Generator) -> np.ndarray:
        """1 where a pump runs; it changes at most once in a recording."""
        status = np.full(MINUTES, float(random.random() < 0.7))
        if random.random() < 0.4:
            status[random.integers(20, MINUTES) :] = 1 - status[0]
        return status
