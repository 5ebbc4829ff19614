"""Sub-graphs, functions, sequences and optionals, written node by node."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, parser

from zoo.registry import Family, Made, numbers

FAMILY = Family("control")
MODELS = FAMILY.models


def text(source: str, **inputs: np.ndarray) -> Made:
    model = parser.parse_model(source)
    onnx.checker.check_model(model)
    return model, inputs


def real(name: str, *shape: int) -> np.ndarray:
    return numbers(name).normal(size=shape).astype(np.float32)


@FAMILY.model
def nested_branches() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 16]>
      g (float[2, 3] x, bool a, bool b) => (float[2, 3] y) {
        y = If (a) <
          then_branch = t () => (r) { r = If (b) <
            then_branch = tt () => (q) { q = Sin (x) }, else_branch = te () => (q) { q = Cos (x) }> },
          else_branch = e () => (r) { r = Neg (x) }>
      }""", x=real("nested", 2, 3), a=np.array(True), b=np.array(False))


@FAMILY.model
def loop_with_scan_outputs() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 17]>
      g (float[3] x, int64 count) => (float[3] last, float[N, 3] every, int64[N] rounds) {
        yes = Constant <value = bool {1}> ()
        last, every, rounds = Loop (count, yes, x) <body = b (int64 i, bool go, float[3] v) => (bool on, float[3] w, float[3] s, int64 r) {
          step = Cast <to = 1> (i)
          w = Add (v, step)
          s = Mul (w, v)
          r = Identity (i)
          limit = Constant <value = float {6.0}> ()
          top = ReduceMax <keepdims = 0> (w)
          on = Less (top, limit)
        }>
      }""", x=real("loop", 3), count=np.array(9))


@FAMILY.model
def scan_backwards() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 16]>
      g (float[2] start, float[4, 2] a, float[2, 4] b) => (float[2] state, float[4, 2] sums) {
        state, sums = Scan (start, a, b) <num_scan_inputs = 2, scan_input_axes = [0, 1], scan_input_directions = [1, 0],
          scan_output_directions = [1], body = s (float[2] h, float[2] u, float[2] v) => (float[2] n, float[2] o) {
            t = Add (u, v)
            p = Add (h, t)
            n = Tanh (p)
            o = Sub (n, u)
          }>
      }""", start=real("scan", 2), a=real("scan a", 4, 2), b=real("scan b", 2, 4))


@FAMILY.model
def loop_that_captures_and_nests() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 16]>
      g (float[2, 2] x) => (float[2, 2] y) {
        three = Constant <value = int64 {3}> ()
        yes = Constant <value = bool {1}> ()
        y = Loop (three, yes, x) <body = outer (int64 i, bool go, float[2, 2] v) => (bool on, float[2, 2] w) {
          on = Identity (go)
          two = Constant <value = int64 {2}> ()
          w = Loop (two, on, v) <body = inner (int64 j, bool go2, float[2, 2] u) => (bool on2, float[2, 2] z) {
            on2 = Identity (go2)
            m = MatMul (u, x)
            n = Add (m, v)
            z = Softsign (n)
          }>
        }>
      }""", x=real("nest", 2, 2))


@FAMILY.model
def functions_that_call_functions() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 17, "own": 1]>
      g (float[N, 4] x) => (float[N, 4] y) { z = own.Twice (x)  y = own.Leaky <slope = 0.3> (z) }
      <domain: "own", opset_import: ["": 17]>
      Half (a) => (b) { two = Constant <value = float {2.0}> ()  b = Div (a, two) }
      <domain: "own", opset_import: ["": 17, "own": 1]>
      Twice (a) => (b) { h = own.Half (a)  s = Add (h, h)  b = Add (s, a) }
      <domain: "own", opset_import: ["": 17]>
      Leaky <slope> (a) => (b) { b = LeakyRelu <alpha: float = @slope> (a) }
      """, x=real("functions", 3, 4))


@FAMILY.model
def sequences() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 17]>
      g (float[2, 6] x) => (float[2, M] y, int64 n, float[2, 2] part) {
        sizes = Constant <value = int64[3] {2, 1, 3}> ()
        s = SplitToSequence <axis = 1> (x, sizes)
        zero = Constant <value = int64 {0}> ()
        part = SequenceAt (s, zero)
        t = SequenceInsert (s, part)
        last = Constant <value = int64 {1}> ()
        u = SequenceErase (t, last)
        n = SequenceLength (u)
        y = ConcatFromSequence <axis = 1> (u)
      }""", x=real("sequences", 2, 6))


@FAMILY.model
def map_over_a_sequence() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 17]>
      g (float[2, 3] a, float[4, 3] b) => (float[6, 3] y) {
        s = SequenceConstruct (a, b)
        m = SequenceMap (s) <body = f (float[K, 3] e) => (float[K, 3] r) { r = Exp (e) }>
        y = ConcatFromSequence <axis = 0> (m)
      }""", a=real("map a", 2, 3), b=real("map b", 4, 3))


