#!/usr/bin/env python3
"""Times our attacks against Foolbox, torchattacks and ART: one thread, the same model, samples and budget.

Usage, from the root of the repository, after attack_models.py:

    .venv-attacks/bin/python benchmarks/peers/attacks_speed.py [--only TEXT] [--rounds N] -- .build/release/bartizan-benchmarks

Answers are compared first: each of our examples is checked by onnxruntime, and our robust accuracy (for HopSkipJump
the median distance) must not be worse than the peer's beyond the slack that is printed. Then both sides
run by turns, and the ratio of the least times is printed. What is timed is the attack alone, in a process that
has the model and has run the attack before. Times are the processor's, which for one thread are those of the clock on
a quiet machine, and stay so on a busy one.

Budgets are those of one sample. Both sides may spend 40 gradients on it (PGD), the stages of the standard battery
(AutoAttack), 5,000 queries (Square) or 10,000 (HopSkipJump). Ours stops on a sample that has fallen beyond doubt, as AutoAttack
and Square of the peers do; PGD of the peers spends all 40 steps on every sample. Therefore PGD is timed twice: where most
samples withstand, so that stopping saves next to nothing, and where most fall.

Exit status: 0 every answer agrees, 1 one does not, 2 nothing was compared or a program cannot be run. Goals that are
missed are printed, and are no failure: a shared machine has slow hours.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
import warnings

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import foolbox  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
import torchattacks  # noqa: E402
from art.attacks.evasion import HopSkipJump, SquareAttack  # noqa: E402
from art.estimators.classification import PyTorchClassifier  # noqa: E402

import attacks_agreement as agreement  # noqa: E402
from attacks_agreement import FOLDER, L2, LINF, Subject  # noqa: E402

PGD = ("projected-gradient-descent", {"iterations": 40, "restarts": 1, "losses": ["crossEntropy"]})


def art_classifier(subject: Subject) -> PyTorchClassifier:
    return PyTorchClassifier(
        subject.model, loss=torch.nn.CrossEntropyLoss(), input_shape=(1, 8, 8), nb_classes=10, clip_values=(0, 1),
        device_type="cpu")


def with_art(make, norm: str):
    def run(subject: Subject, count: int, budget: float | None) -> np.ndarray:
        np.random.seed(1)
        attack = make(art_classifier(subject), budget)
        found = attack.generate(subject.images[:count].copy(), y=subject.labels[:count])
        return agreement.radii_of(subject, found, count, norm)
    return run


def foolbox_pgd(subject: Subject, count: int, budget: float) -> np.ndarray:
    return agreement.with_foolbox(lambda: foolbox.attacks.LinfPGD(steps=40), LINF)(subject, count, budget)


def torchattacks_pgd(subject: Subject, count: int, budget: float) -> np.ndarray:
    return agreement.with_torchattacks(
        lambda m, e: torchattacks.PGD(m, eps=e, alpha=e / 10, steps=40), LINF)(subject, count, budget)


def torchattacks_auto(subject: Subject, count: int, budget: float) -> np.ndarray:
    return agreement.with_torchattacks(
        lambda m, e: torchattacks.AutoAttack(m, norm="Linf", eps=e, seed=1), LINF)(subject, count, budget)


art_square = with_art(
    lambda c, e: SquareAttack(c, norm=np.inf, eps=e, max_iter=5000, batch_size=64, verbose=False), LINF)
# 28 rounds of 100 √t readings are the 10,000 queries, with what the searches along lines take.
art_hop = with_art(
    lambda c, e: HopSkipJump(c, norm=2, max_iter=26, init_eval=100, max_eval=10000, batch_size=64, verbose=False), L2)
foolbox_hop = agreement.with_foolbox(
    lambda: foolbox.attacks.HopSkipJumpAttack(steps=26, initial_gradient_eval_steps=100), L2)

# title, nets, norm, budget, samples, our attack, peers (goal and slack are of the title), goal, slack in samples
LINES = [
    ("PGD-40", ("mlp-robust", "cnn-robust"), LINF, 0.03, 500, PGD,
     {"Foolbox": foolbox_pgd, "torchattacks": torchattacks_pgd}, 2, 2.5),
    ("PGD-40", ("mlp", "cnn"), LINF, 0.15, 500, PGD,
     {"Foolbox": foolbox_pgd, "torchattacks": torchattacks_pgd}, 2, 2.5),
    ("PGD-40, one sample", ("mlp-robust", "cnn-robust"), LINF, 0.03, 1, PGD, {"Foolbox": foolbox_pgd}, 30, 0),
    ("AutoAttack", ("mlp-robust", "cnn-robust"), LINF, 0.1, 100, ("auto-attack", {}),
     {"torchattacks": torchattacks_auto}, 3, 1),
    ("Square", ("mlp-robust",), LINF, 0.06, 50, ("square", {"queries": 5000}), {"ART": art_square}, 10, 0),
    ("HopSkipJump", ("mlp-robust",), L2, None, 50, ("hop-skip-jump", {"queries": 10000}),
     {"ART": art_hop, "Foolbox": foolbox_hop}, 10, 0),
]


def ours_seconds(command, subject, count, norm, budget, attack, parameters, runs) -> float:
    arguments = [
        *command, "attack", str(FOLDER / f"{subject.name}.onnx"), str(FOLDER / "digits.npz"),
        "--array", "flat" if subject.flat else "images", "--attack", attack, "--norm", norm,
        "--count", str(count), "--parameters", json.dumps(parameters), "--runs", str(runs)]
    if budget is not None:
        arguments += ["--budget", str(budget)]
    text = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    return float(re.search(r"([0-9.]+) s of the processor", text)[1])


def agrees(label: str, mine: np.ndarray, theirs: np.ndarray, budget: float | None, slack: float) -> bool:
    """Robust samples (or the median distance) of both sides, and whether ours is no worse."""
    if budget is None:
        ratio = np.median(mine) / np.median(theirs)
        print(f"{label}: median distance {np.median(mine):.4f}, theirs {np.median(theirs):.4f}"
              + ("" if ratio <= 1.05 else "  TOO FAR"))
        return bool(ratio <= 1.05)
    within = budget + budget * 1e-5 + 1e-6
    robust = [int(np.sum(radii > within)) for radii in (mine, theirs)]
    passed = robust[0] <= robust[1] + slack
    print(f"{label}: {robust[0]} of {len(mine)} withstand, theirs {robust[1]}" + ("" if passed else "  TOO HIGH"))
    return passed


def line(command, subject, title, norm, budget, count, attack, peers, goal, slack, rounds) -> bool:
    name, parameters = attack
    mine, problems = agreement.ours(command, subject, count, norm, budget, name, parameters)
    for problem in problems[:5]:
        print(f"  {problem}")
    label = f"{title}, {subject.name}" + ("" if budget is None else f" at {budget}")
    passed = not problems
    for peer, run in peers.items():
        passed = agrees(f"{label}, {peer}", mine, run(subject, count, budget), budget, slack) and passed
    own: list[float] = []
    other: dict[str, list[float]] = {peer: [] for peer in peers}
    runs = None
    for _ in range(rounds):
        if runs is None:
            runs = int(min(200, max(1, 0.5 / max(1e-6, ours_seconds(
                command, subject, count, norm, budget, name, parameters, 1)))))
        own.append(ours_seconds(command, subject, count, norm, budget, name, parameters, runs))
        for peer, run in peers.items():
            start = time.process_time()
            run(subject, count, budget)
            other[peer].append(time.process_time() - start)
    for peer, times in other.items():
        ratio = min(times) / min(own)
        print(f"{label}: {min(own):.5f} s, {peer} {min(times):.4f} s: {ratio:.1f} × (goal {goal} ×)"
              + (" ok" if ratio >= goal else " MISSED"), flush=True)
    return passed


def option(options: list[str], name: str, default: str) -> str:
    return options[options.index(name) + 1] if name in options[:-1] else default


def main() -> int:
    if "--" not in sys.argv:
        print(__doc__)
        return 2
    split = sys.argv.index("--")
    options, command = sys.argv[1:split], sys.argv[split + 1:]
    only, rounds = option(options, "--only", ""), int(option(options, "--rounds", "3"))
    torch.set_num_threads(1)
    compared, passed = 0, True
    for title, nets, norm, budget, count, attack, peers, goal, slack in LINES:
        for name in nets:
            if only not in f"{title}, {name}":
                continue
            compared += 1
            passed = line(
                command, Subject(name), title, norm, budget, count, attack, peers, goal, slack, rounds) and passed
    print(f"{compared} lines, {'every answer agrees' if passed else 'AN ANSWER DOES NOT AGREE'}")
    return 2 if compared == 0 else int(not passed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
