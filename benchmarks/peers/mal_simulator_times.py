"""Times one attack that takes everything with mal-simulator, and prints what its expected-value mode says.

Builds a coreLang model of about ASSETS assets with mal-toolbox: networks in a row, and on each of them
machines with an application, data, an identity with credentials, and a vulnerability now and then. An
attacker who stands on the first network then tries one step an iteration, breadth first, until nothing is
left to try.

Needs mal-simulator 3.3. Usage:
mal_simulator_times.py LANGUAGE.mal ASSETS [--mode per-step|expected] [--seed N] [--limit ITERATIONS]
                                           [--times FILE]
Prints nodes, edges, what was compromised and the seconds of the run (graph and simulator are built before).
--times writes, for expected-value mode without Bernoulli trials, {"node": [value, earliest time]} as JSON:
the value that mal-simulator gives the step, and when it falls to an attacker who works on all steps at once
(a step its value after the earliest or the latest of its parents). Exit code 2 when called wrongly.
"""

import argparse
import heapq
import json
import sys
import time

from maltoolbox.attackgraph import AttackGraph
from maltoolbox.language import LanguageGraph
from maltoolbox.model import Model
from malsim.config.agent_settings import AttackerSettings
from malsim.config.sim_settings import MalSimulatorSettings, TTCMode
from malsim.mal_simulator import MalSimulator
from malsim.policies.attackers.searchers import BreadthFirstAttacker

MODES = {"per-step": TTCMode.PER_STEP_SAMPLE, "expected": TTCMode.EXPECTED_VALUE}
ENTRY = "accessUninspected"


def build(language: LanguageGraph, size: int) -> Model:
    model = Model("plant", language)
    count = 0

    def add(kind: str):
        nonlocal count
        count += 1
        return model.add_asset(kind, name=f"{kind}{count}")

    previous = None
    while count < size:
        network = add("Network")
        if previous:
            rule = add("ConnectionRule")
            rule.add_associated_assets("networks", {previous, network})
        previous = network
        for machine in range(4):
            if count >= size:
                break
            hardware, application, data = add("Hardware"), add("Application"), add("Data")
            identity, credentials = add("Identity"), add("Credentials")
            application.add_associated_assets("hostHardware", {hardware})
            application.add_associated_assets("networks", {network})
            application.add_associated_assets("containedData", {data})
            application.add_associated_assets("executionPrivIAMs", {identity})
            credentials.add_associated_assets("identities", {identity})
            data.add_associated_assets("information", {credentials})
            if machine % 2 == 0:
                weakness = add("SoftwareVulnerability")
                weakness.add_associated_assets("application", {application})
    return model


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language")
    parser.add_argument("assets", type=int)
    parser.add_argument("--mode", choices=MODES, default="per-step")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=10**9)
    parser.add_argument("--times")
    options = parser.parse_args()
    if options.times and options.mode != "expected":
        print("--times needs --mode expected", file=sys.stderr)
        return 2

    language = LanguageGraph.from_mal_spec(options.language)
    model = build(language, options.assets)
    graph = AttackGraph(language, model)
    edges = sum(len(node.children) for node in graph.nodes.values())
    print(f"{len(model.assets)} assets, {len(graph.nodes)} nodes, {edges} edges")

    entry = graph.get_node_by_full_name(f"Network1:{ENTRY}")
    draws = options.times is None
    settings = MalSimulatorSettings(
        ttc_mode=MODES[options.mode],
        seed=options.seed,
        run_defense_step_bernoullis=draws,
        run_attack_step_bernoullis=draws,
    )
    attacker = AttackerSettings("attacker", entry_points={entry}, policy=BreadthFirstAttacker)
    simulator = MalSimulator(graph, agents=[attacker], sim_settings=settings)

    if options.times:
        values = simulator.sim_state.graph_state.ttc_values
        enabled = simulator.sim_state.graph_state.pre_enabled_defenses
        times = earliest(graph, values, {entry}, enabled)
        rows = {n.full_name: [values[n], times.get(n)] for n in values}
        with open(options.times, "w", encoding="utf-8") as file:
            json.dump(rows, file, sort_keys=True, indent=1)
        print(f"{sum(1 for r in rows.values() if r[1] is not None)} of {len(rows)} steps reached")
        return 0

    start = (time.perf_counter(), time.process_time())
    states = simulator.reset()
    policy = simulator.agent_settings["attacker"].agent
    iterations = 0
    while not simulator.done() and iterations < options.limit:
        action = policy.get_next_action(states["attacker"])
        states = simulator.step({"attacker": [action] if action else []})
        iterations += 1
    seconds = (time.perf_counter() - start[0], time.process_time() - start[1])
    performed = len(states["attacker"].performed_nodes)
    ended = "done" if simulator.done() else "stopped at the limit"
    print(f"{options.mode}: {iterations} iterations, {performed} compromised, {ended}")
    print(f"{seconds[0]:.2f} s, of which {seconds[1]:.2f} s on the processor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