@FAMILY.model
def optionals() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 18]>
      g (float[3] x) => (float[3] y, bool has) {
        o = Optional (x)
        has = OptionalHasElement (o)
        v = OptionalGetElement (o)
        y = Neg (v)
      }""", x=real("optional", 3))


@FAMILY.model
def shapes_that_follow_values() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 17]>
      g (float[N, M] x) => (int64[2, K] places, float[L] picked, float[M, N] turned, float[P, M] doubled) {
        places = NonZero (x)
        zero = Constant <value = float {0.0}> ()
        mask = Greater (x, zero)
        flat = Constant <value = int64[1] {-1}> ()
        x1 = Reshape (x, flat)
        m1 = Reshape (mask, flat)
        picked = Compress (x1, m1)
        shape = Shape (x)
        zero1 = Constant <value = int64[1] {0}> ()
        one1 = Constant <value = int64[1] {1}> ()
        n = Gather <axis = 0> (shape, zero1)
        m = Gather <axis = 0> (shape, one1)
        both = Concat <axis = 0> (m, n)
        turned = Reshape (x, both)
        two = Constant <value = int64[2] {2, 1}> ()
        doubled = Tile (x, two)
      }""", x=real("shapes", 3, 4))


@FAMILY.model
def detector_head() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 17]>
      g (float[1, 12, 4] boxes, float[1, 2, 12] scores) => (int64[K, 3] kept, float[K, 4] found) {
        most = Constant <value = int64[1] {4}> ()
        overlap = Constant <value = float[1] {0.4}> ()
        least = Constant <value = float[1] {0.2}> ()
        kept = NonMaxSuppression <center_point_box = 1> (boxes, scores, most, overlap, least)
        two = Constant <value = int64 {2}> ()
        index = Gather <axis = 1> (kept, two)
        b = Squeeze (boxes)
        found = Gather <axis = 0> (b, index)
      }""", boxes=np.abs(real("boxes", 1, 12, 4)), scores=np.abs(real("scores", 1, 2, 12)))


@FAMILY.model
def signal_front_end() -> Made:
    """A short-time spectrum with a mel filter bank: what a keyword spotter or a vibration monitor starts with."""
    return text("""
      <ir_version: 8, opset_import: ["": 17]>
      g (float[1, 64] signal) => (float[1, F, 5] loudness, float[16] window) {
        size = Constant <value = int64 {16}> ()
        window = HannWindow (size)
        hop = Constant <value = int64 {8}> ()
        axis = Constant <value = int64[1] {2}> ()
        signal3 = Unsqueeze (signal, axis)
        spectrum = STFT <onesided = 1> (signal3, hop, window)
        square = Mul (spectrum, spectrum)
        last = Constant <value = int64[1] {3}> ()
        power = ReduceSum <keepdims = 0> (square, last)
        bands = Constant <value = int64 {5}> ()
        rate = Constant <value = int64 {16000}> ()
        low = Constant <value = float {0.0}> ()
        high = Constant <value = float {8000.0}> ()
        mel = MelWeightMatrix (bands, size, rate, low, high)
        energy = MatMul (power, mel)
        small = Constant <value = float {0.000001}> ()
        safe = Add (energy, small)
        loudness = Log (safe)
      }""", signal=real("signal", 1, 64))


@FAMILY.model
def integer_arithmetic() -> Made:
    return text("""
      <ir_version: 8, opset_import: ["": 18]>
      g (int64[4] a, int64[4] b, uint8[4] c, uint8[4] d) => (int64[4] q, int64[4] r, int64[4] m, int64[4] p, uint8[4] s, uint8[4] t, uint8[4] u, bool[4] e) {
        q = Div (a, b)
        r = Mod (a, b)
        m = Mod <fmod = 1> (a, b)
        p = Max (a, b)
        s = BitShift <direction = "LEFT"> (c, d)
        t = BitwiseXor (c, d)
        u = Add (c, d)
        e = LessOrEqual (a, b)
      }""", a=np.array([-7, 7, 9, -9]), b=np.array([2, -2, 4, -5]), c=np.array([250, 3, 128, 1], np.uint8), d=np.array([7, 1, 2, 3], np.uint8))


@FAMILY.model
def texts() -> Made:
    return text("""
      <ir_version: 9, opset_import: ["": 20]>
      g (string[3] a, string[3] b) => (string[3] c, string[3] d, bool[3] e) {
        c = StringNormalizer <case_change_action = "LOWER"> (a)
        d = StringConcat (a, b)
        e = Equal (a, b)
      }""", a=np.array(["Pump", "VALVE", "öl"]), b=np.array(["Pump", "x", "y"]))
