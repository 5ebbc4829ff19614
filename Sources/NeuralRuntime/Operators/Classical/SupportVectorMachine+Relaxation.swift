package import TensorCore

/// Ranges of the outputs; with the linear kernel and no transform a machine is an affine map.
extension SupportVectorMachine: AffineOperator {
  package func isAffine(in varying: [Bool]) -> Bool {
    kernels.kernel == .linear && coupling == nil && !isOneClass && head.isAffine
  }

  package func roundings(for operands: [[Int]]) -> Int {
    kernels.width + (kernels.terms.map(\.count).max() ?? 0) + 8
  }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    let rows = operands[0].shape[0]
    let elements = (0..<rows).flatMap { row in
      let sizes = kernels.ranges(over: operands[0], at: row * kernels.width).magnitudes
      return head.expansion == .none ? sizes : [sizes[0], sizes[0]]
    }
    return [Tensor(shape: [rows, elements.count / max(rows, 1)], elements: elements)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let rows = operands[0].shape[0]
    let ranges = (0..<rows).flatMap { row in
      let scores = kernels.ranges(over: operands[0], at: row * kernels.width).scores
      if let coupling { return head.ranges(of: coupling.ranges(of: scores)) }
      return head.ranges(of: isOneClass ? scores.map(side) : scores)
    }
    return [IntervalTensor(shape: [rows, ranges.count / max(rows, 1)], ranges)]
  }

  /// 1 above 0 and −1 elsewhere.
  private func side(_ score: Ranges.Range) -> Ranges.Range {
    (score.low > 0 ? 1 : -1, score.high > 0 ? 1 : -1)
  }
}
