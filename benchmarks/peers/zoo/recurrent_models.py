"""Recurrent layers: as PyTorch exports them, and node by node with every attribute ONNX has for them."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from zoo.registry import Family, Made, numbers

FAMILY = Family("recurrent")
MODELS = FAMILY.models
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def layer(name: str, operation: str, *, steps=5, batch=3, inputs=4, hidden=3, lengths=None, start=False, peepholes=False,
          bias=True, opset=14, **attributes) -> Made:
    """One recurrent node with seeded weights and all its outputs."""
    random = numbers(name)
    directions = 2 if attributes.get("direction") == "bidirectional" else 1
    gates = GATES[operation]
    batch_first = attributes.get("layout") == 1

    def weights(*shape):
        return random.uniform(-0.6, 0.6, shape).astype(np.float32)

    constants = {"W": weights(directions, gates * hidden, inputs), "R": weights(directions, gates * hidden, hidden)}
    names = ["x", "W", "R", "", "", "", "", ""]
    if bias:
        constants["B"] = weights(directions, 2 * gates * hidden)
        names[3] = "B"
    if lengths is not None:
        constants["lengths"] = np.array(lengths, np.int32)
        names[4] = "lengths"
    state = (batch, directions, hidden) if batch_first else (directions, batch, hidden)
    if start:
        constants["h0"] = weights(*state)
        names[5] = "h0"
        if operation == "LSTM":
            constants["c0"] = weights(*state)
            names[6] = "c0"
    if peepholes:
        constants["P"] = weights(directions, 3 * hidden)
        names[7] = "P"
    while not names[-1]:
        names.pop()
    outputs = ["y", "h"] + (["c"] if operation == "LSTM" else [])
    node = helper.make_node(operation, names, outputs, hidden_size=hidden, **attributes)
    shape = [batch, steps, inputs] if batch_first else [steps, batch, inputs]
    graph = helper.make_graph(
        [node], name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None) for output in outputs],
        [numpy_helper.from_array(value, key) for key, value in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    return model, {"x": random.normal(size=shape).astype(np.float32)}


def add(name: str, operation: str, **settings) -> None:
    FAMILY.add(name, lambda: layer(name, operation, **settings))


add("lstm_plain", "LSTM")
add("lstm_bidirectional_with_lengths_and_states", "LSTM", direction="bidirectional", lengths=[5, 2, 4], start=True)
add("lstm_reverse_with_lengths", "LSTM", direction="reverse", lengths=[3, 5, 1])
add("lstm_peepholes_and_clip", "LSTM", peepholes=True, clip=0.4, start=True)
add("lstm_coupled_gates", "LSTM", input_forget=1, bias=False)
add("lstm_other_activations", "LSTM", activations=["HardSigmoid", "Softsign", "Tanh"], activation_alpha=[0.3], activation_beta=[0.4])
add("gru_plain", "GRU")
add("gru_reset_after", "GRU", linear_before_reset=1, direction="bidirectional", lengths=[2, 5, 3], start=True)
add("gru_reverse_with_clip", "GRU", direction="reverse", clip=0.3)
add("gru_other_activations", "GRU", activations=["Sigmoid", "Relu"])
add("rnn_plain", "RNN")
add("rnn_bidirectional", "RNN", direction="bidirectional", activations=["Relu", "Tanh"], lengths=[1, 5, 4], start=True)
add("rnn_affine_opset_7", "RNN", activations=["Affine"], activation_alpha=[0.5], activation_beta=[0.1], opset=7)
add("lstm_one_step_of_one", "LSTM", steps=1, batch=1, hidden=1, inputs=1)


def torch_layer(name: str, kind: str, **settings) -> None:
    def make() -> Made:
        import torch
        from torch import nn

        from zoo.torch_models import export

        torch.manual_seed(31)

        class Reader(nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = getattr(nn, kind)(4, 6, batch_first=True, **settings)
                self.head = nn.Linear(6 * (2 if settings.get("bidirectional") else 1), 2)

            def forward(self, x):
                y, state = self.layer(x)
                return self.head(y[:, -1]), state

        return export(Reader(), (torch.randn(2, 7, 4),))

    FAMILY.add(name, make)


torch_layer("torch_lstm", "LSTM")
torch_layer("torch_lstm_two_layers_both_ways", "LSTM", num_layers=2, bidirectional=True)
torch_layer("torch_lstm_projected", "LSTM", bias=False)
torch_layer("torch_gru", "GRU", num_layers=2)
torch_layer("torch_gru_both_ways", "GRU", bidirectional=True)
torch_layer("torch_rnn_relu", "RNN", nonlinearity="relu", num_layers=2)


@FAMILY.model
def torch_lstm_with_states_as_inputs() -> Made:
    import torch
    from torch import nn

    from zoo.torch_models import export

    torch.manual_seed(32)

    class Step(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.LSTM(3, 5, 1)

        def forward(self, x, h, c):
            y, (h, c) = self.layer(x, (h, c))
            return y, h, c

    return export(Step(), (torch.randn(4, 2, 3), torch.randn(1, 2, 5), torch.randn(1, 2, 5)), batch=False)


@FAMILY.model
def torch_gru_of_packed_sequences() -> Made:
    import torch
    from torch import nn
    from torch.nn.utils import rnn

    from zoo.torch_models import export

    torch.manual_seed(33)

    class Packed(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.GRU(3, 4, batch_first=True, bidirectional=True)

        def forward(self, x, lengths):
            packed = rnn.pack_padded_sequence(x, lengths, batch_first=True)
            y, h = self.layer(packed)
            return rnn.pad_packed_sequence(y, batch_first=True)[0], h

    return export(Packed(), (torch.randn(3, 5, 3), torch.tensor([5, 4, 2])), batch=False)
