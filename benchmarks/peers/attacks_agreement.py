#!/usr/bin/env python3
"""Compares the robust accuracy that `bartizan-benchmarks attack` leaves with Foolbox's and torchattacks'.

Usage, from the root of the repository, after attack_models.py:

    .venv-attacks/bin/python benchmarks/peers/attacks_agreement.py [--only TEXT] -- .build/release/bartizan-benchmarks

With `--only` only pairs whose title, such as "FMN, Foolbox", holds the text are compared. Each of our examples is checked by itself: onnxruntime must give another label than the right one, the
change must be within the budget in its norm, and every element within [0, 1]. Robust accuracy is the share of
samples that are classified correctly and stay so. Ours may lie above the peer's by at most half a point
(one sample where fewer than 200 are attacked). Ours takes no more gradients than the peer: 40 or 100 a sample,
divided between two starts. For attacks that look for the smallest change, robust accuracy
is read off the distances at each budget, and the medians are printed beside it.

Exit status: 0 every example is valid and no robust accuracy too high, 1 otherwise, 2 nothing was compared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch

warnings.filterwarnings("ignore")
import foolbox  # noqa: E402
import torchattacks  # noqa: E402

from attack_models import NETS  # noqa: E402

FOLDER = Path(".build-peers/attacks")
LINF, L2, L1, L0 = "L-infinity", "L2", "L1", "L0"


class Images(torch.nn.Module):
    """The net behind a picture's shape, which torchattacks insists on."""

    def __init__(self, net: torch.nn.Module, shape: list[int]) -> None:
        super().__init__()
        self.net, self.shape = net, shape

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.net(images.reshape(-1, *self.shape).float())


