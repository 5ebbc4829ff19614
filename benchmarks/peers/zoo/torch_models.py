"""What PyTorch's TorchScript exporter writes for common layers and small architectures."""

from __future__ import annotations

import io

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional

from zoo.registry import Family, Made

FAMILY = Family("torch")
MODELS = FAMILY.models


def export(module: nn.Module, inputs: tuple, opset: int = 17, batch: bool = True, **settings) -> Made:
    """The model, with the first axis of every real input free if `batch`, and its inputs."""
    module.eval()
    names = [f"x{index}" for index in range(len(inputs))]
    axes = {name: {0: "batch"} for name in names} if batch else None
    buffer = io.BytesIO()
    torch.onnx.export(
        module, inputs, buffer, input_names=names, opset_version=opset, dynamo=False, dynamic_axes=axes, **settings)
    model = onnx.load_from_string(buffer.getvalue())
    known = {value.name for value in model.graph.input}
    return model, {name: value.numpy() for name, value in zip(names, inputs) if name in known}


def seeded(seed: int) -> None:
    torch.manual_seed(seed)


class Layer(nn.Module):
    """A function as a module."""

    def __init__(self, function, *children: nn.Module) -> None:
        super().__init__()
        self.function = function
        self.parts = nn.ModuleList(children)

    def forward(self, *inputs):
        return self.function(*self.parts, *inputs)


@FAMILY.model
def perceptron() -> Made:
    seeded(1)
    net = nn.Sequential(nn.Linear(9, 32), nn.ReLU(), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 4), nn.Softmax(-1))
    return export(net, (torch.randn(5, 9),))


@FAMILY.model
def image_classifier() -> Made:
    seeded(2)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(), nn.MaxPool2d(2),
        nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.Hardswish(), nn.Conv2d(8, 16, 1), nn.SiLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(16, 10), nn.LogSoftmax(1))
    return export(net, (torch.randn(3, 3, 16, 16),), opset=13)


@FAMILY.model
def residual_block_opset_9() -> Made:
    seeded(3)

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(4, 4, 3, padding=1)
            self.second = nn.Conv2d(4, 4, 3, padding=1)

        def forward(self, x):
            y = functional.leaky_relu(self.first(x), 0.1)
            return functional.relu(x + self.second(y)).mean(dim=(2, 3))

    return export(Block(), (torch.randn(2, 4, 8, 8),), opset=9)


@FAMILY.model
def time_series_convolutions() -> Made:
    seeded(4)
    net = nn.Sequential(
        nn.Conv1d(3, 8, 5, dilation=2, padding=4), nn.ELU(), nn.AvgPool1d(2), nn.Conv1d(8, 4, 3, stride=2),
        nn.PReLU(4), nn.Flatten(), nn.LazyLinear(3))
    net(torch.randn(1, 3, 40))
    return export(net, (torch.randn(2, 3, 40),))


@FAMILY.model
def volume_convolutions() -> Made:
    seeded(5)
    net = nn.Sequential(nn.Conv3d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool3d(2), nn.ConvTranspose3d(4, 2, 2, stride=2))
    return export(net, (torch.randn(1, 1, 6, 6, 6),))


@FAMILY.model
def autoencoder_with_transposed_convolutions() -> Made:
    seeded(6)
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.GELU(), nn.Conv2d(4, 8, 3, stride=2, padding=1), nn.Mish(),
        nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1, output_padding=1), nn.Softplus(),
        nn.ConvTranspose2d(4, 1, 4, stride=2, padding=1, groups=1), nn.Sigmoid())
    return export(net, (torch.randn(2, 1, 16, 16),))


@FAMILY.model
def normalisations() -> Made:
    seeded(7)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.GroupNorm(4, 8), nn.InstanceNorm2d(8, affine=True), nn.LayerNorm([8, 6, 6]),
        nn.LocalResponseNorm(3), nn.Flatten(), nn.Linear(288, 4), nn.LayerNorm(4))
    for part in net.modules():
        if isinstance(part, (nn.GroupNorm, nn.LayerNorm)):
            nn.init.normal_(part.weight)
            nn.init.normal_(part.bias)
    return export(net, (torch.randn(2, 3, 8, 8),), opset=17)


