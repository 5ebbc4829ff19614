"""What tf2onnx writes for Keras networks: channels last, recurrent layers both as operators and as loops."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
import tf2onnx
from keras import layers

from zoo.registry import Family, Made, numbers

FAMILY = Family("keras")
MODELS = FAMILY.models


def network(name: str, shape: tuple[int, ...], build, opset: int = 15) -> None:
    def make() -> Made:
        keras.utils.set_random_seed(1)
        source = layers.Input(shape)
        net = keras.Model(source, build(source))
        signature = [tf.TensorSpec((None, *shape), tf.float32, name="x")]
        model, _ = tf2onnx.convert.from_function(
            tf.function(lambda x: net(x), input_signature=signature), input_signature=signature, opset=opset)
        return model, {"x": numbers(name).normal(size=(3, *shape)).astype(np.float32)}

    FAMILY.add(name, make)


def chain(*parts):
    def build(x):
        for part in parts:
            x = part()(x) if callable(part) and not isinstance(part, layers.Layer) else part(x)
        return x

    return build


network("perceptron", (6,), chain(
    lambda: layers.Dense(12, "relu"), lambda: layers.BatchNormalization(), lambda: layers.Dense(3, "softmax")))
network("image_classifier", (12, 12, 3), chain(
    lambda: layers.Conv2D(6, 3, padding="same", strides=2), lambda: layers.BatchNormalization(), lambda: layers.ReLU(6.0),
    lambda: layers.DepthwiseConv2D(3, padding="same"), lambda: layers.LeakyReLU(negative_slope=0.2), lambda: layers.MaxPooling2D(2, padding="same"),
    lambda: layers.SeparableConv2D(8, 3, padding="same", activation="swish"), lambda: layers.GlobalAveragePooling2D(), lambda: layers.Dense(4)))
network("autoencoder", (8, 8, 1), chain(
    lambda: layers.Conv2D(4, 3, 2, "same", activation="elu"), lambda: layers.Conv2DTranspose(4, 3, 2, "same", activation="selu"),
    lambda: layers.UpSampling2D(2, interpolation="bilinear"), lambda: layers.ZeroPadding2D(1), lambda: layers.Cropping2D(2),
    lambda: layers.Conv2D(1, 1, activation="sigmoid")))
network("long_short_term_memory", (7, 4), chain(lambda: layers.LSTM(5, return_sequences=True), lambda: layers.LSTM(3), lambda: layers.Dense(2)))
network("both_ways", (7, 4), chain(lambda: layers.Bidirectional(layers.LSTM(5, return_sequences=True)), lambda: layers.GRU(3), lambda: layers.Dense(2)))
network("gated_unit_reset_after", (6, 3), chain(lambda: layers.GRU(4, reset_after=True, return_sequences=True), lambda: layers.TimeDistributed(layers.Dense(2))))
network("gated_unit_reset_before", (6, 3), chain(lambda: layers.GRU(4, reset_after=False)))
network("simple_recurrent", (5, 3), chain(lambda: layers.SimpleRNN(4, return_sequences=True, go_backwards=True), lambda: layers.Flatten(), lambda: layers.Dense(2, "tanh")))
network("series_convolutions", (20, 2), chain(
    lambda: layers.Conv1D(6, 3, padding="causal", dilation_rate=2, activation="relu"), lambda: layers.LayerNormalization(),
    lambda: layers.AveragePooling1D(2), lambda: layers.Conv1D(4, 3, activation="gelu"), lambda: layers.GlobalMaxPooling1D(), lambda: layers.Dense(1)))


def attention(x):
    y = layers.MultiHeadAttention(2, 4)(x, x)
    x = layers.LayerNormalization()(x + y)
    y = layers.Dense(8)(layers.Dense(16, "gelu")(x))
    return layers.Dense(3, "softmax")(layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x + y)))


network("attention", (6, 8), attention)
network("normalisation_inside", (5,), chain(
    lambda: layers.Normalization(mean=[0.1] * 5, variance=[2.0] * 5), lambda: layers.Dense(4, "softplus"), lambda: layers.UnitNormalization(), lambda: layers.Dense(1, "exponential")), opset=13)
