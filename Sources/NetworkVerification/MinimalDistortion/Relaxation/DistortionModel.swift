import NeuralRuntime

/// The linear program behind a least distance: the network's maxima, rectifiers among them, relaxed over their ranges.
///
/// Each maximum y of candidates x has for each x the row x ≤ y ≤ x + its greatest shortfall, one row that holds the
/// candidates together (the chord), and one row that ties it to the distance (the cone): near the sample the network
/// hardly differs from its value there. The program's rows hold for every evaluation that the form covers.
/// Source: Ehlers, "Formal verification of piece-wise linear feed-forward neural networks", ATVA 2017 (the triangle of a
/// rectifier, which the chord generalises); Tjeng, Xiao, Tedrake, ICLR 2019 (maxima of many).
struct DistortionModel: Sendable {
  /// Its rows are the constraints: each at most 0.
  let form: PiecewiseLinearForm
  let sample: [Double]
  let norm: DistortionNorm
  /// The candidates of the maxima, and the constraints, in columns of the program; constants between two.
  let maxima: [[AffineCandidate]]
  let constraints: [AffineCandidate]
  /// The program's rows: of each candidate, or nil of constants, then the two of each maximum.
  private(set) var candidateRows: [[Int?]] = []
  private(set) var chordRows: [Int] = []
  private(set) var coneRows: [Int] = []
  private(set) var firstConstraint = 0
  /// Cones over all of the distance, where computing them for each part would take long.
  var cones: DistortionCones?

  init(_ form: PiecewiseLinearForm, from sample: [Double], norm: DistortionNorm) {
    self.form = form
    self.sample = sample
    self.norm = norm
    maxima = form.maxima.map {
      $0.candidates.map { AffineCandidate($0.row, from: sample, norm: norm) }
    }
    constraints = form.rows.map { AffineCandidate($0, from: sample, norm: norm) }
    for candidates in maxima {
      var rows: [Int?] = []
      for candidate in candidates {
        rows.append(candidate.terms.isEmpty ? nil : firstConstraint)
        firstConstraint += candidate.terms.isEmpty ? 0 : 1
      }
      candidateRows.append(rows)
      chordRows.append(firstConstraint)
      coneRows.append(firstConstraint + 1)
      firstConstraint += 2
    }
  }

  var inputs: Int { sample.count }
  /// Where the maxima's columns start: after the inputs, or after what is added to each input and taken from it.
  var firstMaximum: Int { norm == .linf ? inputs : 2 * inputs }

  /// At least the entries of a tableau.
  var programSize: Int {
    let distances = norm == .linf ? 2 * inputs : 1
    let rows = firstConstraint + constraints.count + distances
    return rows * (firstMaximum + maxima.count + 8)
  }

  /// What is known before any search, for distances up to a ceiling.
  func ranges(ceiling: Double) -> CandidateRanges {
    var ranges = CandidateRanges(
      form.maxima.map { $0.candidates.map { ($0.lower, $0.upper) } })
    let columns = columns(over: ranges, ceiling: ceiling)
    for (maximum, candidates) in form.maxima.enumerated() where ranges.keepsLeads(maximum) {
      for (i, one) in candidates.candidates.enumerated() {
        for (j, other) in candidates.candidates.enumerated() where j != i {
          let difference = AffineCandidate(
            form.sum(1, one.row, -1, other.row), from: sample, norm: norm)
          let bound = difference.range(
            over: (columns.lower, columns.upper), inputs: inputs, ceiling: ceiling, norm: norm)
          ranges.limitLead(of: i, over: j, in: maximum, to: bound.upper)
        }
      }
    }
    return ranges
  }

  func columns(
    over ranges: CandidateRanges, ceiling: Double
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
    cost += Array(repeating: 0, count: maxima.count)
    lower += ranges.least
    upper += ranges.most
    if norm == .linf {
      cost.append(1)
      lower.append(0)
      upper.append(ceiling)
    }
    return (cost, lower, upper)
  }
}
