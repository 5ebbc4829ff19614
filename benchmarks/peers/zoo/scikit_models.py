"""Classical models as skl2onnx writes them: linear, kernel, tree, neighbour and Bayes models, and pipelines around them."""

from __future__ import annotations

import numpy as np
import skl2onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType
from sklearn import (
    calibration, cluster, compose, cross_decomposition, decomposition, discriminant_analysis, ensemble, feature_selection,
    gaussian_process, impute, linear_model, mixture, multiclass, multioutput, naive_bayes, neighbors, neural_network, pipeline,
    preprocessing, svm, tree)
from sklearn.feature_extraction import text

from zoo.registry import Family, Made, numbers

FAMILY = Family("scikit")
MODELS = FAMILY.models
ROWS = 80


def table(name: str, classes: int, features: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Measurements, a class and a target for each."""
    random = numbers(name)
    x = random.normal(size=(ROWS, features)).astype(np.float32)
    score = x @ random.normal(size=features) + 0.3 * np.sin(3 * x[:, 0])
    labels = np.digitize(score, np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1]))
    return x, labels, score


def convert(model, x: np.ndarray, opset: int = 17, ml: int = 3, types=None, **options) -> Made:
    kinds = {np.float32: FloatTensorType, np.float64: DoubleTensorType, np.int64: Int64TensorType}
    types = types or [("x", kinds[x.dtype.type]([None, x.shape[1]]))]
    settings = {id(model): options} if options else None
    onx = skl2onnx.to_onnx(model, initial_types=types, target_opset={"": opset, "ai.onnx.ml": ml}, options=settings)
    return onx, {"x": x[:12]}


def classifier(name: str, build, classes: int = 3, positive: bool = False, labels=None, **options) -> None:
    def make() -> Made:
        x, y, _ = table(name, classes)
        x = np.abs(x) if positive else x
        y = y if labels is None else np.array(labels)[y]
        return convert(build().fit(x, y), x, **options)

    FAMILY.add(name, make)


def regressor(name: str, build, outputs: int = 1, **options) -> None:
    def make() -> Made:
        x, _, y = table(name, 3)
        y = np.abs(y) if options.pop("positive", False) else y
        return convert(build().fit(x, y if outputs == 1 else np.stack([y * (k + 1) + x[:, k] for k in range(outputs)], 1)), x, **options)

    FAMILY.add(name, make)


def transformer(name: str, build, missing: bool = False, positive: bool = False, supervised: bool = False) -> None:
    def make() -> Made:
        x, y, _ = table(name, 3)
        x = np.abs(x) + 0.1 if positive else x
        if missing:
            x[::4, 1] = np.nan
        return convert(build().fit(x, y) if supervised else build().fit(x), x)

    FAMILY.add(name, make)


WORDS = ["idle", "run", "stop"]
classifier("logistic_regression", lambda: linear_model.LogisticRegression())
classifier("logistic_regression_of_two_classes", lambda: linear_model.LogisticRegression(), classes=2, zipmap=False)
classifier("logistic_regression_with_words", lambda: linear_model.LogisticRegression(), labels=WORDS)
classifier("stochastic_gradient", lambda: linear_model.SGDClassifier(random_state=0), zipmap=False)
classifier("stochastic_gradient_with_probabilities", lambda: linear_model.SGDClassifier(loss="log_loss", random_state=0), zipmap=False)
classifier("ridge_classifier", lambda: linear_model.RidgeClassifier(), zipmap=False)
classifier("passive_linear_machine", lambda: svm.LinearSVC(random_state=0))
classifier("perceptron", lambda: linear_model.Perceptron(random_state=0), zipmap=False)
classifier("support_vectors_radial", lambda: svm.SVC(probability=True, random_state=0), zipmap=False)
classifier("support_vectors_of_two_classes", lambda: svm.SVC(probability=True, kernel="poly", degree=2, random_state=0), classes=2, zipmap=False)
classifier("support_vectors_without_probabilities", lambda: svm.SVC(kernel="sigmoid"), zipmap=False)
classifier("support_vectors_linear_with_words", lambda: svm.SVC(kernel="linear"), labels=WORDS)
classifier("nu_support_vectors", lambda: svm.NuSVC(nu=0.3, probability=True, random_state=0), zipmap=False)
classifier("decision_tree", lambda: tree.DecisionTreeClassifier(max_depth=5, random_state=0))
classifier("random_forest", lambda: ensemble.RandomForestClassifier(12, max_depth=6, random_state=0), zipmap=False)
classifier("random_forest_with_words", lambda: ensemble.RandomForestClassifier(8, random_state=0), labels=WORDS)
classifier("random_forest_of_two_classes", lambda: ensemble.RandomForestClassifier(9, random_state=0), classes=2, zipmap=False)
classifier("extra_trees", lambda: ensemble.ExtraTreesClassifier(10, random_state=0), zipmap="columns")
classifier("gradient_boosting", lambda: ensemble.GradientBoostingClassifier(n_estimators=10, random_state=0), zipmap=False)
classifier("gradient_boosting_of_two_classes", lambda: ensemble.GradientBoostingClassifier(n_estimators=10, random_state=0), classes=2, zipmap=False)
classifier("adaptive_boosting", lambda: ensemble.AdaBoostClassifier(n_estimators=5, random_state=0), zipmap=False)
classifier("bagging", lambda: ensemble.BaggingClassifier(n_estimators=4, random_state=0), zipmap=False)
classifier("voting", lambda: ensemble.VotingClassifier([("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier(max_depth=3))], voting="soft", flatten_transform=False), zipmap=False)
classifier("stacking", lambda: ensemble.StackingClassifier([("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier(max_depth=3))]), zipmap=False)
classifier("calibrated", lambda: calibration.CalibratedClassifierCV(svm.LinearSVC(random_state=0), cv=3), zipmap=False)
classifier("one_against_rest", lambda: multiclass.OneVsRestClassifier(linear_model.LogisticRegression()), zipmap=False)
classifier("nearest_neighbours", lambda: neighbors.KNeighborsClassifier(4), zipmap=False)
classifier("gaussian_bayes", lambda: naive_bayes.GaussianNB(), zipmap=False)
classifier("multinomial_bayes", lambda: naive_bayes.MultinomialNB(), positive=True, zipmap=False)
classifier("bernoulli_bayes", lambda: naive_bayes.BernoulliNB(), zipmap=False)
classifier("perceptron_network", lambda: neural_network.MLPClassifier((8, 6), max_iter=60, random_state=0), zipmap=False)
classifier("linear_discriminant", lambda: discriminant_analysis.LinearDiscriminantAnalysis(), zipmap=False)
classifier("quadratic_discriminant", lambda: discriminant_analysis.QuadraticDiscriminantAnalysis(), zipmap=False)
classifier("gaussian_process_classifier", lambda: gaussian_process.GaussianProcessClassifier(), classes=2, zipmap=False)
classifier("random_forest_newest_operator", lambda: ensemble.RandomForestClassifier(6, random_state=0), zipmap=False, ml=5, opset=21)
regressor("linear_regression", linear_model.LinearRegression)
regressor("linear_regression_of_three", linear_model.LinearRegression, outputs=3)
regressor("lasso", lambda: linear_model.Lasso(0.01))
regressor("huber", lambda: linear_model.HuberRegressor())
regressor("poisson", lambda: linear_model.PoissonRegressor(), positive=True)
regressor("bayesian_ridge", lambda: linear_model.BayesianRidge())
regressor("support_vector_regression", lambda: svm.SVR())
regressor("support_vector_regression_polynomial", lambda: svm.SVR(kernel="poly", degree=3, coef0=1))
regressor("linear_support_vector_regression", lambda: svm.LinearSVR(random_state=0))
regressor("decision_tree_regression", lambda: tree.DecisionTreeRegressor(max_depth=6, random_state=0))
regressor("random_forest_regression", lambda: ensemble.RandomForestRegressor(10, random_state=0))
regressor("random_forest_regression_of_two", lambda: ensemble.RandomForestRegressor(5, random_state=0), outputs=2)
regressor("gradient_boosting_regression", lambda: ensemble.GradientBoostingRegressor(n_estimators=12, random_state=0))
regressor("nearest_neighbours_regression", lambda: neighbors.KNeighborsRegressor(3, weights="distance"))
regressor("gaussian_process_regression", lambda: gaussian_process.GaussianProcessRegressor(gaussian_process.kernels.RBF(2.0), alpha=0.1))
regressor("perceptron_network_regression", lambda: neural_network.MLPRegressor(hidden_layer_sizes=(8,), activation="tanh", max_iter=80, random_state=0))
regressor("partial_least_squares", lambda: cross_decomposition.PLSRegression(2), outputs=2)
regressor("one_regressor_an_output", lambda: multioutput.MultiOutputRegressor(linear_model.Ridge()), outputs=2)
transformer("standard_scaler", preprocessing.StandardScaler)
transformer("range_scaler", preprocessing.MinMaxScaler)
transformer("robust_scaler", preprocessing.RobustScaler)
transformer("absolute_scaler", preprocessing.MaxAbsScaler)
transformer("unit_norm", lambda: preprocessing.Normalizer("l2"))
transformer("unit_sum", lambda: preprocessing.Normalizer("l1"))
transformer("unit_maximum", lambda: preprocessing.Normalizer("max"))
transformer("binarizer", lambda: preprocessing.Binarizer(threshold=0.2))
transformer("bins_as_columns", lambda: preprocessing.KBinsDiscretizer(4, encode="onehot-dense"))
transformer("polynomials", lambda: preprocessing.PolynomialFeatures(3))
transformer("power", lambda: preprocessing.PowerTransformer())
transformer("mean_imputer", lambda: impute.SimpleImputer(), missing=True)
transformer("principal_components", lambda: decomposition.PCA(3, whiten=True))
transformer("incremental_components", lambda: decomposition.IncrementalPCA(2))
transformer("truncated_decomposition", lambda: decomposition.TruncatedSVD(2, random_state=0))
transformer("feature_choice", lambda: feature_selection.SelectKBest(k=3), supervised=True)
transformer("k_means", lambda: cluster.KMeans(4, n_init=2, random_state=0))
transformer("gaussian_mixture", lambda: mixture.GaussianMixture(3, random_state=0))
transformer("isolation_forest", lambda: ensemble.IsolationForest(n_estimators=8, random_state=0))
transformer("local_outlier_factor", lambda: neighbors.LocalOutlierFactor(n_neighbors=8, novelty=True))
transformer("one_class_machine", lambda: svm.OneClassSVM(nu=0.2))
transformer("scaled_components_pipeline", lambda: pipeline.make_pipeline(
    impute.SimpleImputer(strategy="median"), preprocessing.StandardScaler(), decomposition.PCA(3)), missing=True)


@FAMILY.model
def double_precision_forest() -> Made:
    x, y, _ = table("double", 3)
    x = x.astype(np.float64)
    return convert(ensemble.RandomForestClassifier(6, random_state=0).fit(x, y), x, zipmap=False)


@FAMILY.model
def machine_log_with_words_and_numbers() -> Made:
    """Columns of numbers and of words, each prepared in its own way, then a forest."""
    import pandas

    random = numbers("machine log")
    frame = pandas.DataFrame({
        "pressure": random.normal(size=ROWS).astype(np.float32), "flow": random.normal(size=ROWS).astype(np.float32),
        "mode": random.choice(["auto", "manual", "test"], ROWS), "valve": random.choice(["open", "shut"], ROWS)})
    labels = np.where(frame["pressure"] + (frame["mode"] == "test") > 0.3, "fault", "fine")
    prepare = compose.ColumnTransformer([
        ("numbers", pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler()), ["pressure", "flow"]),
        ("words", preprocessing.OneHotEncoder(handle_unknown="ignore"), ["mode"]),
        ("order", preprocessing.OrdinalEncoder(), ["valve"])])
    model = pipeline.make_pipeline(prepare, ensemble.RandomForestClassifier(6, random_state=0)).fit(frame, labels)
    types = [(name, FloatTensorType([None, 1]) if name in ("pressure", "flow") else StringTensorType([None, 1])) for name in frame]
    onx = skl2onnx.to_onnx(model, initial_types=types, target_opset={"": 17, "ai.onnx.ml": 3})
    return onx, {name: frame[name].to_numpy()[:9].reshape(-1, 1).astype(np.float32 if name in ("pressure", "flow") else str) for name in frame}


def words(name: str, build) -> None:
    def make() -> Made:
        lines = np.array(["pump stopped by guard", "pump started", "guard open", "pressure high pump", "Pressure low; valve shut"])
        model = build().fit(lines)
        onx = skl2onnx.to_onnx(model, initial_types=[("x", StringTensorType([None, 1]))], target_opset={"": 17, "ai.onnx.ml": 3})
        return onx, {"x": lines.reshape(-1, 1)}

    FAMILY.add(name, make)


words("word_counts", lambda: text.CountVectorizer(ngram_range=(1, 2)))
words("word_frequencies", lambda: text.TfidfVectorizer())


@FAMILY.model
def codes_as_columns() -> Made:
    random = numbers("codes")
    x = random.integers(0, 4, (ROWS, 2)).astype(np.int64)
    return convert(preprocessing.OneHotEncoder(sparse_output=False).fit(x), x)
