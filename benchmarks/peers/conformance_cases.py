#!/usr/bin/env python3
"""Writes the node tests that the installed `onnx` generates, and cases of `ai.onnx.ml`, as folders of files.

Usage, from the root of the repository:

    .venv-conformance/bin/python benchmarks/peers/conformance_cases.py nodes FOLDER
    .venv-conformance/bin/python benchmarks/peers/conformance_cases.py classical FOLDER

`nodes` writes every case of `onnx.backend.test`, whatever its version: the runner says which it does not read.
`classical` writes seeded cases of ai.onnx.ml; the outputs are onnx.reference's. Where onnxruntime runs the model and the
two differ, a message says so and onnxruntime's answer is expected.

A folder holds model.onnx and test_data_set_0 with input_N.pb and output_N.pb, as in ONNX's own suite.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator


def serialised(value: object, kind: onnx.TypeProto) -> bytes:
    which = kind.WhichOneof("value")
    if isinstance(value, (onnx.TensorProto, onnx.SequenceProto, onnx.OptionalProto)):
        return value.SerializeToString()
    if which == "sequence_type":
        return numpy_helper.from_list(value).SerializeToString()
    if which == "optional_type":
        return numpy_helper.from_optional(value).SerializeToString()
    if isinstance(value, dict):
        return numpy_helper.from_dict(value).SerializeToString()
    return numpy_helper.from_array(np.asarray(value)).SerializeToString()


def write(folder: Path, model: onnx.ModelProto, inputs: list, outputs: list) -> None:
    data = folder / "test_data_set_0"
    data.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    for kind, values, declared in (("input", inputs, model.graph.input), ("output", outputs, model.graph.output)):
        for index, (value, port) in enumerate(zip(values, declared)):
            if value is not None:
                (data / f"{kind}_{index}.pb").write_bytes(serialised(value, port.type))


def nodes(folder: Path) -> int:
    from onnx.backend.test.case.node import collect_testcases

    failures = 0
    cases = collect_testcases(None)
    for case in cases:
        inputs, outputs = case.data_sets[0]
        try:
            write(folder / case.name, case.model, inputs, outputs)
        except Exception as error:  # What cannot be written is counted, not hidden.
            print(f"not written: {case.name}: {type(error).__name__}: {error}")
            failures += 1
    print(f"{len(cases)} cases, {failures} could not be written")
    return 0


def classical_cases():
    """Names, nodes and inputs."""
    random = np.random.default_rng(2025)
    x = random.normal(size=(6, 4)).astype(np.float32)

    def node(operation: str, outputs: int = 1, inputs: int = 1, **attributes):
        return helper.make_node(
            operation, [f"x{i}" for i in range(inputs)], [f"y{i}" for i in range(outputs)], domain="ai.onnx.ml", **attributes)

    def floats(*shape):
        return random.normal(size=shape).astype(np.float32).ravel().tolist()

    yield "scaler", node("Scaler", offset=floats(4), scale=floats(4)), [x]
    yield "scaler_of_one", node("Scaler", offset=[0.5], scale=[2.0]), [x]
    for norm in ("MAX", "L1", "L2"):
        yield f"normalizer_{norm.lower()}", node("Normalizer", norm=norm), [np.abs(x)]
        yield f"normalizer_{norm.lower()}_signed", node("Normalizer", norm=norm), [x if norm != "MAX" else np.abs(x) * 3]
    missing = x.copy()
    missing[::2, 1] = np.nan
    yield "imputer", node("Imputer", imputed_value_floats=floats(4), replaced_value_float=float("nan")), [missing]
    yield "imputer_of_one", node("Imputer", imputed_value_floats=[7.0], replaced_value_float=0.0), [np.where(x > 0.5, 0, x).astype(np.float32)]
    yield "imputer_integers", node("Imputer", imputed_value_int64s=[9], replaced_value_int64=2), [np.arange(6, dtype=np.int64).reshape(2, 3)]
    yield "binarizer", node("Binarizer", threshold=0.3), [x]
    yield "feature_vectorizer", node("FeatureVectorizer", inputs=2, inputdimensions=[4, 2]), [x, x[:, :2] * 2]
    yield "array_feature_extractor", node("ArrayFeatureExtractor", inputs=2), [x, np.array([3, 0], np.int64)]
    yield "one_hot_integers", node("OneHotEncoder", cats_int64s=[0, 2, 5], zeros=1), [np.array([[5, 0], [2, 7]], np.int64)]
    yield "one_hot_strings", node("OneHotEncoder", cats_strings=["a", "b", "c"], zeros=1), [np.array([["b", "a"], ["z", "c"]])]
    yield "category_mapper", node("CategoryMapper", cats_int64s=[1, 2], cats_strings=["low", "high"], default_int64=-5), [np.array([["low"], ["high"], ["?"]])]
    yield "category_mapper_back", node("CategoryMapper", cats_int64s=[1, 2], cats_strings=["low", "high"], default_string="none"), [np.array([[2], [1], [8]], np.int64)]
    yield "label_encoder_to_numbers", node("LabelEncoder", keys_strings=["a", "b"], values_floats=[0.5, 1.5], default_float=-1.0), [np.array(["b", "q", "a"])]
    yield "label_encoder_to_strings", node("LabelEncoder", keys_int64s=[3, 4], values_strings=["x", "y"], default_string="_"), [np.array([4, 3, 9], np.int64)]
    for transform in ("NONE", "SOFTMAX", "LOGISTIC"):
        yield f"linear_classifier_{transform.lower()}", node("LinearClassifier", 2, coefficients=floats(3, 4), intercepts=floats(3), classlabels_ints=[4, 5, 6], post_transform=transform), [x]
        yield f"linear_regressor_{transform.lower()}", node("LinearRegressor", coefficients=floats(2, 4), intercepts=floats(2), targets=2, post_transform=transform), [x]
    yield "linear_classifier_strings", node("LinearClassifier", 2, coefficients=floats(2, 4), intercepts=floats(2), classlabels_strings=["no", "yes"]), [x]
    yield "linear_classifier_of_one_row", node("LinearClassifier", 2, coefficients=floats(4), intercepts=[0.1], classlabels_ints=[0, 1], post_transform="LOGISTIC", multi_class=0), [x]
    for kernel, parameters in (("LINEAR", [0.0, 0.0, 0.0]), ("POLY", [0.4, 1.0, 2.0]), ("RBF", [0.5, 0.0, 0.0]), ("SIGMOID", [0.1, 0.2, 0.0])):
        yield f"svm_regressor_{kernel.lower()}", node("SVMRegressor", kernel_type=kernel, kernel_params=parameters, support_vectors=floats(5, 4), coefficients=floats(5), rho=floats(1), n_supports=5, one_class=0), [x]
        yield f"svm_classifier_{kernel.lower()}", node("SVMClassifier", 2, kernel_type=kernel, kernel_params=parameters, support_vectors=floats(5, 4), coefficients=floats(5), rho=floats(1), vectors_per_class=[2, 3], classlabels_ints=[0, 1]), [x]
    yield "svm_regressor_one_class", node("SVMRegressor", kernel_type="RBF", kernel_params=[0.5, 0.0, 0.0], support_vectors=floats(3, 4), coefficients=floats(3), rho=[-0.2], n_supports=3, one_class=1), [x]
    yield "svm_classifier_three_classes", node("SVMClassifier", 2, kernel_type="RBF", kernel_params=[0.3, 0.0, 0.0], support_vectors=floats(6, 4), coefficients=floats(2, 6), rho=floats(3), vectors_per_class=[2, 2, 2], classlabels_ints=[0, 1, 2]), [x]
    yield "svm_classifier_probabilities", node("SVMClassifier", 2, kernel_type="RBF", kernel_params=[0.3, 0.0, 0.0], support_vectors=floats(6, 4), coefficients=floats(2, 6), rho=floats(3), vectors_per_class=[2, 2, 2], classlabels_ints=[0, 1, 2], prob_a=[-1.0, -0.5, -2.0], prob_b=[0.1, 0.2, -0.1]), [x]
    yield "svm_classifier_linear_rows", node("SVMClassifier", 2, kernel_type="LINEAR", kernel_params=[0.0, 0.0, 0.0], coefficients=floats(3, 4), rho=floats(1), classlabels_ints=[0, 1, 2]), [x]

    def forest(trees: int, depth: int, targets: int, mode: str, prefix: str, identifiers: str, weights: str):
        """Complete trees with seeded thresholds; leaves give to one target each."""
        table: dict[str, list] = {key: [] for key in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids", "missing_value_tracks_true")}
        leaves: dict[str, list] = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
        inner = 2**depth - 1
        for tree in range(trees):
            for index in range(2 * inner + 1):
                is_leaf = index >= inner
                table["treeids"].append(tree)
                table["nodeids"].append(index)
                table["featureids"].append(0 if is_leaf else int(random.integers(4)))
                table["values"].append(0.0 if is_leaf else float(np.float32(random.normal())))
                table["modes"].append("LEAF" if is_leaf else mode)
                table["truenodeids"].append(0 if is_leaf else 2 * index + 1)
                table["falsenodeids"].append(0 if is_leaf else 2 * index + 2)
                table["missing_value_tracks_true"].append(int(random.integers(2)))
                if is_leaf:
                    leaves["treeids"].append(tree)
                    leaves["nodeids"].append(index)
                    leaves["ids"].append(int(random.integers(targets)))
                    leaves["weights"].append(float(np.float32(random.normal())))
        attributes = {f"nodes_{key}": value for key, value in table.items()}
        attributes |= {f"{prefix}_{key}": value for key, value in leaves.items()}
        return attributes

    for mode in ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"):
        yield f"tree_regressor_{mode[7:].lower()}", node("TreeEnsembleRegressor", n_targets=2, **forest(4, 3, 2, mode, "target", "ids", "weights")), [missing]
    for aggregate in ("SUM", "AVERAGE", "MIN", "MAX"):
        yield f"tree_regressor_{aggregate.lower()}", node("TreeEnsembleRegressor", n_targets=1, aggregate_function=aggregate, base_values=[0.25], **forest(5, 2, 1, "BRANCH_LEQ", "target", "ids", "weights")), [x]
    for transform in ("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"):
        yield f"tree_classifier_{transform.lower()}", node("TreeEnsembleClassifier", 2, classlabels_int64s=[0, 1, 2], post_transform=transform, **forest(4, 3, 3, "BRANCH_LEQ", "class", "ids", "weights")), [missing]
    yield "tree_classifier_strings", node("TreeEnsembleClassifier", 2, classlabels_strings=["a", "b", "c"], **forest(3, 2, 3, "BRANCH_LT", "class", "ids", "weights")), [x]
    yield "tree_classifier_two_classes", node("TreeEnsembleClassifier", 2, classlabels_int64s=[0, 1], post_transform="LOGISTIC", **forest(3, 2, 1, "BRANCH_LEQ", "class", "ids", "weights")), [x]
    for aggregate in range(4):
        yield f"tree_ensemble_aggregate_{aggregate}", node(
            "TreeEnsemble", n_targets=2, aggregate_function=aggregate, post_transform=0, tree_roots=[0, 1], nodes_featureids=[1, 2],
            nodes_modes=numpy_helper.from_array(np.array([0, 1], np.uint8)), nodes_splits=numpy_helper.from_array(np.array([0.2, -0.1], np.float32)),
            nodes_truenodeids=[0, 2], nodes_trueleafs=[1, 1], nodes_falsenodeids=[1, 3], nodes_falseleafs=[1, 1], leaf_targetids=[0, 1, 1, 0],
            leaf_weights=numpy_helper.from_array(np.array([5.2, 12.1, -12.2, 7.1], np.float32))), [x]
    yield "tree_ensemble_membership", node(
        "TreeEnsemble", n_targets=4, aggregate_function=1, post_transform=0, tree_roots=[0], nodes_featureids=[0, 0, 0],
        nodes_modes=numpy_helper.from_array(np.array([0, 6, 6], np.uint8)), nodes_splits=numpy_helper.from_array(np.array([11, 232344.0, np.nan], np.float32)),
        membership_values=numpy_helper.from_array(np.array([1.2, 3.7, 8, 9, np.nan, 12, 7, np.nan], np.float32)),
        nodes_truenodeids=[1, 0, 1], nodes_trueleafs=[0, 1, 1], nodes_falsenodeids=[2, 2, 3], nodes_falseleafs=[1, 0, 1], leaf_targetids=[0, 1, 2, 3],
        leaf_weights=numpy_helper.from_array(np.array([1, 10, 1000, 100], np.float32))), [np.array([1.2, 3.4, -0.12, np.nan, 12, 7], np.float32).reshape(-1, 1)]


def kind(value: np.ndarray) -> int:
    return TensorProto.STRING if value.dtype.kind in "UO" else helper.np_dtype_to_tensor_dtype(value.dtype)


def classical(folder: Path) -> int:
    try:
        import onnxruntime
    except ImportError:
        onnxruntime = None
    written = 0
    for name, node, inputs in classical_cases():
        version = 5 if node.op_type == "TreeEnsemble" else 3
        if node.op_type == "LabelEncoder":
            version = 4
        declared = [helper.make_tensor_value_info(f"x{i}", kind(value), value.shape) for i, value in enumerate(inputs)]
        outputs = [helper.make_tensor_value_info(f"y{i}", 0, None) for i in range(len(node.output))]
        graph = helper.make_graph([node], name, declared, outputs)
        model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", version)])
        given = {f"x{i}": value for i, value in enumerate(inputs)}
        answers: dict[str, list] = {}
        try:
            answers["onnx.reference"] = [np.asarray(value) for value in ReferenceEvaluator(model).run(None, given)]
        except Exception as error:
            print(f"onnx.reference does not run {name}: {type(error).__name__}: {str(error).splitlines()[0]}")
        if onnxruntime is not None:
            first = next(iter(answers.values()), None)
            known = [kind(value) for value in first] if first is not None else None
            # Without a reference the types of the outputs are found by trying.
            guesses = [known] if known else [[TensorProto.INT64, TensorProto.FLOAT], [TensorProto.FLOAT], [TensorProto.INT64], [TensorProto.STRING]]
            for guess in guesses:
                for port, element in zip(model.graph.output, guess):
                    port.type.tensor_type.elem_type = element
                try:
                    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
                    texts = {key: value.astype(object) if value.dtype.kind == "U" else value for key, value in given.items()}
                    answers["onnxruntime"] = session.run(None, texts)
                    break
                except Exception as error:
                    message = str(error).splitlines()[0][:160]
            else:
                print(f"onnxruntime does not run {name}: {message}")
        if not answers:
            print(f"left out {name}: nobody runs it")
            continue
        both = list(answers.values())
        same = all(
            np.array_equal(a, b) if np.asarray(a).dtype.kind in "OUS" else np.asarray(a).shape == np.asarray(b).shape and np.allclose(a, b, rtol=1e-4, atol=1e-5, equal_nan=True)
            for a, b in zip(both[0], both[-1]))
        expected = answers.get("onnxruntime", both[0])
        if not same:
            print(f"onnx.reference and onnxruntime differ on {name}: onnxruntime's answer is expected")
        for port, value in zip(model.graph.output, expected):
            port.type.tensor_type.elem_type = kind(np.asarray(value))
        write(folder / f"test_{name}", model, inputs, [np.asarray(value) for value in expected])
        written += 1
    print(f"{written} cases of ai.onnx.ml written")
    return 0


def main() -> int:
    if len(sys.argv) != 3 or sys.argv[1] not in ("nodes", "classical"):
        print(__doc__, file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")
    np.random.seed(0)
    return (nodes if sys.argv[1] == "nodes" else classical)(Path(sys.argv[2]))


if __name__ == "__main__":
    sys.exit(main())
