package import EngineSupport
import TensorCore

/// Operators on pairs that give truth values, or integers bit by bit: Equal, Less, And, BitShift, …
package struct Comparison: Operator {
  package static let signatures =
    ["And", "Equal", "Greater", "Less", "Or", "Xor"].map {
      OperatorSignature($0, operands: 2...2)
    } + [
      OperatorSignature(
        "BitShift", opsets: 11...OperatorSignature.newestOpset, operands: 2...2,
        attributes: ["direction"])
    ]
    + ["BitwiseAnd", "BitwiseOr", "BitwiseXor"].map {
      OperatorSignature($0, opsets: 18...OperatorSignature.newestOpset, operands: 2...2)
    }
    + ["GreaterOrEqual", "LessOrEqual"].map {
      OperatorSignature($0, opsets: 12...OperatorSignature.newestOpset, operands: 2...2)
    }

  private let node: OperatorNode
  private let shiftsLeft: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    switch try node.string("direction") {
    case nil where node.operation != "BitShift": shiftsLeft = false
    case "LEFT": shiftsLeft = true
    case "RIGHT": shiftsLeft = false
    default: throw node.invalidAttribute("direction", "LEFT or RIGHT")
    }
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    guard let walk = Broadcasting(tensors[0].shape, tensors[1].shape) else {
      throw node.mismatch(
        "\(tensors[0].shape) and \(tensors[1].shape) cannot be broadcast together")
    }
    try budget.claim(walk.shape, for: node)
    return [.tensor(try compared(tensors[0], tensors, walk))]
  }

  @specialized(where T == Tensor<Float>)
  @specialized(where T == Tensor<Int32>)
  @specialized(where T == Tensor<Int64>)
  private func compared<T: AnyTensor>(
    _ left: T, _ tensors: [any AnyTensor], _ walk: Broadcasting
  ) throws(Diagnostic) -> any AnyTensor {
    guard let right = tensors[1] as? T else { throw node.wrongTypes(tensors) }
    if node.operation == "Equal" { return pairs(left, right, walk) { $0 == $1 } }
    if let a = left as? Tensor<Bool>, let b = right as? Tensor<Bool> {
      switch node.operation {
      case "And": return pairs(a, b, walk) { $0 && $1 }
      case "Or": return pairs(a, b, walk) { $0 || $1 }
      case "Xor": return pairs(a, b, walk) { $0 != $1 }
      default: throw node.wrongTypes(tensors)
      }
    }
    if let a = left as? any IntegerTensor { return try integers(a, tensors, walk) }
    guard let a = left as? any RealTensor, let b = right as? any RealTensor else {
      throw node.wrongTypes(tensors)
    }
    let (x, y) = (a.converted(to: Double.self), b.converted(to: Double.self))
    switch node.operation {
    case "Greater": return pairs(x, y, walk) { $0 > $1 }
    case "GreaterOrEqual": return pairs(x, y, walk) { $0 >= $1 }
    case "Less": return pairs(x, y, walk) { $0 < $1 }
    case "LessOrEqual": return pairs(x, y, walk) { $0 <= $1 }
    default: throw node.wrongTypes(tensors)
    }
  }

  private func integers<T: IntegerTensor>(
    _ a: T, _ tensors: [any AnyTensor], _ walk: Broadcasting
  ) throws(Diagnostic) -> any AnyTensor {
    guard let b = tensors[1] as? T else { throw node.wrongTypes(tensors) }
    switch node.operation {
    case "Greater": return pairs(a, b, walk) { $0 > $1 }
    case "GreaterOrEqual": return pairs(a, b, walk) { $0 >= $1 }
    case "Less": return pairs(a, b, walk) { $0 < $1 }
    case "LessOrEqual": return pairs(a, b, walk) { $0 <= $1 }
    case "BitwiseAnd": return pairs(a, b, walk) { $0 & $1 }
    case "BitwiseOr": return pairs(a, b, walk) { $0 | $1 }
    case "BitwiseXor": return pairs(a, b, walk) { $0 ^ $1 }
    case "BitShift": return pairs(a, b, walk) { shiftsLeft ? $0 << $1 : $0 >> $1 }
    default: throw node.wrongTypes(tensors)
    }
  }

  private func pairs<T: AnyTensor, R: TensorElement>(
    _ a: T, _ b: T, _ walk: Broadcasting, _ function: (T.Element, T.Element) -> R
  ) -> Tensor<R> { walk.pairs(a.elements, b.elements, function) }
}

extension Broadcasting {
  /// A function of two elements over both tensors.
  @inline(__always)
  func pairs<A, B, R: TensorElement>(
    _ left: [A], _ right: [B], _ function: (A, B) -> R
  ) -> Tensor<R> {
    var result: [R] = []
    result.reserveCapacity(shape.reduce(1, *))
    let run = axes[axes.count - 1]
    forEachRun { _, a, b in
      // One operand for a whole run, as in a one-hot code, leaves a loop that the compiler makes vectors of.
      if run.left == 0, run.right == 1 {
        let value = left[a]
        for element in right[b..<b + run.count] { result.append(function(value, element)) }
        return
      }
      for i in 0..<run.count {
        result.append(function(left[a + i * run.left], right[b + i * run.right]))
      }
    }
    return Tensor(shape: shape, elements: result)
  }
}
