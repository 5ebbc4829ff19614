package import EngineSupport
package import TensorCore

/// DFT and STFT: discrete Fourier transforms of whole axes, or of windowed frames of a signal, as products
/// with the matrix of roots of unity.
///
/// X[k] = Σ w[n]·x[n]·exp(∓2πi·k·n/N), divided by N for the inverse. The direct sum keeps one fixed order of
/// additions and is linear, so that gradients and bounds follow from the matrix.
package struct FourierTransform: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature(
      "DFT", opsets: 17...19, parameters: ["dft_length"],
      attributes: ["axis", "inverse", "onesided"]),
    OperatorSignature(
      "DFT", opsets: 20...OperatorSignature.newestOpset, parameters: ["dft_length", "axis"],
      attributes: ["inverse", "onesided"]),
    OperatorSignature(
      "STFT", opsets: 17...OperatorSignature.newestOpset,
      parameters: ["frame_step", "window", "frame_length"], attributes: ["onesided"]),
  ]

  package let node: OperatorNode
  private let isOneSided: Bool
  private let isInverse: Bool
  /// Samples of one transform; nil for the whole axis.
  private let length: Int?
  private let axis: Int
  /// Samples from one frame to the next; nil for DFT.
  private let step: Int?
  private let window: [Double]?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    isOneSided = try node.int("onesided") ?? (node.operation == "STFT" ? 1 : 0) != 0
    isInverse = try node.flag("inverse")
    guard !(isInverse && isOneSided) else {
      throw node.unsupported("the inverse of a one-sided spectrum")
    }
    if node.operation == "STFT" {
      step = try node.parameterInt("frame_step")
      let weights = node.parameter("window")
      if let weights, !(weights is any RealTensor) || weights.rank != 1 {
        throw node.wrongType("the window must be a list of numbers")
      }
      window = (weights as? any RealTensor)?.reals
      length = try node.parameterInt("frame_length") ?? window?.count
      axis = 1
    } else {
      step = nil
      window = nil
      length = try node.parameterInt("dft_length")
      axis = node.opset < 20 ? try node.int("axis") ?? 1 : try node.parameterInt("axis") ?? -2
    }
  }

  /// A transform as a product of rows of samples with a matrix.
  private struct Plan {
    var shape: [Int]
    /// Samples of one row and frequencies of one row.
    var length: Int
    var bins: Int
    /// 1 for real samples, 2 for complex ones.
    var parts: Int
    var rows: Int
    /// First element of each row, and the distance of its samples, in the operand and in the output.
    var inputStarts: [Int]
    var inputStride: Int
    /// Samples that the operand has of each row; the rest is 0.
    var given: Int
    var outputStarts: [Int]
    var outputStride: Int
  }

  private func plan(_ shape: [Int]) throws(Diagnostic) -> Plan {
    guard shape.count >= 2, let parts = shape.last, parts == 1 || parts == 2,
      NetworkLimits.volume(shape) != nil
    else { throw node.mismatch("\(shape) does not end in an axis of 1 or 2 for the parts") }
    if let step {
      guard shape.count == 3, let length, length > 0, step > 0, length <= shape[1],
        window == nil || window?.count == length
      else { throw node.mismatch("frames do not fit a signal of \(shape)") }
      let bins = isOneSided ? length / 2 + 1 : length
      let frames = (shape[1] - length) / step + 1
      let starts = (0..<shape[0]).flatMap { batch in
        (0..<frames).map { (batch * shape[1] + $0 * step) * parts }
      }
      return Plan(
        shape: [shape[0], frames, bins, 2], length: length, bins: bins, parts: parts,
        rows: starts.count, inputStarts: starts, inputStride: parts, given: length,
        outputStarts: starts.indices.map { $0 * bins * 2 }, outputStride: 2)
    }
    let axis = try node.axis(axis, rank: shape.count)
    let length = length ?? shape[axis]
    guard axis < shape.count - 1, length > 0, length <= NetworkLimits.elements else {
      throw node.mismatch("axis \(axis) of \(shape) cannot be transformed to \(length)")
    }
    let bins = isOneSided ? length / 2 + 1 : length
    var output = shape
    output[axis] = bins
    output[shape.count - 1] = 2
    let (outer, given, inner) = IndexWalk.split(Array(shape.dropLast()), at: axis)
    let rows = outer * inner
    return Plan(
      shape: output, length: length, bins: bins, parts: parts, rows: rows,
      inputStarts: (0..<rows).map { ($0 / inner * given * inner + $0 % inner) * parts },
      inputStride: inner * parts, given: min(given, length),
      outputStarts: (0..<rows).map { ($0 / inner * bins * inner + $0 % inner) * 2 },
      outputStride: inner * 2)
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let plan = try plan(operands[0])
    guard NetworkLimits.volume([plan.length, plan.parts, plan.bins, 2]) != nil else {
      throw Diagnostic(
        "onnx.shape.too-large", "\(node.operation): \(plan.length) samples in one transform",
        at: node.location)
    }
    return [plan.shape]
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    guard let plan = try? plan(operands[0]) else { return 0 }
    return outputs[0].reduce(1, *) * plan.length * plan.parts
  }

  /// The matrix also has to be made.
  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    guard let plan = try? plan(operands[0]) else { return 0 }
    return multiplyAdds(for: operands, outputs: outputs) + 16 * plan.length * plan.bins
  }

  private func checked(_ shape: [Int]) -> Plan {
    guard let plan = try? plan(shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return plan
  }

  /// `[length · parts, bins · 2]`.
  private func matrix(_ plan: Plan) -> [Double] {
    let turn = 2 * Double.pi / Double(plan.length)
    let roots = (0..<plan.length).map { index in
      (PortableMath.cos(turn * Double(index)), PortableMath.sin(turn * Double(index)))
    }
    let share = isInverse ? 1 / Double(plan.length) : 1
    var elements: [Double] = []
    elements.reserveCapacity(plan.length * plan.parts * plan.bins * 2)
    for n in 0..<plan.length {
      let weight = share * (window?[n] ?? 1)
      for part in 0..<plan.parts {
        for k in 0..<plan.bins {
          let (cosine, sine) = roots[k * n % plan.length]
          let signed = isInverse ? -sine : sine
          elements.append(weight * (part == 0 ? cosine : signed))
          elements.append(weight * (part == 0 ? -signed : cosine))
        }
      }
    }
    return elements
  }

  private func rows<S: KernelScalar>(
    _ elements: [S], _ starts: [Int], stride: Int, count: Int, given: Int, parts: Int
  ) -> [S] {
    var result = [S](repeating: 0, count: starts.count * count * parts)
    for (row, start) in starts.enumerated() {
      for n in 0..<given {
        for part in 0..<parts {
          result[(row * count + n) * parts + part] = elements[start + n * stride + part]
        }
      }
    }
    return result
  }

  private func product<S: KernelScalar>(
    _ x: Tensor<S>, _ plan: Plan, _ matrix: [Double], by path: KernelPath
  ) -> Tensor<S> {
    let (depth, columns) = (plan.length * plan.parts, plan.bins * 2)
    let samples = rows(
      x.elements, plan.inputStarts, stride: plan.inputStride, count: plan.length,
      given: plan.given, parts: plan.parts)
    var sums = [S](repeating: 0, count: plan.rows * columns)
    S.addProduct(
      rows: plan.rows, columns: columns, depth: depth, of: samples, MatrixLayout(rowStride: depth),
      and: matrix.map { S.rounding($0) }, MatrixLayout(rowStride: columns), to: &sums,
      MatrixLayout(rowStride: columns), by: path)
    var y = sums
    for (row, start) in plan.outputStarts.enumerated() {
      for k in 0..<plan.bins {
        for part in 0..<2 {
          y[start + k * plan.outputStride + part] = sums[(row * plan.bins + k) * 2 + part]
        }
      }
    }
    return Tensor(shape: plan.shape, elements: y)
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let plan = checked(operands[0].shape)
    return [product(operands[0], plan, matrix(plan), by: path)]
  }

  /// Samples that several frames share add up from the first frame to the last.
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0]
    let plan = checked(x.shape)
    let (depth, columns) = (plan.length * plan.parts, plan.bins * 2)
    let g = rows(
      cotangents[0].elements, plan.outputStarts, stride: plan.outputStride, count: plan.bins,
      given: plan.bins, parts: 2)
    var sums = [S](repeating: 0, count: plan.rows * depth)
    S.addProduct(
      rows: plan.rows, columns: depth, depth: columns, of: g, MatrixLayout(rowStride: columns),
      and: matrix(plan).map { S.rounding($0) }, MatrixLayout(rowStride: columns).transposed,
      to: &sums, MatrixLayout(rowStride: depth), by: path)
    var gradient = [S](repeating: 0, count: x.count)
    for (row, start) in plan.inputStarts.enumerated() {
      for n in 0..<plan.given {
        for part in 0..<plan.parts {
          gradient[start + n * plan.inputStride + part] +=
            sums[(row * plan.length + n) * plan.parts + part]
        }
      }
    }
    return [Tensor(shape: x.shape, elements: gradient)]
  }

  /// The roots have the modulus 1, so the sum of the samples' magnitudes bounds the rounding of any order of
  /// additions, that of fast transforms too.
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let plan = checked(operands[0].shape)
    let matrix = matrix(plan)
    let (centre, radius) = operands[0].centred
    let middle = product(centre, plan, matrix, by: .fastest)
    let reach = product(radius, plan, matrix.map { abs($0) }, by: .fastest)
    var moduli = matrix
    for index in stride(from: 0, to: matrix.count, by: 2) {
      let modulus = abs(matrix[index]) + abs(matrix[index + 1])
      moduli[index] = modulus
      moduli[index + 1] = modulus
    }
    let magnitudes = product(sum(centre.magnitudes, radius), plan, moduli, by: .fastest)
    let ends = zip(middle.elements, reach.elements)
    return [
      IntervalTensor(
        lower: Tensor(shape: plan.shape, elements: ends.map { $0 - $1 }),
        upper: Tensor(shape: plan.shape, elements: ends.map { $0 + $1 })
      ).widened(terms: plan.length * plan.parts + 8, magnitudes: magnitudes)
    ]
  }
}
