"""Compares what Bartizan and mal-toolbox read from the same model files, and what they make of each other's.

Usage: mal_models_agreement.py [--random COUNT] LANGUAGE MODEL [LANGUAGE MODEL ...] -- COMMAND...
COMMAND is `bartizan`: its `instance convert` writes each model as a file in today's layout.
For every model that mal-toolbox loads (older layouts through its own converters, chosen by content):
  - ids, names, types, defences, extras and associated assets of both are equal;
  - mal-toolbox loads what COMMAND writes, in both formats, and has the same model;
  - for a file in today's layout, the data COMMAND writes equal the data of the file, whole.
With --random, models over the first language with difficult names, numbers and extras are made, saved by
mal-toolbox in both formats and compared in the same way; the seed is printed.
Exit code 0 when all agree, 1 when one does not, 2 when nothing could be compared.
"""

import contextlib
import io
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from maltoolbox.language import LanguageGraph
from maltoolbox.model import Model
from maltoolbox.translators import updater

TEXTS = [
    "1.0", "007", "0x1F", "1_000", "12:30", "1e3", "yes", "No", "null", "~", "", " ", " lead", "trail ", "a: b",
    "a #b", "- dash", "? key", "*alias", "&anchor", "!tag", "%directive", "@at", "`tick", "'single'", '"double"',
    "back\\slash", "tab\there", "line\nbreak", "two\n\nbreaks\n", "\r\n", "\u0007bell", "\u007f", "\u0085", "\u2028",
    "\ufeffmark", "åäö", "日本語", "😀", "e\u0301", "{brace}", "[bracket]", "a,b", "2026-11-21", ".inf", "nan", "<<", "=",
    "---", "...", "x" * 1500, "long words " * 40, "\u0000zero", "colon:", "a:b", "on", "y",
]


def spec(path):
    return LanguageGraph.from_mal_spec(path) if path.endswith(".mal") else LanguageGraph.from_mar_archive(path)


def data_of(path):
    text = Path(path).read_text(encoding="utf-8")
    return json.loads(text) if path.endswith(".json") else yaml.safe_load(text)


def upgraded(data):
    """The data in today's layout: converters by what stands in the file, as versions are not always true."""
    assets = data["assets"].values()
    if any("metaconcept" in asset for asset in assets):
        data = updater.convert_model_dict_from_version_0_0(data)
    if any("associated_assets" in asset for asset in data["assets"].values()) or "associations" not in data:
        return data
    by_id = any(
        "asset_id" not in point
        for attacker in data.get("attackers", {}).values()
        for point in attacker["entry_points"].values()
    )
    data = updater.convert_model_dict_from_version_0_1(data) if by_id else {"attackers": {}, **data}
    return updater.convert_model_dict_from_version_0_2(data)


def quiet(function, *arguments):
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments)


def numbered(data):
    """Asset data with numbers as ids, whichever format they came from, without what is empty or a default."""
    assets = {}
    for key, asset in data["assets"].items():
        asset = dict(asset)
        asset["defenses"] = {name: float(value) for name, value in (asset.get("defenses") or {}).items()}
        asset["associated_assets"] = {
            field: {int(i): name for i, name in targets.items()} for field, targets in asset["associated_assets"].items()
        }
        asset.setdefault("extras", {})
        assets[int(key)] = asset
    return assets


def texts(value):
    """Data as JSON has them: keys are text."""
    return json.loads(json.dumps(value))


def convert(command, language_path, source, target):
    target.unlink(missing_ok=True)
    return subprocess.run(
        [*command, "instance", "convert", str(source), "--language", language_path, "--output", str(target)],
        capture_output=True,
    )


