package import EngineSupport
import TensorCore

/// Results whose length only the values decide: Compress, NonZero, Unique.
package struct Picking: Operator {
  package static let signatures = [
    OperatorSignature(
      "Compress", opsets: 9...OperatorSignature.newestOpset, operands: 2...2,
      attributes: ["axis"]),
    OperatorSignature("NonZero", opsets: 9...OperatorSignature.newestOpset),
    OperatorSignature(
      "Unique", opsets: 11...OperatorSignature.newestOpset, attributes: ["axis", "sorted"],
      results: 4),
  ]

  private let node: OperatorNode
  private let axis: Int?
  private let isSorted: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    axis = try node.int("axis")
    isSorted = try node.int("sorted") ?? 1 != 0
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    switch node.operation {
    case "NonZero": return [.tensor(try nonZero(tensors[0], within: &budget))]
    case "Compress": return [.tensor(try compressed(tensors, within: &budget))]
    default: return try unique(tensors[0], within: &budget)
    }
  }

  private func nonZero(
    _ tensor: any AnyTensor, within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    let numbers = try node.numbers(tensor, 0).reals
    let places = numbers.indices.filter { numbers[$0] != 0 }
    let strides = IndexWalk.strides(tensor.shape)
    let shape = [tensor.rank, places.count]
    try budget.claim(shape, for: node, work: numbers.count)
    let indices = tensor.shape.indices.flatMap { axis in
      places.map { Int64($0 / strides[axis] % tensor.shape[axis]) }
    }
    return Tensor(shape: shape, elements: indices)
  }

  /// Slices of a tensor along an axis, or of its elements in a row.
  private func slices(
    of tensor: any AnyTensor, _ chosen: [Int], along axis: Int,
    within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    let (outer, length, inner) = IndexWalk.split(tensor.shape, at: axis)
    var shape = tensor.shape
    shape[axis] = chosen.count
    try budget.claim(shape, for: node)
    let sources = (0..<outer).flatMap { block in
      chosen.flatMap { index in (0..<inner).map { (block * length + index) * inner + $0 } }
    }
    return tensor.gathering(sources, shape: shape)
  }

  private func compressed(
    _ tensors: [any AnyTensor], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    guard let mask = tensors[1] as? Tensor<Bool> else { throw node.wrongTypes(tensors) }
    let data = axis == nil ? tensors[0].withShape([tensors[0].count]) : tensors[0]
    let axis = try node.axis(axis ?? 0, rank: data.rank)
    guard mask.count <= data.shape[axis] else {
      throw node.mismatch("\(mask.count) truth values for an axis of \(data.shape[axis])")
    }
    let chosen = mask.elements.indices.filter { mask.elements[$0] }
    return try slices(of: data, chosen, along: axis, within: &budget)
  }

  private func unique(
    _ tensor: any AnyTensor, within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let data = axis == nil ? tensor.withShape([tensor.count]) : tensor
    let axis = try node.axis(axis ?? 0, rank: data.rank)
    try budget.spend(data.count * 32, for: node)
    let (firsts, inverse, counts) = classes(data, axis)
    func integers(_ values: [Int]) -> RuntimeValue {
      .tensor(Tensor(shape: [values.count], elements: values.map { Int64($0) }))
    }
    return [
      .tensor(try slices(of: data, firsts, along: axis, within: &budget)), integers(firsts),
      integers(inverse), integers(counts),
    ]
  }

  /// The first place of each different slice in the order asked for, the class of each slice, and how many
  /// slices a class has.
  private func classes<T: AnyTensor>(
    _ tensor: T, _ axis: Int
  ) -> (firsts: [Int], inverse: [Int], counts: [Int]) {
    let (outer, length, inner) = IndexWalk.split(tensor.shape, at: axis)
    let elements = tensor.elements
    let slices = (0..<length).map { index in
      (0..<outer).flatMap { block in
        (0..<inner).map { elements[(block * length + index) * inner + $0] }
      }
    }
    var known: [[T.Element]: Int] = [:]
    var firsts: [Int] = []
    var inverse: [Int] = []
    var counts: [Int] = []
    for (index, slice) in slices.enumerated() {
      let number = known[slice] ?? firsts.count
      if number == firsts.count {
        known[slice] = number
        firsts.append(index)
        counts.append(0)
      }
      counts[number] += 1
      inverse.append(number)
    }
    guard isSorted else { return (firsts, inverse, counts) }
    let order = firsts.indices.sorted { precedes(slices[firsts[$0]], slices[firsts[$1]]) }
    var places = order
    for (place, number) in order.enumerated() { places[number] = place }
    return (order.map { firsts[$0] }, inverse.map { places[$0] }, order.map { counts[$0] })
  }

  private func precedes<T: TensorElement>(_ a: [T], _ b: [T]) -> Bool {
    for (x, y) in zip(a, b) where x != y {
      if let x = x as? String, let y = y as? String { return x < y }
      guard let x = x as? any NumericElement, let y = y as? any NumericElement else { return false }
      return x.integer == y.integer ? x.real < y.real : x.integer < y.integer
    }
    return false
  }
}
