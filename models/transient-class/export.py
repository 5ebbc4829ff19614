"""The boosted trees as an ONNX file of one ai.onnx.ml node."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper
from sklearn.ensemble import GradientBoostingClassifier

from common.files import write_model as write_graph

# The version of ai.onnx.ml whose TreeEnsembleClassifier every runtime of the last years reads.
TREE_OPSET = 3
CLASSES = ("normal", "transient")


def write_model(model: GradientBoostingClassifier, path: Path) -> None:
    """Leaves add to one score, and the logistic function turns it into the second class's share.

    A node sends a row to its first child if the feature is at most the threshold, as scikit-learn
    does. A single class in the leaves is the standard's form of a two-class ensemble.
    """
    names = ("treeids", "nodeids", "featureids", "values", "modes", "hitrates",
             "truenodeids", "falsenodeids", "missing_value_tracks_true")  # fmt: skip
    nodes = {name: [] for name in names}
    leaves = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}
    for number, tree in enumerate(fitted.tree_ for fitted in model.estimators_[:, 0]):
        for node in range(tree.node_count):
            leaf = tree.children_left[node] < 0
            row = (
                number,
                node,
                0 if leaf else int(tree.feature[node]),
                0.0 if leaf else float(np.float32(tree.threshold[node])),
                "LEAF" if leaf else "BRANCH_LEQ",
                1.0,
                0 if leaf else int(tree.children_left[node]),
                0 if leaf else int(tree.children_right[node]),
                0,
            )
            for name, value in zip(names, row):
                nodes[name].append(value)
            if leaf:
                weight = np.float32(model.learning_rate * tree.value[node, 0, 0])
                for name, value in zip(leaves, (number, node, 0, float(weight))):
                    leaves[name].append(value)
    ensemble = helper.make_node(
        "TreeEnsembleClassifier",
        ["features"],
        ["label", "probabilities"],
        name="trees",
        domain="ai.onnx.ml",
        base_values=[float(np.float32(base_score(model)))],
        classlabels_int64s=list(range(len(CLASSES))),
        post_transform="LOGISTIC",
        **{f"nodes_{name}": values for name, values in nodes.items()},
        **{f"class_{name}": values for name, values in leaves.items()},
    )
    count = model.n_features_in_
    graph = helper.make_graph(
        [ensemble],
        "transient-class",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", count])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["batch"]),
            helper.make_tensor_value_info(
                "probabilities", TensorProto.FLOAT, ["batch", len(CLASSES)]
            ),
        ],
        doc_string="Nine telemetry counts of a shuttle's radiator to normal or transient.",
    )
    write_graph(graph, "bartizan transient-class train.py", path, {"ai.onnx.ml": TREE_OPSET})


def base_score(model: GradientBoostingClassifier) -> float:
    """What the trees start from: the log-odds of the training part."""
    share = model.init_.class_prior_[1]
    return float(np.log(share / (1 - share)))


def flips(model: GradientBoostingClassifier, features: np.ndarray) -> tuple[int, int]:
    """Thresholds that change when rounded to float32, and rows whose class changes with that."""
    trees = [fitted.tree_ for fitted in model.estimators_[:, 0]]
    changed = sum(
        int((tree.threshold != tree.threshold.astype(np.float32))[tree.feature >= 0].sum())
        for tree in trees
    )
    single = np.full(len(features), np.float32(base_score(model)), np.float32)
    for tree in trees:
        leaf = _leaves(tree, features.astype(np.float32))
        single += (model.learning_rate * tree.value[:, 0, 0]).astype(np.float32)[leaf]
    return changed, int(((single > 0).astype(int) != model.predict(features)).sum())


def _leaves(tree, features: np.ndarray) -> np.ndarray:
    """The leaf of each row, every comparison in float32."""
    threshold = tree.threshold.astype(np.float32)
    node = np.zeros(len(features), int)
    while True:
        inner = np.flatnonzero(tree.children_left[node] >= 0)
        if not len(inner):
            return node
        at = node[inner]
        left = features[inner, tree.feature[at]] <= threshold[at]
        node[inner] = np.where(left, tree.children_left[at], tree.children_right[at])
