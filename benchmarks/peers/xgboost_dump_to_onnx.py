#!/usr/bin/env python3
"""Writes an XGBoost dump (JSON) and points (LIBSVM) as an ONNX tree ensemble and an .npz archive.

Usage:

    .venv-peers/bin/python benchmarks/peers/xgboost_dump_to_onnx.py DUMP.json POINTS.libsvm MODEL.onnx POINTS.npz

For published ensembles whose exact radii are known. XGBoost goes to "yes" where a feature is less than the
number; a positive sum of the leaves is class 1. Feature k of the dump is index k of the points' file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper


def main(dump: str, points: str, model: str, archive: str) -> None:
    nodes = {name: [] for name in (
        "treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids",
        "missing_value_tracks_true")}  # fmt: skip
    leaves = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}

    def visit(tree: int, node: dict) -> None:
        is_leaf = "leaf" in node
        for name, value in (
            ("treeids", tree),
            ("nodeids", node["nodeid"]),
            ("featureids", 0 if is_leaf else int(node["split"])),
            ("values", 0.0 if is_leaf else float(np.float32(node["split_condition"]))),
            ("modes", "LEAF" if is_leaf else "BRANCH_LT"),
            ("truenodeids", 0 if is_leaf else node["yes"]),
            ("falsenodeids", 0 if is_leaf else node["no"]),
            ("missing_value_tracks_true", int(not is_leaf and node["missing"] == node["yes"])),
        ):
            nodes[name].append(value)
        if is_leaf:
            for name, value in zip(leaves, (tree, node["nodeid"], 1, float(np.float32(node["leaf"])))):
                leaves[name].append(value)
        for child in node.get("children", []):
            visit(tree, child)

    for tree, root in enumerate(json.loads(Path(dump).read_text("utf-8"))):
        visit(tree, root)

    rows, labels = [], []
    for line in Path(points).read_text("utf-8").splitlines():
        label, *pairs = line.split()
        labels.append(int(float(label)))
        rows.append({int(k): float(v) for k, v in (pair.split(":") for pair in pairs)})
    width = max(max(row) for row in rows) + 1
    x = np.zeros((len(rows), width), np.float32)
    for index, row in enumerate(rows):
        for feature, value in row.items():
            x[index, feature] = value

    node = helper.make_node(
        "TreeEnsembleClassifier", ["x"], ["label", "scores"], domain="ai.onnx.ml",
        classlabels_int64s=[0, 1], post_transform="LOGISTIC",
        **{f"nodes_{name}": values for name, values in nodes.items()},
        **{f"class_{name}": values for name, values in leaves.items()},
    )  # fmt: skip
    graph = helper.make_graph(
        [node], "trees", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, width])],
        [helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
         helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, 2])])  # fmt: skip
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    Path(model).write_bytes(
        helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
    )
    np.savez(archive, x=x, labels=np.array(labels, np.int64))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
