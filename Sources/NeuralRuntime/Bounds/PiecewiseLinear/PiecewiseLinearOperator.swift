import TensorCore

/// An operator whose outputs are sums and maxima of its operands' elements.
protocol PiecewiseLinearOperator: PlanarOperator {
  /// The outputs' elements over one box; nil where they are not of this form.
  ///
  /// - Parameters:
  ///   - operands: The elements of each operand, as rows of `form`.
  ///   - ranges: What each operand lies between.
  ///   - allowsFloat: Whether roundings in `Float` are allowed for.
  func rows(
    of operands: [[PiecewiseLinearForm.Row]], within ranges: [IntervalTensor], allowsFloat: Bool,
    adding form: inout PiecewiseLinearForm
  ) -> [PiecewiseLinearForm.Row]?
}

extension Activation: PiecewiseLinearOperator {
  func rows(
    of operands: [[PiecewiseLinearForm.Row]], within ranges: [IntervalTensor], allowsFloat: Bool,
    adding form: inout PiecewiseLinearForm
  ) -> [PiecewiseLinearForm.Row]? {
    let (low, high) = (ranges[0].lower.elements, ranges[0].upper.elements)
    var rows: [PiecewiseLinearForm.Row] = []
    for (i, row) in operands[0].enumerated() {
      switch function {
      case .relu: rows.append(form.rectified(row, within: (low[i], high[i])))
      case .leakyRelu(let slope):
        guard slope.isFinite else { return nil }
        let side = form.rectified(row, within: (low[i], high[i]))
        // One product is rounded in `Float` below 0.
        let error =
          allowsFloat && low[i] < 0
          ? OutwardRounding.error(ofSum: 1, magnitude: abs(slope * low[i])) : 0
        rows.append(
          low[i] >= 0 ? row : form.sum(slope, row, 1 - slope, side).widened(by: error))
      case .clip(let least, let most):
        guard least <= most, least < .infinity, most > -.infinity else { return nil }
        rows.append(form.clipped(row, from: least, to: most))
      case .sigmoid, .tanh: return nil
      }
    }
    return rows
  }
}

extension PiecewiseLinearForm {
  fileprivate mutating func clipped(_ row: Row, from least: Double, to most: Double) -> Row {
    var result = row
    if least > -.infinity { result = maximum(of: [result, Self.constant(least, least)]) }
    if most < .infinity { result = minimum(of: [result, Self.constant(most, most)]) }
    return result
  }
}

extension ElementaryFunction: PiecewiseLinearOperator {
  /// |x| = 2 max(0, x) − x.
  func rows(
    of operands: [[PiecewiseLinearForm.Row]], within ranges: [IntervalTensor], allowsFloat: Bool,
    adding form: inout PiecewiseLinearForm
  ) -> [PiecewiseLinearForm.Row]? {
    guard node.operation == "Abs" else { return nil }
    let (low, high) = (ranges[0].lower.elements, ranges[0].upper.elements)
    return operands[0].enumerated().map { i, row in
      let side = form.rectified(row, within: (low[i], high[i]))
      return form.sum(2, side, -1, row)
    }
  }
}

extension Extremum: PiecewiseLinearOperator {
  func rows(
    of operands: [[PiecewiseLinearForm.Row]], within ranges: [IntervalTensor], allowsFloat: Bool,
    adding form: inout PiecewiseLinearForm
  ) -> [PiecewiseLinearForm.Row]? {
    let shapes = ranges.map(\.shape)
    guard node.operation == "Max" || node.operation == "Min",
      let shape = IndexWalk.broadcastShape(shapes)
    else { return nil }
    let count = shape.reduce(1, *)
    var spread = [[PiecewiseLinearForm.Row]](repeating: [], count: count)
    for (operand, rows) in operands.enumerated() {
      guard let strides = IndexWalk.broadcastStrides(shapes[operand], to: shape) else {
        return nil
      }
      for (i, position) in IndexWalk.positions(shape, strides: strides).enumerated() {
        spread[i].append(rows[position])
      }
    }
    return spread.map { node.operation == "Max" ? form.maximum(of: $0) : form.minimum(of: $0) }
  }
}

extension MaximumPooling: PiecewiseLinearOperator {
  func rows(
    of operands: [[PiecewiseLinearForm.Row]], within ranges: [IntervalTensor], allowsFloat: Bool,
    adding form: inout PiecewiseLinearForm
  ) -> [PiecewiseLinearForm.Row]? {
    let shape = ranges[0].shape
    let (low, high) = (ranges[0].lower.elements, ranges[0].upper.elements)
    var windows: [[Int]] = []
    window.forEachWindow(window.plannedGeometry(shape), planes: shape[0] * shape[1]) { taps in
      var places: [Int] = []
      for z in taps.z {
        for y in taps.y {
          for x in taps.x { places.append(taps.index(z, y, x)) }
        }
      }
      windows.append(places)
    }
    var result: [PiecewiseLinearForm.Row] = []
    for places in windows {
      guard !places.isEmpty else { return nil }
      result.append(
        form.maximum(of: places.map { operands[0][$0] }, within: places.map { (low[$0], high[$0]) })
      )
    }
    return result
  }
}
