package import EngineSupport
import TensorCore

/// Writing a network as sums and maxima over a box.
extension LinearPropagation {
  /// The network over one box, with linear functions of its output and its input.
  ///
  /// - Parameters:
  ///   - state: The box, as `relaxed(over:)` leaves it.
  ///   - outputs: `[rows, outputs]`.
  ///   - inputs: `[rows, inputs]`, or empty for none.
  ///   - constants: One a row.
  /// - Throws: `onnx.operator.not-piecewise-linear` names the first operator that is neither affine nor piecewise
  ///   linear; `network.bounds.too-large`; `network.bounds.unbounded` where a range is infinite.
  package func piecewiseLinear(
    over state: RelaxedBatch, outputs: [Double], inputs: [Double] = [], constants: [Double]
  ) throws(Diagnostic) -> PiecewiseLinearForm {
    precondition(state.count == 1, "one box at a time")
    guard let box = state.ranges[input] else { preconditionFailure("the input has a range") }
    var form = PiecewiseLinearForm(lower: box.lower.elements, upper: box.upper.elements)
    var known = [[PiecewiseLinearForm.Row]?](repeating: nil, count: shapes.count)
    for step in steps {
      if case .affine = step.kind { continue }
      try lower(step, state, &known, adding: &form)
    }
    var rows = try pulled(outputs, at: output, count: constants.count, known, form, state)
    for (i, constant) in constants.enumerated() {
      rows[i] = form.sum(1, rows[i], 1, PiecewiseLinearForm.constant(constant, constant))
      if !inputs.isEmpty {
        let own = inputs[i * inputWidth..<(i + 1) * inputWidth].enumerated().filter { $1 != 0 }
        let row = PiecewiseLinearForm.Row(
          terms: own.map { PiecewiseLinearForm.Term(variable: $0, factor: $1) }, lower: 0, upper: 0)
        rows[i] = form.sum(1, rows[i], 1, row)
      }
    }
    form.rows = rows
    form.prune()
    return form
  }

  private func lower(
    _ step: Step, _ state: RelaxedBatch, _ known: inout [[PiecewiseLinearForm.Row]?],
    adding form: inout PiecewiseLinearForm
  ) throws(Diagnostic) {
    guard let operation = step.operation as? any PiecewiseLinearOperator else {
      throw Self.refusal(of: step)
    }
    var operands: [[PiecewiseLinearForm.Row]] = []
    var ranges: [IntervalTensor] = []
    for source in step.operands {
      switch source {
      case .constant(let index):
        let range = constants[index]
        ranges.append(range)
        operands.append(
          zip(range.lower.elements, range.upper.elements).map {
            PiecewiseLinearForm.constant($0, $1)
          })
      case .value(let value):
        guard let range = state.ranges[value] else {
          preconditionFailure("a planned network computes values before they are read")
        }
        ranges.append(range)
        operands.append(try elements(of: value, known, form, state))
      }
    }
    guard
      let rows = operation.rows(
        of: operands, within: ranges, allowsFloat: coverage == .float, adding: &form)
    else { throw Self.refusal(of: step) }
    guard form.maxima.count <= PiecewiseLinearForm.maximaLimit,
      form.size <= PiecewiseLinearForm.termLimit
    else { throw Self.tooLarge }
    known[step.results[0]] = rows
  }

  private static func refusal(of step: Step) -> Diagnostic {
    let node = step.operation.node
    return Diagnostic(
      "onnx.operator.not-piecewise-linear",
      "\(node.operation) is neither affine nor piecewise linear", at: node.location)
  }

  private static var tooLarge: Diagnostic {
    Diagnostic(
      "network.bounds.too-large",
      "the network is too large to be written as at most "
        + "\(PiecewiseLinearForm.maximaLimit) maxima")
  }

  /// Every element of a value as a row.
  private func elements(
    of value: Int, _ known: [[PiecewiseLinearForm.Row]?], _ form: PiecewiseLinearForm,
    _ state: RelaxedBatch
  ) throws(Diagnostic) -> [PiecewiseLinearForm.Row] {
    if let rows = known[value] { return rows }
    let width = width(value)
    guard value == input || isAffordable[value] else { throw Self.tooLarge }
    var rows: [PiecewiseLinearForm.Row] = []
    for start in stride(from: 0, to: width, by: 256) {
      let count = min(256, width - start)
      var unit = [Double](repeating: 0, count: count * width)
      for row in 0..<count { unit[row * width + start + row] = 1 }
      rows += try pulled(unit, at: value, count: count, known, form, state)
      guard rows.reduce(0, { $0 + $1.terms.count }) <= PiecewiseLinearForm.termLimit else {
        throw Self.tooLarge
      }
    }
    return rows
  }

  /// Linear functions of a value, pulled back through affine steps to the input and to what is known.
  private func pulled(
    _ coefficients: [Double], at value: Int, count: Int, _ known: [[PiecewiseLinearForm.Row]?],
    _ form: PiecewiseLinearForm, _ state: RelaxedBatch
  ) throws(Diagnostic) -> [PiecewiseLinearForm.Row] {
    let below = stopped(coefficients, at: value, count: count, known, state)
    // The negated function from below is the function from above.
    let above = stopped(coefficients.map { -$0 }, at: value, count: count, known, state)
    let variables = form.inputs + form.maxima.count
    var rows: [PiecewiseLinearForm.Row] = []
    for row in 0..<count {
      var factors = [Double](repeating: 0, count: variables)
      var (low, high, magnitude) = (below.sums[row], -above.sums[row], 0.0)
      magnitude += abs(low) + abs(high)
      for source in below.coefficients.indices {
        guard let elements = below.coefficients[source] else { continue }
        let width = width(source)
        for element in 0..<width {
          let a = elements[row * width + element]
          guard a != 0 else { continue }
          guard let part = known[source]?[element] else {
            factors[element] += a
            continue
          }
          for term in part.terms { factors[term.variable] += a * term.factor }
          low += a * (a < 0 ? part.upper : part.lower)
          high += a * (a < 0 ? part.lower : part.upper)
          magnitude += abs(a) * form.magnitude(of: part)
        }
      }
      let terms = factors.indices.filter { factors[$0] != 0 }.map {
        PiecewiseLinearForm.Term(variable: $0, factor: factors[$0])
      }
      var result = PiecewiseLinearForm.Row(terms: terms, lower: low, upper: high)
      magnitude += form.magnitude(of: result)
      result = result.widened(by: share * magnitude)
      guard result.lower.isFinite, result.upper.isFinite, magnitude.isFinite else {
        throw Diagnostic(
          "network.bounds.unbounded", "the network's values may be infinite within the box")
      }
      rows.append(result)
    }
    return rows
  }

  private func stopped(
    _ coefficients: [Double], at value: Int, count: Int, _ known: [[PiecewiseLinearForm.Row]?],
    _ state: RelaxedBatch
  ) -> Rows {
    var rows = Rows(
      boxes: Array(repeating: 0, count: count),
      coefficients: Array(repeating: nil, count: shapes.count),
      sums: Array(repeating: 0, count: count))
    rows.coefficients[value] = coefficients
    guard let last = producers[value] else { return rows }
    for index in stride(from: last, through: 0, by: -1)
    where steps[index].results.allSatisfy({ known[$0] == nil }) {
      pullBack(&rows, through: index, state)
    }
    return rows
  }
}
