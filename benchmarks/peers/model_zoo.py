#!/usr/bin/env python3
"""Writes a zoo of ONNX models as the usual exporters write them, each with inputs: seeded, so that anybody can make it again.

Usage, from the root of the repository:

    .venv-peers/bin/python benchmarks/peers/model_zoo.py FOLDER [--only NAME...]

FOLDER gets NAME.onnx and NAME.npz for every model. A family whose package is not installed is left out with a
message: PyTorch, scikit-learn (skl2onnx), LightGBM and XGBoost (onnxmltools), CatBoost, onnxruntime's quantiser.

Exit status: 0 models were written, 1 one of them could not be made, 2 none could.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx

from zoo import FAMILIES


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="models or families to write")
    settings = parser.parse_args()
    settings.folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    written = failures = 0
    for family, load in FAMILIES.items():
        wanted = settings.only is None or any(name.split("-")[0] == family for name in settings.only)
        if not wanted:
            continue
        try:
            makers = load()
        except ImportError as error:
            print(f"left out {family}: {error}")
            continue
        for name, make in makers.items():
            if settings.only is not None and not {name, family} & set(settings.only):
                continue
            try:
                model, inputs = make()
            except ImportError as error:
                print(f"left out {name}: {error}")
                continue
            except Exception as error:  # Exporters raise whatever they like.
                print(f"not made {name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
                failures += 1
                continue
            onnx.save(model, settings.folder / f"{name}.onnx")
            np.savez(settings.folder / f"{name}.npz", **inputs)
            written += 1
    print(f"{written} models written, {failures} could not be made")
    return 2 if written == 0 else 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
