import NeuralRuntime

/// The rows of the program.
extension DistortionModel {
  /// The program over these ranges, for distances up to a ceiling.
  func program(over ranges: CandidateRanges, ceiling: Double) -> LinearProgram {
    let (cost, lower, upper) = columns(over: ranges, ceiling: ceiling)
    var program = LinearProgram(cost: cost, lower: lower, upper: upper)
    let cones = cones ?? DistortionCones(self, over: ranges, ceiling: ceiling)
    for (maximum, candidates) in maxima.enumerated() {
      let column = firstMaximum + maximum
      for (i, candidate) in candidates.enumerated() where candidateRows[maximum][i] != nil {
        let bounds = rowBounds(of: i, in: maximum, over: ranges)
        program.addRow(
          [(column, 1)] + candidate.terms.map { ($0.column, -$0.factor) }, from: bounds.lower,
          to: bounds.upper)
      }
      guard ranges.isOpen(maximum) else {
        program.addRow([], from: -1, to: 1)
        program.addRow([], from: -1, to: 1)
        continue
      }
      addChord(of: maximum, over: ranges, to: &program)
      addCone(of: maximum, cones, to: &program)
    }
    for constraint in constraints {
      add(constraint.terms, atMost: (-constraint.lower).nextUp, to: &program)
    }
    switch norm {
    case .linf: addDistances(to: &program)
    case .l1:
      // The distance itself, so that programs of other costs know of the ceiling, too.
      program.addRow((0..<2 * inputs).map { ($0, 1) }, from: 0, to: ceiling)
    }
    return program
  }

  /// What maximum − (candidate − its constant) lies between.
  func rowBounds(
    of candidate: Int, in maximum: Int, over ranges: CandidateRanges
  ) -> (lower: Double, upper: Double) {
    let affine = maxima[maximum][candidate]
    let shortfall = ranges.shortfall(of: candidate, in: maximum)
    return (affine.lower, (affine.upper + shortfall).nextUp)
  }

  /// maximum − Σ weight · candidate is greatest where some candidate leads, and then known from the differences
  /// between that one and the others. Weights in inverse proportion to shortfalls give the chord of a rectifier.
  private func addChord(
    of maximum: Int, over ranges: CandidateRanges, to program: inout LinearProgram
  ) {
    let live = ranges.live(maximum)
    let shares = live.map { 1 / max(ranges.shortfall(of: $0, in: maximum), 0x1p-200) }
    let whole = shares.reduce(0, +)
    let weights = shares.map { $0 / whole }
    var (most, spread) = (-Double.infinity, 0.0)
    for leader in live {
      var (sum, magnitude) = (0.0, 0.0)
      for (other, weight) in zip(live, weights) where other != leader {
        let lead = ranges.lead(of: leader, over: other, in: maximum)
        sum += weight * lead
        magnitude += weight * abs(lead)
      }
      most = max(most, sum)
      spread = max(spread, magnitude)
    }
    var reach = max(abs(ranges.least[maximum]), abs(ranges.most[maximum])) + spread
    var factors: [Int: Double] = [:]
    for (candidate, weight) in zip(live, weights) {
      let affine = maxima[maximum][candidate]
      most += weight * affine.upper
      reach += weight * abs(affine.upper)
      for term in affine.terms {
        factors[term.column, default: 0] -= weight * term.factor
        reach +=
          weight * abs(term.factor)
          * max(abs(program.lower[term.column]), abs(program.upper[term.column]))
      }
    }
    let terms = factors.sorted { $0.key < $1.key }.map { (column: $0.key, factor: $0.value) }
    // The weights add up to 1 but for their roundings, each sum to its value but for its own.
    most += reach * Double(live.count + 4) * 0x1p-50
    add([(column: firstMaximum + maximum, factor: 1.0)] + terms, atMost: most, to: &program)
  }

  /// maximum ≤ its value at the sample + slopes · changes.
  private func addCone(
    of maximum: Int, _ cones: DistortionCones, to program: inout LinearProgram
  ) {
    let cone = cones.cones[maximum]
    let terms = cone.slopes.enumerated().filter { $1 != 0 }.map {
      (column: norm == .l1 ? $0 : program.columns - 1, factor: -$1)
    }
    add([(column: firstMaximum + maximum, factor: 1.0)] + terms, atMost: cone.start, to: &program)
  }

  private func add(
    _ terms: AffineCandidate.Terms, atMost most: Double, to program: inout LinearProgram
  ) {
    program.addRow(terms, from: min(program.activity(terms).lower, most), to: most)
  }

  /// |input − sample| ≤ distance, on the sides on which the input can move.
  private func addDistances(to program: inout LinearProgram) {
    let distance = program.columns - 1
    for (input, x) in sample.enumerated() {
      for (sign, canMove) in [(1.0, form.upper[input] > x), (-1.0, form.lower[input] < x)]
      where canMove { add([(input, sign), (distance, -1)], atMost: sign * x, to: &program) }
    }
  }
}
