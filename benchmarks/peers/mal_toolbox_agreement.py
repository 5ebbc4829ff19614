"""Compares the attack graph of a sample product with the one that mal-toolbox generates.

Both get the same instance model and the same threat language; nodes (asset and step), their kinds and all
edges must be equal. Usage: mal_toolbox_agreement.py SAMPLE -- COMMAND...
COMMAND SAMPLE writes {"assets", "links", "steps", "edges"} as JSON to standard output. Exit code 0 when the graphs
agree, 1 when they do not, 2 when they cannot be compared.
"""

import json
import subprocess
import sys
from pathlib import Path

from maltoolbox.attackgraph import AttackGraph
from maltoolbox.language import LanguageGraph
from maltoolbox.model import Model

LANGUAGE = Path(__file__).resolve().parents[2] / "Sources/ThreatKnowledge/Industrial/industrial.mal"
KINDS = {"or": "or", "and": "and", "defense": "defense", "exist": "exist", "notExist": "notExist"}


def main() -> int:
    if "--" not in sys.argv[2:3]:
        print(__doc__, file=sys.stderr)
        return 2
    sample, command = sys.argv[1], sys.argv[3:]
    ours = json.loads(subprocess.run([*command, sample], check=True, capture_output=True).stdout)

    language = LanguageGraph.from_mal_spec(str(LANGUAGE))
    model = Model("sample", language)
    assets = [model.add_asset(a["type"], name=a["name"]) for a in ours["assets"]]
    for link in ours["links"]:
        assets[link["left"]].add_associated_assets(link["rightField"], {assets[link["right"]]})
    graph = AttackGraph(language, model)

    theirs_nodes = {}
    theirs_edges = set()
    for node in graph.nodes.values():
        key = f"{node.model_asset.name}:{node.name}"
        theirs_nodes[key] = str(node.type)
        for child in node.children:
            theirs_edges.add((key, f"{child.model_asset.name}:{child.name}"))
    our_nodes = {s["name"]: KINDS[s["kind"]] for s in ours["steps"]}
    our_edges = {(e[0], e[1]) for e in ours["edges"]}

    if our_nodes == theirs_nodes and our_edges == theirs_edges:
        print(f"{sample}: mal-toolbox agrees: {len(our_nodes)} steps and {len(our_edges)} edges are equal")
        return 0
    print(f"{sample}: mal-toolbox disagrees")
    for title, left, right in [
        ("steps only here", our_nodes.items(), theirs_nodes.items()),
        ("steps only there", theirs_nodes.items(), our_nodes.items()),
        ("edges only here", our_edges, theirs_edges),
        ("edges only there", theirs_edges, our_edges),
    ]:
        different = sorted(set(left) - set(right))
        print(f"  {title}: {len(different)}", *different[:5], sep="\n    ")
    return 1


if __name__ == "__main__":
    sys.exit(main())
