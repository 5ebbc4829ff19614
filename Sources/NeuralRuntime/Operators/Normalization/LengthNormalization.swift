package import EngineSupport
package import TensorCore

/// LpNormalization along an axis and ai.onnx.ml's Normalizer along the last one: elements divided by the
/// sum of magnitudes, the root of the sum of squares, or the greatest element.
package struct LengthNormalization: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature("LpNormalization", attributes: ["axis", "p"]),
    OperatorSignature("Normalizer", domain: "ai.onnx.ml", attributes: ["norm"]),
  ]

  enum Length { case sum, root, greatest }

  package let node: OperatorNode
  let length: Length
  private let axis: Int

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    axis = try node.int("axis") ?? -1
    guard node.operation == "Normalizer" else {
      switch try node.int("p") ?? 2 {
      case 1: length = .sum
      case 2: length = .root
      default: throw node.invalidAttribute("p", "1 or 2")
      }
      return
    }
    switch try node.string("norm") ?? "MAX" {
    case "MAX": length = .greatest
    case "L1": length = .sum
    case "L2": length = .root
    default: throw node.invalidAttribute("norm", "MAX, L1 or L2")
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    _ = try node.axis(axis, rank: operands[0].count)
    return operands
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    axis != 0 && axis + operands[0].shape.count != 0 ? self : nil
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    guard node.operation == "Normalizer" else {
      return try evaluateReals(operands, within: &budget)
    }
    // The classical operator takes any numbers and gives `Float`.
    let numbers = try node.numbers(try node.tensors(operands)[0], 0).converted(to: Float.self)
    return try evaluateReals([.tensor(numbers)], within: &budget)
  }

  /// First places and spacing of the groups that are divided by one length.
  func groups(_ shape: [Int]) -> (starts: [Int], count: Int, step: Int) {
    let (outer, count, inner) = IndexWalk.split(shape, at: axis < 0 ? axis + shape.count : axis)
    let starts = (0..<outer).flatMap { block in (0..<inner).map { block * count * inner + $0 } }
    return (starts, count, inner)
  }

  private func length<S: KernelScalar>(_ x: [S], _ start: Int, _ count: Int, _ step: Int) -> S {
    var sum: S = length == .greatest ? -.infinity : 0
    for i in 0..<count {
      let value = x[start + i * step]
      switch length {
      case .sum: sum += abs(value)
      case .root: sum.addProduct(value, value)
      case .greatest: sum = max(sum, value)
      }
    }
    return length == .root ? sum.squareRoot() : sum
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    var y = operands[0].elements
    let x = y
    let (starts, count, step) = groups(operands[0].shape)
    for start in starts {
      let length = length(x, start, count, step)
      for i in 0..<count where length != 0 { y[start + i * step] = x[start + i * step] / length }
    }
    return [Tensor(shape: operands[0].shape, elements: y)]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0].elements
    let g = cotangents[0].elements
    var gradient = g
    let (starts, count, step) = groups(record.operands[0].shape)
    for start in starts {
      let size = length(x, start, count, step)
      guard size != 0 else { continue }
      var product: S = 0
      for i in 0..<count { product.addProduct(g[start + i * step], x[start + i * step]) }
      let share = product / (size * size)
      let winner = (0..<count).first { x[start + $0 * step] == size }
      for i in 0..<count {
        let place = start + i * step
        let slope: S =
          switch length {
          case .sum: x[place] > 0 ? 1 : x[place] < 0 ? -1 : 0
          case .root: x[place] / size
          case .greatest: i == winner ? 1 : 0
          }
        gradient[place] = g[place] / size - share * slope
      }
    }
    return [Tensor(shape: record.operands[0].shape, elements: gradient)]
  }
}