def compare(language_path, model_path, language, command, folder):
    original = data_of(model_path)
    is_today = any("associated_assets" in asset for asset in original["assets"].values())
    theirs = quiet(Model._from_dict, upgraded(data_of(model_path)), language)
    wanted = numbered(theirs.to_dict())
    problems = []
    for kind in ["yaml", "json"]:
        written = Path(folder, "written." + kind)
        run = convert(command, language_path, model_path, written)
        if run.returncode != 0:
            return [f"refused: {run.stderr.decode()[:500]}"]
        ours = data_of(str(written))
        # What the older layouts say beside the format is kept by one and dropped by the other.
        if numbered(ours) != (wanted if kind == "yaml" else numbered(texts(theirs.to_dict()))):
            problems.append(f"{kind}: assets differ")
        again = numbered(quiet(Model.load_from_file, str(written), language).to_dict())
        if again != (wanted if kind == "yaml" else numbered(texts(theirs.to_dict()))):
            problems.append(f"{kind}: mal-toolbox reads back another model")
        if [int(i) for i in ours["assets"]] != list(theirs.assets):
            problems.append(f"{kind}: the order of assets differs")
        if is_today:
            same = ours == original if not model_path.endswith(".json") and kind == "yaml" else texts(ours) == texts(original)
            if not same:
                problems.append(f"{kind}: the data of the file are not the same")
        again = Path(folder, "again." + kind)
        convert(command, language_path, written, again)
        if again.read_bytes() != written.read_bytes():
            problems.append(f"{kind}: what is written is read as something else")
    if not problems:
        links = sum(len(t) for a in wanted.values() for t in a["associated_assets"].values()) // 2
        print(f"  equal: {Path(model_path).name}: {len(wanted)} assets, {links} links")
    return problems


def value(rng, depth=0):
    kind = rng.randrange(9 if depth < 4 else 6)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.choice([0, -1, 2**63, -(10**30), rng.randrange(10**6)])
    if kind == 2:
        return rng.choice([0.0, -0.0, 1e300, 5e-324, 1e16, 0.1, rng.random(), rng.gauss(0, 1e-7), 123456789012345680.0])
    if kind < 6:
        return rng.choice(TEXTS)
    if kind == 6:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(TEXTS): value(rng, depth + 1) for _ in range(rng.randrange(4))}


def random_model(rng, language):
    model = Model(rng.choice(TEXTS), language)
    types = [asset for asset in language.assets.values() if not asset.is_abstract]
    for _ in range(rng.randrange(1, 25)):
        kind = rng.choice(types)
        defences = [step.name for step in kind.attack_steps.values() if step.type == "defense"]
        model.add_asset(
            kind.name,
            name=rng.choice(TEXTS),
            asset_id=rng.choice([None, None, rng.randrange(-(2**63), 2**62)]),
            defenses={d: rng.choice([0.0, 1.0, rng.random(), 1e-9]) for d in defences if rng.random() < 0.3},
            extras={rng.choice(TEXTS): value(rng) for _ in range(rng.randrange(4))} if rng.random() < 0.5 else None,
        )
    assets = list(model.assets.values())
    for _ in range(4 * len(assets)):
        left, right = rng.choice(assets), rng.choice(assets)
        fields = list(left.lg_asset.associations_to(right.lg_asset))
        if fields:
            with contextlib.suppress(TypeError, ValueError, LookupError):
                left.add_associated_assets(rng.choice(fields), {right})
    for asset in assets:
        # A refused link may leave one of its fields behind, empty; such files are not written by hand.
        for field in [f for f, targets in asset.associated_assets.items() if not targets]:
            del asset.associated_assets[field]
    return model


def main():
    arguments = sys.argv[1:]
    if "--" not in arguments:
        print(__doc__, file=sys.stderr)
        return 2
    command = arguments[arguments.index("--") + 1 :]
    arguments = arguments[: arguments.index("--")]
    count = 0
    if arguments[0] == "--random":
        count, arguments = int(arguments[1]), arguments[2:]
    compared = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        languages = {path: spec(path) for path in arguments[::2]}
        jobs = list(zip(arguments[::2], arguments[1::2]))
        seed = 20261121
        rng = random.Random(seed)
        if count:
            print(f"random models: seed {seed}")
        for number in range(count):
            path = Path(folder, f"random-{number}" + rng.choice([".yml", ".json"]))
            random_model(rng, languages[arguments[0]]).save_to_file(str(path))
            jobs.append((arguments[0], str(path)))
        for language, model in jobs:
            problems = compare(language, model, languages[language], command, folder)
            compared += 1
            if problems:
                failed += 1
                print(f"  DIFFERENT: {model}:", *problems, sep="\n    ")
                if model.startswith(folder):
                    print(Path(model).read_text(encoding="utf-8")[:2000])
    if not compared:
        return 2
    print(f"mal-toolbox {'agrees' if not failed else 'disagrees'}: {compared - failed} of {compared} models are equal")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
