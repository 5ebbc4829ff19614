package import EngineSupport
import TensorCore

/// MaxUnpool: the inverse of MaxPool, zeros where no maximum was.
package struct Unpooling: Operator {
  package static let signatures = [
    OperatorSignature(
      "MaxUnpool", opsets: 9...OperatorSignature.newestOpset, operands: 2...3,
      attributes: ["kernel_shape", "pads", "strides"])
  ]

  private let node: OperatorNode
  private let kernel: [Int]
  private let pads: [Int]?
  private let strides: [Int]?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let kernel = try node.ints("kernel_shape") else {
      throw node.invalidAttribute("kernel_shape", "present")
    }
    self.kernel = kernel
    pads = try node.ints("pads")
    strides = try node.ints("strides")
    for number in kernel + (pads ?? []) + (strides ?? [])
    where !(0...NetworkLimits.elements).contains(number) {
      throw node.invalidAttribute("kernel_shape", "made of lengths, like pads and strides")
    }
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    let indices = try node.integers(tensors[1], 1)
    let shape = tensors[0].shape
    let rank = kernel.count
    guard shape.count == rank + 2, tensors[1].shape == shape,
      (pads?.count ?? 2 * rank) == 2 * rank, (strides?.count ?? rank) == rank
    else { throw node.mismatch("\(shape) does not fit a kernel of \(kernel)") }
    let inferred = (0..<rank).map { axis -> Int in
      let step = strides?[axis] ?? 1
      let room = (pads?[axis] ?? 0) + (pads?[axis + rank] ?? 0)
      return (shape[axis + 2] - 1) * step + kernel[axis] - room
    }
    var target = Array(shape.prefix(2)) + inferred
    // Places were counted in the inferred shape; a larger one that is asked for leaves them there.
    let own = target
    if tensors.count > 2 { target = try node.integers(tensors[2], 2) }
    guard target.count == own.count, NetworkLimits.volume(own) != nil else {
      throw node.mismatch("an output of \(target)")
    }
    let count = try budget.claim(target, for: node)
    let total = own.reduce(1, *)
    let (from, to) = (IndexWalk.strides(own), IndexWalk.strides(target))
    var sources = [Int](repeating: -1, count: count)
    for (source, index) in indices.enumerated() {
      guard index >= 0, index < total else {
        throw node.mismatch("place \(index) is outside \(own)")
      }
      var place = 0
      for axis in own.indices {
        let coordinate = index / from[axis] % own[axis]
        guard coordinate < target[axis] else {
          throw node.mismatch("place \(index) is outside \(target)")
        }
        place += coordinate * to[axis]
      }
      sources[place] = source
    }
    return [.tensor(tensors[0].gathering(sources, shape: target))]
  }
}
