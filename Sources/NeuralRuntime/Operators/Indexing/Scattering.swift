package import EngineSupport
package import TensorCore

/// Scatter, ScatterElements, ScatterND: a tensor with some elements replaced by updates, or combined with
/// them one after the other in the order of the updates.
package struct Scattering: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature(
      "Scatter", opsets: 9...10, operands: 2...2, placed: [1: "indices"], attributes: ["axis"]),
    OperatorSignature(
      "ScatterElements", opsets: 11...OperatorSignature.newestOpset, operands: 2...2,
      placed: [1: "indices"], attributes: ["axis", "reduction"]),
    OperatorSignature(
      "ScatterND", opsets: 11...OperatorSignature.newestOpset, operands: 2...2,
      placed: [1: "indices"], attributes: ["reduction"]),
  ]

  enum Reduction: String { case none, add, mul, max, min }

  package let node: OperatorNode
  private let indices: [Int]
  private let indexShape: [Int]
  private let axis: Int
  let reduction: Reduction

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let indices = try node.parameterInts("indices") else {
      throw node.mismatch("the indices are missing")
    }
    self.indices = indices
    indexShape = node.parameter("indices")?.shape ?? []
    axis = try node.int("axis") ?? 0
    guard let reduction = Reduction(rawValue: try node.string("reduction") ?? "none") else {
      throw node.invalidAttribute("reduction", "none, add, mul, max or min")
    }
    self.reduction = reduction
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let (shape, updates) = (operands[0], operands[1])
    if node.operation == "ScatterND" {
      guard let depth = indexShape.last, depth >= 1, depth <= shape.count,
        updates == Array(indexShape.dropLast()) + shape[depth...]
      else { throw node.mismatch("updates \(updates) do not fit \(shape)") }
      for (place, index) in indices.enumerated() { try check(index, shape[place % depth]) }
      return [shape]
    }
    let axis = try node.axis(axis, rank: shape.count)
    guard indexShape == updates, updates.count == shape.count,
      shape.indices.allSatisfy({ $0 == axis || updates[$0] <= shape[$0] })
    else { throw node.mismatch("updates \(updates) do not fit \(shape)") }
    for index in indices { try check(index, shape[axis]) }
    return [shape]
  }

  private func check(_ index: Int, _ length: Int) throws(Diagnostic) {
    guard index >= -length, index < length else {
      throw node.mismatch("index \(index) is outside an axis of \(length)")
    }
  }

  /// The element of the data that each update goes to.
  func targets(_ shape: [Int], _ updates: [Int]) -> [Int] {
    let strides = IndexWalk.strides(shape)
    func place(_ index: Int, _ axis: Int) -> Int {
      (index < 0 ? index + shape[axis] : index) * strides[axis]
    }
    var targets: [Int] = []
    if node.operation == "ScatterND" {
      let depth = indexShape[indexShape.count - 1]
      let inner = shape[depth...].reduce(1, *)
      for tuple in 0..<indices.count / depth {
        var start = 0
        for part in 0..<depth { start += place(indices[tuple * depth + part], part) }
        for i in 0..<inner { targets.append(start + i) }
      }
      return targets
    }
    let axis = axis < 0 ? axis + shape.count : axis
    var next = 0
    IndexWalk.forEachIndex(updates) { index in
      var target = 0
      for a in index.indices where a != axis { target += index[a] * strides[a] }
      targets.append(target + place(indices[next], axis))
      next += 1
    }
    return targets
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    let shapes = tensors.map(\.shape)
    let shape = try outputShapes(for: shapes)[0]
    try budget.claim(shape, for: node, work: shapes[1].reduce(1, *))
    return [.tensor(try scattered(tensors[0], tensors))]
  }

  private func scattered<T: AnyTensor>(
    _ data: T, _ tensors: [any AnyTensor]
  ) throws(Diagnostic) -> any AnyTensor {
    guard let updates = tensors[1] as? T else { throw node.wrongTypes(tensors) }
    let targets = targets(data.shape, updates.shape)
    if reduction != .none {
      guard let numbers = data as? any NumericTensor else { throw node.wrongTypes(tensors) }
      return try reduced(numbers, tensors, targets)
    }
    var elements = data.elements
    let source = updates.elements
    for (i, target) in targets.enumerated() { elements[target] = source[i] }
    return T(shape: data.shape, elements: elements)
  }

  private func reduced<T: NumericTensor>(
    _ data: T, _ tensors: [any AnyTensor], _ targets: [Int]
  ) throws(Diagnostic) -> any AnyTensor {
    guard let updates = tensors[1] as? T else { throw node.wrongTypes(tensors) }
    var elements = data.elements
    let source = updates.elements
    for (i, target) in targets.enumerated() {
      let (old, new) = (elements[target], source[i])
      if T.Element.isInteger {
        let (a, b) = (old.integer, new.integer)
        let value =
          switch reduction {
          case .add: a &+ b
          case .mul: a &* b
          case .max: max(a, b)
          default: min(a, b)
          }
        elements[target] = T.Element(integer: value)
      } else {
        elements[target] = T.Element(real: combined(old.real, new.real))
      }
    }
    return T(shape: data.shape, elements: elements)
  }

  private func combined(_ a: Double, _ b: Double) -> Double {
    switch reduction {
    case .none: b
    case .add: a + b
    case .mul: a * b
    case .max: b > a || b.isNaN ? b : a
    case .min: b < a || b.isNaN ? b : a
    }
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    var elements = operands[0].elements
    let source = operands[1].elements
    for (i, target) in targets(operands[0].shape, operands[1].shape).enumerated() {
      elements[target] = S.rounding(combined(elements[target].real, source[i].real))
    }
    return [Tensor(shape: operands[0].shape, elements: elements)]
  }

  /// For updates that replace or are added. A product or an extremum gives its gradient to nobody but
  /// elements that no update touches.
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let targets = targets(record.operands[0].shape, record.operands[1].shape)
    var data = cotangents[0].elements
    var updates = [S](repeating: 0, count: record.operands[1].count)
    if reduction == .add {
      for (i, target) in targets.enumerated() { updates[i] = data[target] }
    } else {
      // The last update of an element is the one that stands.
      for (i, target) in targets.enumerated().reversed() {
        if reduction == .none { updates[i] = data[target] }
        data[target] = 0
      }
    }
    return [
      record.needsGradient[0] ? Tensor(shape: record.operands[0].shape, elements: data) : nil,
      record.needsGradient[1] ? Tensor(shape: record.operands[1].shape, elements: updates) : nil,
    ]
  }
}
