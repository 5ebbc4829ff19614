import NeuralRuntime

/// The linear program behind a least distance: the network's rectifiers relaxed over their ranges.
///
/// Each rectifier max(0, z) with z in [l, u] lies between max(0, z) and the chord over the range; the program's rows
/// hold for every evaluation that the form covers.
/// Source: Ehlers, "Formal verification of piece-wise linear feed-forward neural networks", ATVA 2017 (the triangle).
struct DistortionModel: Sendable {
  /// What each rectifier's operand lies between.
  struct Ranges: Sendable, Hashable {
    var lower: [Double]
    var upper: [Double]

    func isOpen(_ rectifier: Int) -> Bool { lower[rectifier] < 0 && upper[rectifier] > 0 }
  }

  typealias Terms = [(column: Int, factor: Double)]

  /// Its rows are the constraints: each at most 0.
  let form: PiecewiseLinearForm
  let sample: [Double]
  let norm: DistortionNorm
  /// The operands of the rectifiers, and the constraints, in columns of the program; constants between two.
  let operands: [(terms: Terms, lower: Double, upper: Double)]
  let constraints: [(terms: Terms, lower: Double, upper: Double)]

  init(_ form: PiecewiseLinearForm, from sample: [Double], norm: DistortionNorm) {
    self.form = form
    self.sample = sample
    self.norm = norm
    operands = form.rectifiers.map { Self.columns(of: $0.operand, sample, norm) }
    constraints = form.rows.map { Self.columns(of: $0, sample, norm) }
  }

  var inputs: Int { sample.count }
  /// Where the rectifiers' columns start: after the inputs, or after what is added to each input and taken from it.
  var firstRectifier: Int { norm == .linf ? inputs : 2 * inputs }
  /// Of the two rows of each rectifier: its output less its operand, and the chord.
  func kinkRow(of rectifier: Int) -> Int { 2 * rectifier }
  func chordRow(of rectifier: Int) -> Int { 2 * rectifier + 1 }
  var firstConstraint: Int { 2 * operands.count }

  /// At least the entries of a tableau.
  var programSize: Int {
    let distances = norm == .linf ? 2 * inputs : 1
    let rows = 2 * operands.count + constraints.count + distances
    return rows * (firstRectifier + operands.count + 8)
  }

  var ranges: Ranges {
    Ranges(lower: form.rectifiers.map(\.lower), upper: form.rectifiers.map(\.upper))
  }

  private static func columns(
    of row: PiecewiseLinearForm.Row, _ sample: [Double], _ norm: DistortionNorm
  ) -> (terms: Terms, lower: Double, upper: Double) {
    guard norm == .l1 else {
      return (row.terms.map { ($0.variable, $0.factor) }, row.lower, row.upper)
    }
    var terms: Terms = []
    var (shift, magnitude) = (0.0, 0.0)
    for term in row.terms {
      guard term.variable < sample.count else {
        terms.append((sample.count + term.variable, term.factor))
        continue
      }
      terms.append((term.variable, term.factor))
      terms.append((sample.count + term.variable, -term.factor))
      shift += term.factor * sample[term.variable]
      magnitude += abs(term.factor * sample[term.variable])
    }
    let room = magnitude * Double(terms.count + 2) * 0x1p-52
    return (terms, (row.lower + shift - room).nextDown, (row.upper + shift + room).nextUp)
  }

  /// The program over these ranges, for distances up to a ceiling.
  func program(over ranges: Ranges, ceiling: Double) -> LinearProgram {
    let (cost, lower, upper) = columns(over: ranges, ceiling: ceiling)
    var program = LinearProgram(cost: cost, lower: lower, upper: upper)
    for (rectifier, operand) in operands.enumerated() {
      let column = firstRectifier + rectifier
      let kink = kinkBounds(of: rectifier, over: ranges)
      program.addRow(
        [(column, 1)] + operand.terms.map { ($0.column, -$0.factor) }, from: kink.lower,
        to: kink.upper)
      addChord(of: rectifier, over: ranges, to: &program)
    }
    for constraint in constraints {
      let most = (-constraint.lower).nextUp
      program.addRow(
        constraint.terms, from: min(program.activity(constraint.terms).lower, most), to: most)
    }
    switch norm {
    case .linf: addDistances(to: &program)
    case .l1:
      // The distance itself, so that programs of other costs know of the ceiling, too.
      program.addRow((0..<2 * inputs).map { ($0, 1) }, from: 0, to: ceiling)
    }
    return program
  }

  func columns(
    over ranges: Ranges, ceiling: Double
  ) -> (cost: [Double], lower: [Double], upper: [Double]) {
    var cost: [Double] = []
    var lower: [Double] = []
    var upper: [Double] = []
    switch norm {
    case .linf:
      cost = Array(repeating: 0, count: inputs)
      for (input, x) in sample.enumerated() {
        lower.append(min(x, max(form.lower[input], (x - ceiling).nextDown)))
        upper.append(max(x, min(form.upper[input], (x + ceiling).nextUp)))
      }
    case .l1:
      cost = Array(repeating: 1, count: 2 * inputs)
      lower = Array(repeating: 0, count: 2 * inputs)
      upper = sample.indices.map { min(ceiling, max(0, (form.upper[$0] - sample[$0]).nextUp)) }
      upper += sample.indices.map { min(ceiling, max(0, (sample[$0] - form.lower[$0]).nextUp)) }
    }
    for rectifier in operands.indices {
      cost.append(0)
      lower.append(max(0, ranges.lower[rectifier]))
      upper.append(max(0, ranges.upper[rectifier]))
    }
    if norm == .linf {
      cost.append(1)
      lower.append(0)
      upper.append(ceiling)
    }
    return (cost, lower, upper)
  }

  /// What output − (operand − its constant) lies between.
  func kinkBounds(of rectifier: Int, over ranges: Ranges) -> (lower: Double, upper: Double) {
    let operand = operands[rectifier]
    return (
      (operand.lower + max(0, -ranges.upper[rectifier])).nextDown,
      (operand.upper + max(0, -ranges.lower[rectifier])).nextUp
    )
  }

  /// output ≤ slope · (operand − l), where both sides are possible; else an empty row.
  private func addChord(
    of rectifier: Int, over ranges: Ranges, to program: inout LinearProgram
  ) {
    guard ranges.isOpen(rectifier) else {
      program.addRow([], from: -1, to: 1)
      return
    }
    let (low, high) = (ranges.lower[rectifier], ranges.upper[rectifier])
    let slope = min(1, (high / (high - low).nextDown).nextUp)
    let operand = operands[rectifier]
    let rest = operand.terms.map { (column: $0.column, factor: -slope * $0.factor) }
    let terms = [(column: firstRectifier + rectifier, factor: 1.0)] + rest
    var reach = abs(operand.upper) + abs(low)
    for term in rest {
      reach +=
        abs(term.factor) * max(abs(program.lower[term.column]), abs(program.upper[term.column]))
    }
    let most = slope * (operand.upper - low) + reach * 0x1p-50
    program.addRow(terms, from: min(program.activity(terms).lower, most), to: most)
  }

  /// |input − sample| ≤ distance, on the sides on which the input can move.
  private func addDistances(to program: inout LinearProgram) {
    let distance = program.columns - 1
    for (input, x) in sample.enumerated() {
      for (sign, canMove) in [(1.0, form.upper[input] > x), (-1.0, form.lower[input] < x)]
      where canMove {
        let terms: Terms = [(input, sign), (distance, -1)]
        program.addRow(
          terms, from: min(program.activity(terms).lower, sign * x), to: sign * x)
      }
    }
  }
}
