import EngineSupport
import TensorCore

/// A rearrangement of one sample, repeated for every row of a batch.
struct RowRearrangement: AffineOperator {
  static let signatures: [OperatorSignature] = []

  let node: OperatorNode
  /// For one row: the sources of each output, and its shape without the batch.
  let sources: [[Int]]
  private let shapes: [[Int]]
  private let isBatched: [Bool]
  /// Elements of each operand for one row.
  private let counts: [Int]
  let fill: Double

  init(_ node: OperatorNode) throws(Diagnostic) {
    throw node.unsupported("is made from another operator only")
  }

  /// nil where the operands or outputs do not keep the batch on axis 0.
  init?(_ operation: some RearrangingOperator, _ operands: [OperandShape]) {
    let inputs = operands.map(\.shape)
    guard operands.contains(where: \.isBatched),
      operands.allSatisfy({ !$0.isBatched || $0.shape.first == 1 }),
      let outputs = try? operation.outputShapes(for: inputs),
      outputs.allSatisfy({ $0.first == 1 })
    else { return nil }
    node = operation.node
    sources = operation.sources(for: inputs, outputs: outputs)
    shapes = outputs.map { Array($0.dropFirst()) }
    isBatched = operands.map(\.isBatched)
    counts = inputs.map { $0.reduce(1, *) }
    fill = operation.fill?.reals.first ?? 0
  }

  private func rows(_ operands: [[Int]]) -> Int {
    zip(operands, isBatched).first { $1 }?.0.first ?? 1
  }

  func isAffine(in varying: [Bool]) -> Bool { true }

  func roundings(for operands: [[Int]]) -> Int { 0 }

  func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    interval(operands).map(\.magnitudes)
  }

  func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let count = rows(operands)
    return shapes.map { [count] + $0 }
  }

  func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  func forward<S: KernelScalar>(_ operands: [Tensor<S>], by path: KernelPath) -> [Tensor<S>] {
    let rows = rows(operands.map(\.shape))
    var results = shapes.map { _ in [S]() }
    let filler = S.rounding(fill)
    for row in 0..<rows {
      var elements: [S] = []
      for (index, operand) in operands.enumerated() {
        let start = isBatched[index] ? row * counts[index] : 0
        elements.append(contentsOf: operand.elements[start..<start + counts[index]])
      }
      for (output, sources) in sources.enumerated() {
        for source in sources { results[output].append(source < 0 ? filler : elements[source]) }
      }
    }
    return zip(results, shapes).map { Tensor(shape: [rows] + $1, elements: $0) }
  }

  func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let rows = rows(record.operands.map(\.shape))
    var sums = record.operands.map { [S](repeating: 0, count: $0.count) }
    var starts: [Int] = []
    var total = 0
    for count in counts {
      starts.append(total)
      total += count
    }
    for row in 0..<rows {
      var sum = [S](repeating: 0, count: total)
      for (sources, cotangent) in zip(sources, cotangents) {
        let first = row * sources.count
        for (i, source) in sources.enumerated() where source >= 0 {
          sum[source] += cotangent.elements[first + i]
        }
      }
      for operand in sums.indices {
        let first = isBatched[operand] ? row * counts[operand] : 0
        for i in 0..<counts[operand] { sums[operand][first + i] += sum[starts[operand] + i] }
      }
    }
    return sums.indices.map {
      record.needsGradient[$0]
        ? Tensor(shape: record.operands[$0].shape, elements: sums[$0]) : nil
    }
  }

  func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    zip(forward(operands.map(\.lower), by: .fastest), forward(operands.map(\.upper), by: .fastest))
      .map { IntervalTensor(lower: $0, upper: $1) }
  }
}