class Subject:
    def __init__(self, name: str) -> None:
        make, _ = NETS[name]
        self.name = name
        self.flat = name.startswith("mlp")
        net = make()
        net.load_state_dict(torch.load(FOLDER / f"{name}.pt"))
        self.model = Images(net, [64] if self.flat else [1, 8, 8]).eval()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(FOLDER / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
        data = np.load(FOLDER / "digits.npz")
        self.images, self.labels = data["images"], data["labels"]

    def predictions(self, images: np.ndarray) -> np.ndarray:
        shaped = images.reshape(len(images), 64) if self.flat else images.reshape(-1, 1, 8, 8)
        return self.session.run(None, {"input": shaped.astype(np.float32)})[0].argmax(1)


def distances(first: np.ndarray, second: np.ndarray, norm: str) -> np.ndarray:
    change = np.abs(first.astype(np.float64) - second.astype(np.float64)).reshape(len(first), -1)
    return {LINF: lambda: change.max(1), L2: lambda: np.sqrt((change ** 2).sum(1)),
            L1: lambda: change.sum(1), L0: lambda: (change > 0).sum(1).astype(float)}[norm]()


def ours(command: list[str], subject: Subject, count: int, norm: str, budget: float | None,
         attack: str, parameters: dict) -> tuple[np.ndarray, list[str]]:
    """The distance at which each sample falls (0 if wrong when clean), and what is wrong with examples."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "found.json"
        arguments = [
            *command, "attack", str(FOLDER / f"{subject.name}.onnx"), str(FOLDER / "digits.npz"),
            "--array", "flat" if subject.flat else "images", "--attack", attack, "--norm", norm,
            "--count", str(count), "--parameters", json.dumps(parameters), "--output", str(output)]
        if budget is not None:
            arguments += ["--budget", str(budget)]
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        findings = json.loads(output.read_text())["findings"]
    radii = np.full(count, np.inf)
    problems = []
    clean = subject.predictions(subject.images[:count]) == subject.labels[:count]
    for row, finding in enumerate(findings):
        if not clean[row]:
            radii[row] = 0
        elif finding["example"] is not None:
            example = np.array([[float(value) for value in finding["example"]]], dtype=np.float32)
            original = subject.images[row:row + 1].reshape(1, -1)
            radii[row] = distances(example, original, norm)[0]
            if subject.predictions(example)[0] == subject.labels[row]:
                problems.append(f"sample {row}: onnxruntime still gives the right label")
            if budget is not None and radii[row] > budget * (1 + 1e-5) + 1e-6:
                problems.append(f"sample {row}: {radii[row]} is beyond the budget {budget}")
            if example.min() < 0 or example.max() > 1 or not np.isfinite(example).all():
                problems.append(f"sample {row}: out of range")
    return radii, problems


def radii_of(subject: Subject, images: np.ndarray, count: int, norm: str) -> np.ndarray:
    clean = subject.predictions(subject.images[:count]) == subject.labels[:count]
    broken = subject.predictions(images) != subject.labels[:count]
    radii = np.where(broken, distances(images, subject.images[:count], norm), np.inf)
    return np.where(clean, radii, 0)


def with_foolbox(make, norm: str):
    def run(subject: Subject, count: int, budget: float | None) -> np.ndarray:
        torch.manual_seed(1)
        np.random.seed(1)
        model = foolbox.PyTorchModel(subject.model, bounds=(0, 1), device="cpu")
        images, labels = torch.tensor(subject.images[:count]), torch.tensor(subject.labels[:count])
        found, _, _ = make()(model, images, labels, epsilons=budget)
        return radii_of(subject, found.detach().numpy(), count, norm)
    return run


def with_torchattacks(make, norm: str):
    def run(subject: Subject, count: int, budget: float | None) -> np.ndarray:
        torch.manual_seed(1)
        attack = make(subject.model, budget)
        images, labels = torch.tensor(subject.images[:count]), torch.tensor(subject.labels[:count])
        return radii_of(subject, attack(images, labels).detach().numpy(), count, norm)
    return run


BOTH, ALL = ("mlp", "cnn"), tuple(NETS)
# title, nets, norm, budgets, samples, our attack and parameters, the peer, whether it needs a budget
PAIRS = [
    ("PGD-40, Foolbox", ALL, LINF, (0.03, 0.06, 0.1, 0.15), 500, "projected-gradient-descent",
     {"iterations": 20, "restarts": 2, "losses": ["crossEntropy"]},
     with_foolbox(lambda: foolbox.attacks.LinfPGD(steps=40), LINF), True),
    ("PGD-40, torchattacks", ALL, LINF, (0.03, 0.06, 0.1, 0.15), 500, "projected-gradient-descent",
     {"iterations": 20, "restarts": 2, "losses": ["crossEntropy"]},
     with_torchattacks(lambda m, e: torchattacks.PGD(m, eps=e, alpha=e / 10, steps=40), LINF), True),
    ("PGD-40, Foolbox", ALL, L2, (0.3, 0.6, 1.0), 500, "projected-gradient-descent",
     {"iterations": 20, "restarts": 2, "losses": ["crossEntropy"]},
     with_foolbox(lambda: foolbox.attacks.L2PGD(steps=40), L2), True),
    ("Sparse L1 descent, Foolbox", ALL, L1, (1.0, 2.0, 4.0), 500, "projected-gradient-descent",
     {"iterations": 20, "restarts": 2, "losses": ["crossEntropy"]},
     with_foolbox(lambda: foolbox.attacks.SparseL1DescentAttack(steps=40), L1), True),
    ("FGSM, Foolbox", ALL, L2, (0.6, 1.0), 500, "fast-gradient-sign", {},
     with_foolbox(lambda: foolbox.attacks.L2FastGradientAttack(random_start=False), L2), True),
    ("FGSM, Foolbox", ALL, LINF, (0.06, 0.1), 500, "fast-gradient-sign", {},
     with_foolbox(lambda: foolbox.attacks.LinfFastGradientAttack(random_start=False), LINF), True),
    ("APGD-CE, torchattacks", ALL, LINF, (0.06, 0.1, 0.15), 500, "apgd-ce", {"iterations": 50, "restarts": 2},
     with_torchattacks(lambda m, e: torchattacks.APGD(
         m, norm="Linf", eps=e, steps=100, n_restarts=1, loss="ce"), LINF), True),
    ("APGD-CE, torchattacks", ALL, L2, (0.6, 1.0), 500, "apgd-ce", {"iterations": 50, "restarts": 2},
     with_torchattacks(lambda m, e: torchattacks.APGD(
         m, norm="L2", eps=e, steps=100, n_restarts=1, loss="ce"), L2), True),
    ("AutoAttack, torchattacks", ALL, LINF, (0.06, 0.1, 0.15), 100, "auto-attack", {},
     with_torchattacks(lambda m, e: torchattacks.AutoAttack(m, norm="Linf", eps=e, seed=1), LINF), True),
    ("AutoAttack, torchattacks", ALL, L2, (0.6, 1.0), 100, "auto-attack", {},
     with_torchattacks(lambda m, e: torchattacks.AutoAttack(m, norm="L2", eps=e, seed=1), L2), True),
    ("FAB, torchattacks", BOTH, LINF, (0.06, 0.1), 100, "fab-t", {},
     with_torchattacks(lambda m, e: torchattacks.FAB(
         m, norm="Linf", eps=e, steps=100, n_classes=10, multi_targeted=True), LINF), True),
    ("Square, torchattacks", ALL, LINF, (0.06, 0.1), 100, "square", {},
     with_torchattacks(lambda m, e: torchattacks.Square(m, norm="Linf", eps=e, n_queries=5000), LINF), True),
    ("Square, torchattacks", ("cnn", "cnn-robust"), L2, (0.6, 1.0), 100, "square", {},
     with_torchattacks(lambda m, e: torchattacks.Square(m, norm="L2", eps=e, n_queries=5000), L2), True),
    ("FMN, Foolbox", ALL, LINF, (0.06, 0.1, 0.15), 500, "fmn", {},
     with_foolbox(lambda: foolbox.attacks.LInfFMNAttack(steps=100), LINF), False),
    ("FMN, Foolbox", ALL, L2, (0.3, 0.6, 1.0), 500, "fmn", {},
     with_foolbox(lambda: foolbox.attacks.L2FMNAttack(steps=100), L2), False),
    ("FMN, Foolbox", ALL, L1, (1.0, 2.0, 4.0), 500, "fmn", {},
     with_foolbox(lambda: foolbox.attacks.L1FMNAttack(steps=100), L1), False),
    ("FMN, Foolbox", ALL, L0, (2, 4, 8), 500, "fmn", {},
     with_foolbox(lambda: foolbox.attacks.L0FMNAttack(steps=100), L0), False),
    ("DeepFool, Foolbox", ALL, L2, (0.3, 0.6, 1.0), 500, "deepfool", {},
     with_foolbox(lambda: foolbox.attacks.L2DeepFoolAttack(steps=50), L2), False),
    ("DeepFool, Foolbox", ALL, LINF, (0.06, 0.1, 0.15), 500, "deepfool", {},
     with_foolbox(lambda: foolbox.attacks.LinfDeepFoolAttack(steps=50), LINF), False),
    ("Carlini-Wagner, Foolbox", ALL, L2, (0.3, 0.6, 1.0), 100, "carlini-wagner", {},
     with_foolbox(lambda: foolbox.attacks.L2CarliniWagnerAttack(
         binary_search_steps=9, steps=200, stepsize=0.01), L2), False),
    ("HopSkipJump, Foolbox", BOTH, L2, (0.6, 1.0), 20, "hop-skip-jump", {"queries": 10000},
     with_foolbox(lambda: foolbox.attacks.HopSkipJumpAttack(steps=25), L2), False),
    ("Boundary, Foolbox", BOTH, L2, (0.6, 1.0), 20, "boundary", {"steps": 5000},
     with_foolbox(lambda: foolbox.attacks.BoundaryAttack(steps=5000), L2), False),
]


def compare(command: list[str], only: str) -> int:
    torch.set_num_threads(1)
    subjects = {name: Subject(name) for name in NETS}
    compared = failures = examples = 0
    print(f"{'attack and peer':28} {'net':11} {'norm':11} {'budget':>7} {'ours %':>7} {'theirs %':>9}")
    for title, nets, norm, budgets, count, attack, parameters, peer, needs_budget in PAIRS:
        if only not in title:
            continue
        for name in nets:
            subject = subjects[name]
            shared = None
            for budget in budgets:
                if needs_budget or shared is None:
                    limit = budget if needs_budget else None
                    mine, problems = ours(command, subject, count, norm, limit, attack, parameters)
                    theirs = peer(subject, count, limit)
                    shared = (mine, theirs)
                    examples += int(np.isfinite(mine).sum())
                    for problem in problems[:5]:
                        print(f"  {problem}")
                    failures += len(problems)
                    if not needs_budget:
                        print(f"{title:28} {name:11} {norm:11}  median {np.median(mine):8.4f} "
                              f"{np.median(theirs):8.4f}")
                mine, theirs = shared
                slack = budget * 1e-5 + 1e-6
                robust = [100 * np.mean(radii > budget + slack) for radii in (mine, theirs)]
                allowed = 0.5 if count >= 200 else 100 / count
                verdict = "" if robust[0] <= robust[1] + allowed + 1e-9 else "  TOO HIGH"
                failures += bool(verdict)
                compared += 1
                print(f"{title:28} {name:11} {norm:11} {budget:7} {robust[0]:7.1f} {robust[1]:9.1f}"
                      f"{verdict}", flush=True)
    print(f"{compared} comparisons, {examples} samples broken by ours and checked, {failures} failures")
    return 2 if compared == 0 else int(failures > 0)


def main() -> int:
    if "--" not in sys.argv:
        print(__doc__)
        return 2
    split = sys.argv.index("--")
    options = sys.argv[1:split]
    only = options[options.index("--only") + 1] if "--only" in options[:-1] else ""
    return compare(sys.argv[split + 1:], only)


if __name__ == "__main__":
    sys.exit(main())
