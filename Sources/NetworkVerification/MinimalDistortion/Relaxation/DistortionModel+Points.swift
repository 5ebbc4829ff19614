import NeuralRuntime

/// Between points of the program and inputs, and what the network's form makes of an input.
extension DistortionModel {
  /// The input at a point of the program.
  func input(at point: [Double]) -> [Double] {
    switch norm {
    case .linf: Array(point[..<inputs])
    case .l1: sample.indices.map { sample[$0] + point[$0] - point[inputs + $0] }
    }
  }

  /// The candidate that leads each maximum at an input, with each constant in its middle.
  func leaders(at input: [Double]) -> [Int] {
    var variables = input
    return form.maxima.map { maximum in
      var (leader, greatest) = (0, -Double.infinity)
      for (number, candidate) in maximum.candidates.enumerated() {
        var sum = candidate.row.lower / 2 + candidate.row.upper / 2
        for term in candidate.row.terms { sum += term.factor * variables[term.variable] }
        if sum > greatest { (leader, greatest) = (number, sum) }
      }
      variables.append(greatest)
      return leader
    }
  }

  /// What a maximum's candidates are at a point of the program, with each constant in its middle.
  func values(of maximum: Int, at point: [Double]) -> [Double] {
    maxima[maximum].map { candidate in
      candidate.terms.reduce(candidate.lower / 2 + candidate.upper / 2) {
        $0 + $1.factor * point[$1.column]
      }
    }
  }

  /// How far each maximum's column is above its live candidates, at a point of the program.
  func excesses(at point: [Double], over ranges: CandidateRanges) -> [Double] {
    maxima.indices.map { maximum in
      let values = values(of: maximum, at: point)
      let greatest = ranges.live(maximum).reduce(-Double.infinity) { max($0, values[$1]) }
      return point[firstMaximum + maximum] - greatest
    }
  }
}
