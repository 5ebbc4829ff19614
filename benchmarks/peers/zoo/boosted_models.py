"""Boosted trees: LightGBM and XGBoost as onnxmltools writes them, CatBoost as it writes itself."""

from __future__ import annotations

import tempfile
from pathlib import Path

import catboost
import lightgbm
import numpy as np
import onnx
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

from zoo.registry import Family, Made, numbers

FAMILY = Family("boosted")
MODELS = FAMILY.models
TYPES = [("x", FloatTensorType([None, 6]))]


def table(name: str, classes: int, missing: bool = False):
    random = numbers(name)
    x = random.normal(size=(150, 6)).astype(np.float32)
    score = x[:, 0] * x[:, 1] + np.abs(x[:, 2]) + 0.1 * random.normal(size=150)
    labels = np.digitize(score, np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1]))
    if missing:
        x[random.random(x.shape) < 0.2] = np.nan
    return x, labels, score


def light(name: str, estimator, classes: int = 3, missing: bool = False, regression: bool = False, zipmap: bool = False, **settings) -> None:
    def make() -> Made:
        x, labels, score = table(name, classes, missing)
        model = estimator(n_estimators=12, num_leaves=9, min_child_samples=4, random_state=0, verbose=-1, n_jobs=1, **settings)
        model.fit(x, score if regression else labels)
        return convert_lightgbm(model, initial_types=TYPES, target_opset=15, zipmap=zipmap), {"x": x[:20]}

    FAMILY.add(name, make)


def extreme(name: str, estimator, classes: int = 3, missing: bool = False, regression: bool = False, positive: bool = False, **settings) -> None:
    def make() -> Made:
        x, labels, score = table(name, classes, missing)
        model = estimator(**{"n_estimators": 10, "max_depth": 4, "random_state": 0, "n_jobs": 1, **settings})
        model.fit(x, (np.abs(score) if positive else score) if regression else labels)
        return convert_xgboost(model, initial_types=TYPES, target_opset=15), {"x": x[:20]}

    FAMILY.add(name, make)


light("lightgbm_classes", lightgbm.LGBMClassifier)
light("lightgbm_two_classes_with_map", lightgbm.LGBMClassifier, classes=2, zipmap=True)
light("lightgbm_missing_values", lightgbm.LGBMClassifier, classes=2, missing=True)
light("lightgbm_regression", lightgbm.LGBMRegressor, regression=True)
light("lightgbm_regression_missing", lightgbm.LGBMRegressor, regression=True, missing=True)
light("lightgbm_forest", lightgbm.LGBMClassifier, boosting_type="rf", bagging_freq=1, bagging_fraction=0.7)
light("lightgbm_poisson", lightgbm.LGBMRegressor, regression=True, objective="quantile", alpha=0.8)
extreme("xgboost_classes", xgboost.XGBClassifier)
extreme("xgboost_two_classes", xgboost.XGBClassifier, classes=2)
extreme("xgboost_missing_values", xgboost.XGBClassifier, missing=True)
extreme("xgboost_regression", xgboost.XGBRegressor, regression=True)
extreme("xgboost_regression_missing", xgboost.XGBRegressor, regression=True, missing=True)
extreme("xgboost_forest", xgboost.XGBRFRegressor, regression=True)
extreme("xgboost_counts", xgboost.XGBRegressor, regression=True, positive=True, objective="reg:tweedie")


def cat(name: str, estimator, classes: int = 3, regression: bool = False) -> None:
    def make() -> Made:
        x, labels, score = table(name, classes)
        model = estimator(iterations=12, depth=4, random_seed=0, verbose=False, thread_count=1, allow_writing_files=False)
        model.fit(x, score if regression else labels)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.onnx"
            model.save_model(str(path), format="onnx")
            return onnx.load(path), {"features": x[:20]}

    FAMILY.add(name, make)


cat("catboost_classes", catboost.CatBoostClassifier)
cat("catboost_two_classes", catboost.CatBoostClassifier, classes=2)
cat("catboost_regression", catboost.CatBoostRegressor, regression=True)