@FAMILY.model
def layer_normalisation_in_parts() -> Made:
    seeded(8)
    return export(nn.Sequential(nn.Linear(6, 8), nn.LayerNorm(8), nn.GELU(approximate="tanh")), (torch.randn(3, 6),), opset=14)


@FAMILY.model
def transformer_encoder() -> Made:
    seeded(9)
    layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, activation="gelu", norm_first=True)
    net = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
    return export(net, (torch.randn(2, 7, 16),))


@FAMILY.model
def causal_attention() -> Made:
    seeded(10)

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.project = nn.Linear(8, 24)
            self.out = nn.Linear(8, 8)

        def forward(self, x):
            q, k, v = (part.unflatten(-1, (2, 4)).transpose(1, 2) for part in self.project(x).chunk(3, -1))
            y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            return self.out(y.transpose(1, 2).flatten(2))

    return export(Attention(), (torch.randn(2, 5, 8),))


@FAMILY.model
def token_classifier() -> Made:
    seeded(11)

    class Tokens(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(50, 12, padding_idx=0)
            self.places = nn.Embedding(16, 12)
            self.attend = nn.MultiheadAttention(12, 3, batch_first=True)
            self.classify = nn.Linear(12, 5)

        def forward(self, tokens, mask):
            x = self.words(tokens) + self.places(torch.arange(tokens.shape[1], device=tokens.device))
            y, weights = self.attend(x, x, x, key_padding_mask=mask)
            pooled = y.masked_fill(mask.unsqueeze(-1), 0).sum(1) / (~mask).sum(1, keepdim=True)
            return self.classify(pooled), weights

    tokens = torch.randint(1, 50, (3, 8))
    mask = torch.zeros(3, 8, dtype=torch.bool)
    mask[1, 5:] = True
    return export(Tokens(), (tokens, mask))


@FAMILY.model
def sampling_and_resizing() -> Made:
    seeded(12)

    def resize(convolution, x):
        a = functional.interpolate(x, scale_factor=2, mode="nearest")
        b = functional.interpolate(x, size=(12, 12), mode="bilinear", align_corners=False)
        c = functional.interpolate(b, size=(7, 9), mode="bicubic", align_corners=True)
        d = functional.pixel_shuffle(convolution(x), 2)
        return a, b, c, d, functional.pad(x, (1, 2, 0, 1), mode="reflect")

    return export(Layer(resize, nn.Conv2d(3, 4, 1)), (torch.randn(2, 3, 6, 6),), batch=False)


@FAMILY.model
def spatial_transformer() -> Made:
    seeded(13)

    def warp(x, theta):
        grid = functional.affine_grid(theta, [2, 3, 5, 5], align_corners=False)
        return functional.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)

    theta = torch.eye(2, 3).repeat(2, 1, 1) + 0.2 * torch.randn(2, 2, 3)
    return export(Layer(warp), (torch.randn(2, 3, 8, 8), theta), opset=20, batch=False)


@FAMILY.model
def einsum_and_norms() -> Made:
    seeded(14)

    def compute(a, b):
        c = torch.einsum("bij,bkj->bik", a, b)
        return c, torch.linalg.vector_norm(c, dim=-1), torch.cumsum(c, 1), torch.logsumexp(c, -1), c.softmax(1).argmax(-1)

    return export(Layer(compute), (torch.randn(2, 3, 4), torch.randn(2, 5, 4)))


@FAMILY.model
def indexing() -> Made:
    seeded(15)

    def index(x):
        values, places = x.topk(3, dim=-1)
        picked = torch.gather(x, 1, places.flip(-1))
        y = x.clone()
        y[:, 1:4] = 0.5
        z = torch.scatter(y, 1, places, values * 2)
        return values, picked, z, x.sort(descending=True)[0], torch.where(x > 0, x, x.exp()), x.roll(1, 1), x.triu(1)

    return export(Layer(index), (torch.randn(4, 8),), batch=False)


