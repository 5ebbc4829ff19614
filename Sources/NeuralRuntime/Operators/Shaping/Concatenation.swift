package import EngineSupport
package import TensorCore

/// Concat: operands one after the other along an axis.
package struct Concatenation: RearrangingOperator {
  package static let signatures = [
    OperatorSignature("Concat", operands: 1...4_096, attributes: ["axis"])
  ]

  private let axis: Int
  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let axis = try node.int("axis") else { throw node.invalidAttribute("axis", "present") }
    self.axis = axis
  }

  /// For operators that join what they were given in another form.
  init(joining node: OperatorNode, axis: Int) throws(Diagnostic) {
    self.node = node
    self.axis = axis
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    var result = operands[0]
    let axis = try node.axis(axis, rank: result.count)
    for shape in operands.dropFirst() {
      guard shape.count == result.count,
        shape.indices.allSatisfy({ $0 == axis || shape[$0] == result[$0] })
      else { throw node.mismatch("\(operands[0]) and \(shape) differ beside axis \(axis)") }
      result[axis] += shape[axis]
    }
    return [result]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    let staysApart =
      axis != 0 && axis + operands[0].shape.count != 0
      && operands.allSatisfy(\.isBatched)
    return staysApart ? self : nil
  }

  /// How many blocks each operand is cut into, and the length of a block for each operand.
  private func blocks(_ shapes: [[Int]]) -> (count: Int, lengths: [Int]) {
    let axis = axis < 0 ? axis + shapes[0].count : axis
    return (shapes[0][..<axis].reduce(1, *), shapes.map { $0[axis...].reduce(1, *) })
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let (count, lengths) = blocks(operands)
    var starts: [Int] = []
    var total = 0
    for length in lengths {
      starts.append(total)
      total += count * length
    }
    return [
      (0..<count).flatMap { block in
        lengths.indices.flatMap { operand in
          (0..<lengths[operand]).map { starts[operand] + block * lengths[operand] + $0 }
        }
      }
    ]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let shapes = operands.map(\.shape)
    guard let shape = try? outputShapes(for: shapes)[0] else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let (count, lengths) = blocks(shapes)
    let sources = operands.map(\.elements)
    var result: [S] = []
    result.reserveCapacity(shape.reduce(1, *))
    for block in 0..<count {
      for (source, length) in zip(sources, lengths) {
        result.append(contentsOf: source[block * length..<(block + 1) * length])
      }
    }
    return [Tensor(shape: shape, elements: result)]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let shapes = record.operands.map(\.shape)
    let (count, lengths) = blocks(shapes)
    let source = cotangents[0].elements
    let total = lengths.reduce(0, +)
    var before = 0
    var gradients: [Tensor<S>?] = []
    for (operand, length) in lengths.enumerated() {
      defer { before += length }
      guard record.needsGradient[operand] else {
        gradients.append(nil)
        continue
      }
      var elements: [S] = []
      elements.reserveCapacity(count * length)
      for block in 0..<count {
        let start = block * total + before
        elements.append(contentsOf: source[start..<start + length])
      }
      gradients.append(Tensor(shape: shapes[operand], elements: elements))
    }
    return gradients
  }
}
