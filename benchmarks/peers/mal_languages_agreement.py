"""Compares the specification of threat languages with the one that mal-toolbox compiles or reads.

Usage: mal_languages_agreement.py FILE... -- COMMAND...
FILE is a .mal source or a .mar archive. COMMAND FILE --output SPEC.json writes the specification, as
`bartizan language compile` does. The two must be equal as JSON values, members in the same order; a file
that both refuse agrees too. What only mal-toolbox refuses (or only stumbles over) is listed and does not
count against either. Exit code 0 when all agree, 1 when one does not, 2 when nothing can be compared.
"""

import json
import logging
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from maltoolbox.language.compiler.mal_compiler import MalCompiler

logging.disable(logging.CRITICAL)


def theirs(path):
    """What mal-toolbox makes of the file, or why it makes nothing of it."""
    try:
        if path.suffix == ".mar":
            with zipfile.ZipFile(path) as archive:
                return json.loads(archive.read("langspec.json")), None
        return MalCompiler().compile(str(path)), None
    except Exception as error:  # it raises whatever happens to go wrong inside it
        return None, f"{type(error).__name__}: {str(error).strip().splitlines()[-1:]}"


def ours(command, path, folder):
    output = Path(folder) / "specification.json"
    output.unlink(missing_ok=True)
    run = subprocess.run(
        [*command, str(path), "--output", str(output)], capture_output=True, text=True
    )
    if run.returncode not in (0, 2):
        raise RuntimeError(f"{path}: exit code {run.returncode}\n{run.stderr}")
    return (json.loads(output.read_bytes()), None) if run.returncode == 0 else (None, run.stderr)


def main() -> int:
    arguments = sys.argv[1:]
    if "--" not in arguments or not arguments[: arguments.index("--")]:
        print(__doc__, file=sys.stderr)
        return 2
    split = arguments.index("--")
    files, command = [Path(name) for name in arguments[:split]], arguments[split + 1 :]
    equal, refused, accepted_here, wrong = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            there, reason = theirs(path)
            here, complaint = ours(command, path, folder)
            if there is None and here is None:
                refused.append(path)
            elif there is None:
                accepted_here.append((path, reason))
            elif here is None:
                wrong.append((path, "refused here: " + complaint.splitlines()[0]))
            elif json.dumps(here) != json.dumps(there):
                same = "in another order" if here == there else "different"
                wrong.append((path, f"the specification is {same}"))
            else:
                equal.append((path, here))
    for path, reason in accepted_here:
        print(f"only mal-toolbox refuses {path.name}: {reason}")
    for path, reason in wrong:
        print(f"mal-toolbox disagrees on {path}: {reason}")
    steps = sum(len(a["attackSteps"]) for _, spec in equal for a in spec["assets"])
    print(
        f"{len(equal)} specifications are equal ({steps} steps), {len(refused)} files refused by both, "
        f"{len(accepted_here)} by mal-toolbox only, {len(wrong)} disagree"
    )
    if wrong:
        return 1
    return 0 if equal else 2


if __name__ == "__main__":
    sys.exit(main())
