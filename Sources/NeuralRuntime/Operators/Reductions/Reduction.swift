package import EngineSupport
package import TensorCore

/// ReduceSum, ReduceMean, ReduceMax and their like: many elements along some axes become one.
///
/// Sums and products run in row-major order of the elements that are joined. Logarithms and exponentials are
/// computed in `Double` and rounded once.
package struct Reduction: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean",
    "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare",
  ].flatMap { name in
    let change = name == "ReduceSum" ? 13 : 18
    return [
      OperatorSignature(name, opsets: 7...change - 1, attributes: ["axes", "keepdims"]),
      OperatorSignature(
        name, opsets: change...OperatorSignature.newestOpset, parameters: ["axes"],
        attributes: ["keepdims", "noop_with_empty_axes"]),
    ]
  }

  package let node: OperatorNode
  private let axes: [Int]?
  private let keepsAxes: Bool
  private let emptyMeansNone: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    keepsAxes = try node.int("keepdims") ?? 1 != 0
    emptyMeansNone = try node.flag("noop_with_empty_axes")
    let change = node.operation == "ReduceSum" ? 13 : 18
    axes = node.opset < change ? try node.ints("axes") : try node.parameterInts("axes")
  }

  private func joined(_ shape: [Int]) throws(Diagnostic) -> [Int] {
    guard let axes, !axes.isEmpty else { return emptyMeansNone ? [] : Array(shape.indices) }
    return try node.axes(axes, rank: shape.count)
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    let joined = Set(try joined(shape))
    return [
      keepsAxes
        ? shape.indices.map { joined.contains($0) ? 1 : shape[$0] }
        : shape.indices.filter { !joined.contains($0) }.map { shape[$0] }
    ]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    guard let joined = try? joined(operands[0].shape), !joined.contains(0) else { return nil }
    return self
  }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    operands[0].reduce(1, *) + outputs[0].reduce(1, *)
  }

  /// The elements of the input by group: the place of the first of each group, and the offsets of all.
  func groups(_ shape: [Int]) -> (starts: [Int], offsets: [Int]) {
    guard let joined = try? joined(shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let strides = IndexWalk.strides(shape)
    let kept = shape.indices.filter { !joined.contains($0) }
    return (
      IndexWalk.positions(kept.map { shape[$0] }, strides: kept.map { strides[$0] }),
      IndexWalk.positions(joined.map { shape[$0] }, strides: joined.map { strides[$0] })
    )
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    if tensor is any RealTensor { return try evaluateReals(operands, within: &budget) }
    guard let integers = tensor as? any NumericTensor else { throw node.wrongTypes([tensor]) }
    let shape = try outputShapes(for: [tensor.shape])[0]
    try budget.claim(shape, for: node, work: tensor.count)
    return [.tensor(reduced(integers, shape))]
  }

  private func reduced<T: NumericTensor>(_ tensor: T, _ shape: [Int]) -> any AnyTensor {
    let x = tensor.integers
    let (starts, offsets) = groups(tensor.shape)
    let elements = starts.map { start -> T.Element in
      var sum: Int64?
      for offset in offsets {
        let value = x[start + offset]
        switch node.operation {
        case "ReduceMax": sum = sum.map { max($0, value) } ?? value
        case "ReduceMin": sum = sum.map { min($0, value) } ?? value
        case "ReduceProd": sum = (sum ?? 1) &* value
        case "ReduceSumSquare", "ReduceL2": sum = (sum ?? 0) &+ value &* value
        case "ReduceL1": sum = (sum ?? 0) &+ (value < 0 ? 0 &- value : value)
        default: sum = (sum ?? 0) &+ value
        }
      }
      switch node.operation {
      case "ReduceMean": return T.Element(integer: (sum ?? 0) / Int64(max(offsets.count, 1)))
      case "ReduceL2": return T.Element(real: Double(sum ?? 0).squareRoot())
      case "ReduceLogSum": return T.Element(real: PortableMath.log(Double(sum ?? 0)))
      case "ReduceProd": return T.Element(integer: sum ?? 1)
      default: return T.Element(integer: sum ?? 0)
      }
    }
    return T(shape: shape, elements: elements)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let x = operands[0].elements
    let (starts, offsets) = groups(operands[0].shape)
    let y = starts.map { value(x, $0, offsets) }
    guard let shape = try? outputShapes(for: [operands[0].shape])[0] else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return [Tensor(shape: shape, elements: y)]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  private func value<S: KernelScalar>(_ x: [S], _ start: Int, _ offsets: [Int]) -> S {
    switch node.operation {
    case "ReduceMax":
      var best = -S.infinity
      for offset in offsets where x[start + offset] > best || x[start + offset].isNaN {
        best = x[start + offset]
        if best.isNaN { break }
      }
      return best
    case "ReduceMin":
      var best = S.infinity
      for offset in offsets where x[start + offset] < best || x[start + offset].isNaN {
        best = x[start + offset]
        if best.isNaN { break }
      }
      return best
    case "ReduceProd":
      var product: S = 1
      for offset in offsets { product *= x[start + offset] }
      return product
    case "ReduceLogSumExp":
      var most = -Double.infinity
      for offset in offsets { most = max(most, x[start + offset].real) }
      guard most.isFinite else { return S.rounding(most) }
      var sum = 0.0
      for offset in offsets { sum += PortableMath.exp(x[start + offset].real - most) }
      return S.rounding(most + PortableMath.log(sum))
    case "ReduceL1":
      var sum: S = 0
      for offset in offsets { sum += abs(x[start + offset]) }
      return sum
    case "ReduceL2", "ReduceSumSquare":
      var sum: S = 0
      for offset in offsets { sum.addProduct(x[start + offset], x[start + offset]) }
      return node.operation == "ReduceL2" ? sum.squareRoot() : sum
    default:
      var sum: S = 0
      for offset in offsets { sum += x[start + offset] }
      if node.operation == "ReduceMean" { return sum / S(offsets.count) }
      return node.operation == "ReduceLogSum" ? S.rounding(PortableMath.log(sum.real)) : sum
    }
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0].elements
    let y = record.outputs[0].elements
    let g = cotangents[0].elements
    let (starts, offsets) = groups(record.operands[0].shape)
    var gradient = [S](repeating: 0, count: x.count)
    for (group, start) in starts.enumerated() {
      let share = g[group]
      switch node.operation {
      case "ReduceMax", "ReduceMin":
        if let winner = offsets.first(where: { x[start + $0] == y[group] }) {
          gradient[start + winner] = share
        }
      case "ReduceProd":
        // Products of all others, from both sides, so that a zero does no harm.
        var before: [S] = [1]
        for offset in offsets { before.append(before[before.count - 1] * x[start + offset]) }
        var after: S = 1
        for (place, offset) in offsets.enumerated().reversed() {
          gradient[start + offset] = share * before[place] * after
          after *= x[start + offset]
        }
      default:
        for offset in offsets {
          gradient[start + offset] = share * slope(x[start + offset], y[group], offsets.count)
        }
      }
    }
    return [Tensor(shape: record.operands[0].shape, elements: gradient)]
  }

  private func slope<S: KernelScalar>(_ x: S, _ y: S, _ count: Int) -> S {
    switch node.operation {
    case "ReduceMean": 1 / S(count)
    case "ReduceL1": x > 0 ? 1 : x < 0 ? -1 : 0
    case "ReduceL2": y == 0 ? 0 : x / y
    case "ReduceSumSquare": 2 * x
    case "ReduceLogSum": S.rounding(PortableMath.exp(-y.real))
    case "ReduceLogSumExp": S.rounding(PortableMath.exp(x.real - y.real))
    default: 1
    }
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let terms = groups(operands[0].shape).offsets.count + 1
    switch node.operation {
    case "ReduceSum", "ReduceMean":
      return [operands[0].bounding(terms: terms) { forward([$0], by: .fastest)[0] }]
    case "ReduceMax", "ReduceMin":
      return [
        IntervalTensor(
          lower: forward([operands[0].lower], by: .fastest)[0],
          upper: forward([operands[0].upper], by: .fastest)[0])
      ]
    case "ReduceL1", "ReduceL2", "ReduceSumSquare":
      let positive = operands[0].map { low, high in
        low <= 0 && high >= 0
          ? (0, max(-low, high)) : (min(abs(low), abs(high)), max(abs(low), abs(high)))
      }
      return [positive.bounding(terms: terms + 2) { forward([$0], by: .fastest)[0] }]
    case "ReduceLogSumExp":
      let rising = IntervalTensor(
        lower: forward([operands[0].lower], by: .fastest)[0],
        upper: forward([operands[0].upper], by: .fastest)[0])
      return [rising.map { OutwardRounding.widened($0 - 1e-6, $1 + 1e-6, ulps: Double(terms)) }]
    default:
      let whole = forward([operands[0].lower], by: .fastest)[0]
      return [
        IntervalTensor(
          lower: Tensor(repeating: -.infinity, shape: whole.shape),
          upper: Tensor(repeating: .infinity, shape: whole.shape))
      ]
    }
  }
}
