"""What PyTorch's newer exporter (torch.export, onnxscript) writes: functions, more shape plumbing, opset 18."""

from __future__ import annotations

import logging

import onnx
import onnxscript  # noqa: F401  The exporter needs it; without it the family is left out.
import torch
from torch import nn
from torch.nn import functional

from zoo.registry import Family, Made
from zoo.torch_models import Layer

FAMILY = Family("dynamo")
MODELS = FAMILY.models


def export(module: nn.Module, inputs: tuple, opset: int = 18, dynamic: bool = True) -> Made:
    logging.disable(logging.WARNING)
    module.eval()
    shapes = tuple({0: torch.export.Dim("batch")} for _ in inputs) if dynamic else None
    program = torch.onnx.export(
        module, inputs, dynamo=True, opset_version=opset, dynamic_shapes=shapes, verbose=False)
    model = onnx.load_from_string(program.model_proto.SerializeToString())
    names = [value.name for value in model.graph.input]
    return model, {name: value.numpy() for name, value in zip(names, inputs)}


@FAMILY.model
def perceptron() -> Made:
    torch.manual_seed(1)
    net = nn.Sequential(nn.Linear(9, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 4), nn.Softmax(-1))
    return export(net, (torch.randn(5, 9),))


@FAMILY.model
def image_classifier() -> Made:
    torch.manual_seed(2)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.SiLU(), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3, groups=4),
        nn.GELU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))
    return export(net, (torch.randn(3, 3, 16, 16),))


@FAMILY.model
def transformer_encoder() -> Made:
    torch.manual_seed(3)
    net = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)
    return export(net, (torch.randn(2, 7, 16),))


@FAMILY.model
def causal_attention() -> Made:
    torch.manual_seed(4)

    def attend(project, x):
        q, k, v = (part.unflatten(-1, (2, 4)).transpose(1, 2) for part in project(x).chunk(3, -1))
        return functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)

    return export(Layer(attend, nn.Linear(8, 24)), (torch.randn(2, 5, 8),), dynamic=False)


@FAMILY.model
def recurrent_layers() -> Made:
    torch.manual_seed(5)

    class Reader(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(4, 6, 2, batch_first=True, bidirectional=True)
            self.gru = nn.GRU(12, 5, batch_first=True)

        def forward(self, x):
            y, _ = self.lstm(x)
            return self.gru(y)[0][:, -1]

    return export(Reader(), (torch.randn(2, 6, 4),), dynamic=False)


@FAMILY.model
def normalisations() -> Made:
    torch.manual_seed(6)
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.GroupNorm(4, 8), nn.InstanceNorm2d(8), nn.Flatten(), nn.Linear(288, 6), nn.LayerNorm(6), nn.RMSNorm(6))
    return export(net, (torch.randn(2, 3, 8, 8),), dynamic=False)


@FAMILY.model
def resizing() -> Made:
    torch.manual_seed(7)

    def resize(x):
        return (functional.interpolate(x, scale_factor=2.0, mode="bilinear"), functional.interpolate(x, size=(5, 5), mode="nearest"),
                functional.pixel_shuffle(x, 2), functional.adaptive_avg_pool2d(x, 2), x.cumsum(-1), x.topk(2)[0])

    return export(Layer(resize), (torch.randn(2, 4, 6, 6),), dynamic=False)


@FAMILY.model
def branches() -> Made:
    torch.manual_seed(8)

    class Branch(nn.Module):
        def forward(self, x):
            return torch.cond(x.sum() > 0, lambda x: (x.sin(),), lambda x: (x.cos() - 1,), (x,))[0]

    return export(Branch(), (torch.randn(2, 3),), dynamic=False)
