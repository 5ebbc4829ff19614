"""Compares the k shortest simple paths with igraph's get_k_shortest_paths, in answers and in time.

Usage: igraph_paths_agreement.py [--at-least RATIO] -- COMMAND...
COMMAND writes {"nodes", "edges": [[from, to]], "weights", "source", "target", "k", "costs", "seconds"} as JSON
to standard output: a directed graph, the costs of its k shortest simple paths in order, and the seconds they
took. igraph searches the same graph right afterwards, on one thread. Costs must be equal to 1e-9 relative, and
are compared before any ratio is printed. Exit code 0 when the costs agree (and the ratio is reached), 1 when
not, 2 when they cannot be compared.
"""

import json
import math
import subprocess
import sys
import time

import igraph


def main() -> int:
    if "--" not in sys.argv:
        print(__doc__, file=sys.stderr)
        return 2
    split = sys.argv.index("--")
    options, command = sys.argv[1:split], sys.argv[split + 1 :]
    if options and (len(options) != 2 or options[0] != "--at-least"):
        print(__doc__, file=sys.stderr)
        return 2
    required = float(options[1]) if options else 0.0
    ours = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    edges, weights = ours["edges"], ours["weights"]
    if len(edges) != len(weights):
        print(f"{len(edges)} edges and {len(weights)} weights cannot be compared", file=sys.stderr)
        return 2
    if len({tuple(edge) for edge in edges}) != len(edges):
        # igraph counts paths over parallel edges as different; a path here is a list of nodes.
        print("parallel edges: the lists of paths cannot be compared", file=sys.stderr)
        return 2
    graph = igraph.Graph(n=ours["nodes"], edges=edges, directed=True)
    graph.es["weight"] = weights

    start = time.perf_counter()
    paths = graph.get_k_shortest_paths(
        ours["source"], ours["target"], k=ours["k"], weights="weight", mode="out", output="epath"
    )
    seconds = time.perf_counter() - start
    theirs = [math.fsum(weights[edge] for edge in path) for path in paths]

    size = f"{ours['nodes']} nodes, {len(edges)} edges, k = {ours['k']}"
    if len(theirs) != len(ours["costs"]):
        print(f"igraph disagrees ({size}): {len(theirs)} paths there, {len(ours['costs'])} here")
        return 1
    wrong = [
        (place, a, b)
        for place, (a, b) in enumerate(zip(ours["costs"], theirs))
        if not math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    ]
    if wrong:
        print(f"igraph disagrees ({size})")
        for place, here, there in wrong[:5]:
            print(f"  path {place + 1}: {here!r} here, {there!r} there")
        return 1
    ratio = seconds / ours["seconds"] if ours["seconds"] > 0 else math.inf
    print(f"igraph {igraph.__version__} agrees: {len(theirs)} paths of equal cost ({size})")
    print(f"igraph {seconds:.3f} s, here {ours['seconds']:.4f} s, ratio {ratio:.0f}")
    if ratio < required:
        print(f"the ratio is below {required:g}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
