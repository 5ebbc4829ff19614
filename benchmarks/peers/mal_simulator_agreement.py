"""Compares times to compromise with mal-simulator 3.3 on a coreLang plant: expected values first, then speed.

Usage: mal_simulator_agreement.py [--assets N] [--at-least RATIO] LANGUAGE.mal -- BENCHMARKS
BENCHMARKS is `bartizan-benchmarks`. Its `plant-model` writes the plant, which mal-toolbox loads. Then
  - in expected-value mode without Bernoulli trials, the time of every step is compared: here it is worked out from
    mal-simulator's `ttc_values` (a step falls its value after the earliest or the latest of its parents);
  - one attacker of mal-simulator, per-step sampling, tries one step an iteration, breadth first, until nothing is
    left; `plant-times` samples the same graph on one thread. The ratio is the processor time of one run to that of
    one sample.
Exit code 0 when the times agree and the ratio is reached, 1 when not.
"""

import argparse
import heapq
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from maltoolbox.attackgraph import AttackGraph
from maltoolbox.language import LanguageGraph
from maltoolbox.model import Model
from malsim.config.agent_settings import AttackerSettings
from malsim.config.sim_settings import MalSimulatorSettings, TTCMode
from malsim.mal_simulator import MalSimulator
from malsim.policies.attackers.searchers import BreadthFirstAttacker

ENTRY = "Network 0:accessUninspected"


def earliest(graph: AttackGraph, values: dict, entries: set, enabled: set) -> dict:
    """Label setting over the graph: OR after its earliest parent, AND after its latest."""
    waiting = {n: 1 if n.type == "or" else len(n.parents) for n in graph.nodes.values()}
    holds = {
        "defense": lambda n: n not in enabled,
        "exist": lambda n: n.existence_status,
        "notExist": lambda n: not n.existence_status,
    }
    queue = [(0.0, n.id) for n in entries]
    queue += [(0.0, n.id) for n in graph.nodes.values() if n.type in holds and holds[n.type](n)]
    heapq.heapify(queue)
    times = {}
    while queue:
        now, identity = heapq.heappop(queue)
        node = graph.nodes[identity]
        if node in times:
            continue
        times[node] = now
        for child in node.children:
            waiting[child] -= 1
            if waiting[child] == 0 and child not in times:
                heapq.heappush(queue, (now + values[child], child.id))
    return times


def simulator(graph, mode, draws):
    entry = graph.get_node_by_full_name(ENTRY)
    settings = MalSimulatorSettings(
        ttc_mode=mode, seed=1, run_defense_step_bernoullis=draws, run_attack_step_bernoullis=draws
    )
    attacker = AttackerSettings("attacker", entry_points={entry}, policy=BreadthFirstAttacker)
    return entry, MalSimulator(graph, agents=[attacker], sim_settings=settings)


def differences(graph, ours):
    """Steps whose expected time differs, and how many were compared."""
    entry, simulation = simulator(graph, TTCMode.EXPECTED_VALUE, False)
    state = simulation.sim_state.graph_state
    times = earliest(graph, state.ttc_values, {entry}, state.pre_enabled_defenses)
    wrong = []
    for node in graph.nodes.values():
        if node.type not in ("or", "and"):
            continue
        theirs, own = times.get(node), ours.get(node.full_name)
        if (theirs is None) != (own is None) or (own is not None and abs(own - theirs) > 1e-9 * max(1, theirs)):
            wrong.append(f"{node.full_name}: {own}, mal-simulator {theirs}")
    return wrong, len(times)


def one_run(graph):
    _, simulation = simulator(graph, TTCMode.PER_STEP_SAMPLE, True)
    start = time.process_time()
    states = simulation.reset()
    policy = simulation.agent_settings["attacker"].agent
    while not simulation.done():
        action = policy.get_next_action(states["attacker"])
        states = simulation.step({"attacker": [action] if action else []})
    return time.process_time() - start, len(states["attacker"].performed_nodes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=int, default=309)
    parser.add_argument("--at-least", type=float, default=10_000)
    parser.add_argument("language")
    parser.add_argument("benchmarks")
    options = parser.parse_args([argument for argument in sys.argv[1:] if argument != "--"])

    def bench(*arguments):
        size = ["--assets", str(options.assets)]
        return subprocess.run(
            [options.benchmarks, *arguments, options.language, *size], check=True, capture_output=True
        ).stdout

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plant.json")
        path.write_bytes(bench("plant-model"))
        language = LanguageGraph.from_mal_spec(options.language)
        graph = AttackGraph(language, Model.load_from_file(str(path), language))
    ours = json.loads(bench("plant-times"))
    sample = float(ours["seconds"])
    wrong, reached = differences(graph, {name: float(days) for name, days in ours["expected"].items()})
    for line in wrong[:10]:
        print(line)
    print(f"{len(graph.nodes)} nodes: {reached} expected times, {len(wrong)} differ from mal-simulator's")
    seconds, performed = one_run(graph)
    ratio = seconds / sample
    print(f"one run of mal-simulator {seconds:.2f} s ({performed} compromised); one sample {sample:.3e} s")
    print(f"ratio {ratio:.0f}, to reach {options.at_least:.0f}")
    return 0 if not wrong and ratio >= options.at_least else 1


if __name__ == "__main__":
    sys.exit(main())