@FAMILY.model
def elementary_functions() -> Made:
    seeded(16)

    def functions(x):
        y = x.abs() + 0.1
        return torch.stack([
            x.sin(), x.cos(), x.atan(), y.log(), y.sqrt(), y.rsqrt(), x.erf(), x.exp(), y.pow(1.7), x.floor(), x.ceil(),
            x.round(), x.sign(), x.tanh(), x.sigmoid(), functional.hardsigmoid(x), functional.selu(x), functional.celu(x, 0.7),
            functional.softsign(x), functional.logsigmoid(x), torch.clamp(x, -0.5, 0.5), torch.remainder(x, 0.7), torch.fmod(x, 0.7),
            torch.sinh(x), torch.cosh(x), torch.asinh(x), torch.log1p(y), torch.expm1(x)])

    return export(Layer(functions), (torch.randn(3, 7),), batch=False)


@FAMILY.model
def reductions() -> Made:
    seeded(17)

    def reduce(x):
        return (x.sum(), x.mean(1, keepdim=True), x.amax((0, 2)), x.amin(1), x.prod(-1), x.std(1), x.var(2, unbiased=False),
                x.norm(p=1, dim=1), x.argmin(2), (x > 0).any(1), (x > -9).all(), x.median())

    return export(Layer(lambda x: reduce(x)[:-1]), (torch.randn(2, 3, 4),), batch=False)


@FAMILY.model
def half_precision() -> Made:
    seeded(18)
    net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)).half()
    return export(net, (torch.randn(2, 8).half(),))


@FAMILY.model
def double_precision() -> Made:
    seeded(19)
    return export(nn.Sequential(nn.Linear(4, 8), nn.Sigmoid(), nn.Linear(8, 2)).double(), (torch.randn(3, 4).double(),))


@FAMILY.model
def scripted_branches_and_loops() -> Made:
    seeded(20)

    class Scripted(nn.Module):
        def __init__(self):
            super().__init__()
            self.step = nn.Linear(4, 4)

        def forward(self, x: torch.Tensor, rounds: torch.Tensor) -> torch.Tensor:
            if bool(x.sum() > 0):
                y = x * 2
            else:
                y = x - 1
            for _ in range(int(rounds)):
                y = torch.tanh(self.step(y))
            while bool(y.abs().max() > 0.2):
                y = y * 0.5
            return y

    return export(torch.jit.script(Scripted().eval()), (torch.randn(2, 4), torch.tensor(3)), opset=16, batch=False)


@FAMILY.model
def unfold_and_pools() -> Made:
    seeded(21)

    def pools(x):
        return (functional.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False),
                functional.max_pool2d(x, 3, 2, 1, dilation=2, ceil_mode=True, return_indices=True)[0], functional.lp_pool2d(x, 2, 2),
                functional.adaptive_avg_pool2d(x, (3, 3)), functional.adaptive_max_pool2d(x, 1),
                functional.unfold(x, 3, padding=1))

    return export(Layer(pools), (torch.randn(1, 4, 9, 9),), batch=False)


@FAMILY.model
def time_forecaster() -> Made:
    """A causal convolution network with gates and residuals, as used for sensor forecasting."""
    seeded(22)

    class Gate(nn.Module):
        def __init__(self, dilation):
            super().__init__()
            self.pad = nn.ConstantPad1d((2 * dilation, 0), 0.0)
            self.both = nn.utils.parametrizations.weight_norm(nn.Conv1d(6, 12, 3, dilation=dilation))
            nn.utils.parametrize.remove_parametrizations(self.both, "weight")

        def forward(self, x):
            return x + functional.glu(self.both(self.pad(x)), 1)

    net = nn.Sequential(nn.Conv1d(2, 6, 1), Gate(1), Gate(2), Gate(4), nn.Conv1d(6, 1, 1))
    return export(net, (torch.randn(2, 2, 24),))


@FAMILY.model
def variational_sampler_in_evaluation() -> Made:
    seeded(23)

    def ae(encode, decode, x):
        mean, spread = encode(x).chunk(2, -1)
        return decode(mean + 0.0 * torch.exp(0.5 * spread)), mean, spread.clamp(min=-10)

    return export(Layer(ae, nn.Linear(6, 4), nn.Linear(2, 6)), (torch.randn(2, 6),))
