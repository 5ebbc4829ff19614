"""Writes a random plant in the industrial threat language, with assets of every type, for comparisons of graphs.

Usage: industrial_plant.py LANGUAGE SEED ASSETS-OF-EACH-TYPE LINKS MODEL.yml
Links respect types and multiplicities; a fifth of the defences have a value. The same seed gives the same file.
"""

import random
import sys

import yaml
from maltoolbox.language import LanguageGraph


def is_kind_of(asset, ancestor):
    while asset is not None:
        if asset.name == ancestor.name:
            return True
        asset = asset.own_super_asset
    return False


def main() -> int:
    if len(sys.argv) != 6:
        print(__doc__, file=sys.stderr)
        return 2
    language = LanguageGraph.from_mal_spec(sys.argv[1])
    seed, copies, links = (int(argument) for argument in sys.argv[2:5])
    chance = random.Random(seed)

    assets = {}
    for name, kind in language.assets.items():
        if kind.is_abstract:
            continue
        steps = kind.attack_steps.values()
        for copy in range(copies):
            asset = {"name": f"{name} {copy}", "type": name, "associated_assets": {}}
            defenses = {
                step.name: chance.choice([0.0, 0.5, 1.0])
                for step in steps
                if step.type == "defense" and chance.random() < 0.2
            }
            if defenses:
                asset["defenses"] = defenses
            assets[len(assets)] = asset

    def fitting(field):
        return [place for place, asset in assets.items() if is_kind_of(language.assets[asset["type"]], field.asset)]

    associations = [(each.name, each.left_field, each.right_field) for each in language.associations]
    associations = sorted(associations, key=lambda each: each[0])
    ends = [(name, left, right, fitting(left), fitting(right)) for name, left, right in associations]
    taken = set()
    for _ in range(links):
        name, left, right, lefts, rights = chance.choice(ends)
        one, other = chance.choice(lefts), chance.choice(rights)
        if one == other or (left.maximum == 1 and (name, other) in taken):
            continue
        taken.add((name, other))
        assets[one]["associated_assets"].setdefault(right.fieldname, {})[other] = assets[other]["name"]
        assets[other]["associated_assets"].setdefault(left.fieldname, {})[one] = assets[one]["name"]

    metadata = {
        "name": f"industrial plant {seed}",
        "langID": language.metadata["id"],
        "langVersion": language.metadata["version"],
        "MAL-Toolbox Version": "2.11.0",
    }
    with open(sys.argv[5], "w", encoding="utf-8") as file:
        yaml.safe_dump({"metadata": metadata, "assets": assets}, file, sort_keys=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
