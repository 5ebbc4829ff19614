package import EngineSupport
import TensorCore

/// Det: determinants of square matrices, by elimination with partial pivoting in `Double`.
package struct Determinant: Operator {
  package static let signatures = [
    OperatorSignature("Det", opsets: 11...OperatorSignature.newestOpset)
  ]

  private let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensor(operands[0], 0)
    let shape = tensor.shape
    guard let size = shape.last, shape.count >= 2, shape[shape.count - 2] == size,
      let matrices = tensor as? any RealTensor
    else { throw node.mismatch("\(shape) holds no square matrices of reals") }
    let outer = Array(shape.dropLast(2))
    try budget.claim(outer, for: node, work: tensor.count)
    try budget.spend(tensor.count * size, for: node)
    let elements = matrices.reals
    let determinants = (0..<outer.reduce(1, *)).map { index in
      Self.determinant(Array(elements[index * size * size..<(index + 1) * size * size]), size)
    }
    return [.tensor(stored(determinants, outer, like: matrices))]
  }

  private static func determinant(_ matrix: [Double], _ size: Int) -> Double {
    var m = matrix
    var result = 1.0
    for column in 0..<size {
      var pivot = column
      for row in column..<size where abs(m[row * size + column]) > abs(m[pivot * size + column]) {
        pivot = row
      }
      guard m[pivot * size + column] != 0 else { return 0 }
      if pivot != column {
        for k in 0..<size { m.swapAt(pivot * size + k, column * size + k) }
        result = -result
      }
      result *= m[column * size + column]
      for row in column + 1..<max(size, column + 1) {
        let factor = m[row * size + column] / m[column * size + column]
        for k in column..<size { m[row * size + k] -= factor * m[column * size + k] }
      }
    }
    return result
  }

  private func stored<T: RealTensor>(
    _ values: [Double], _ shape: [Int], like _: T
  ) -> any AnyTensor { T(shape: shape, elements: values.map { T.Element(real: $0) }) }
}
