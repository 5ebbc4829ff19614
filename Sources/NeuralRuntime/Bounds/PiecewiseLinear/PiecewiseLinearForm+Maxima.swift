/// Maxima as variables, each with as few maxima among its candidates as can be.
///
/// The relaxation of one maximum of many is tighter than those of many maxima of two, so a candidate that is itself a
/// maximum gives way to that one's candidates: pooling and the rectifiers beside it become one maximum.
extension PiecewiseLinearForm {
  /// Most candidates of a maximum that comes from merging others, and most steps of merging.
  private static let candidateLimit = 32

  /// max(0, row).
  ///
  /// - Parameter known: What the row lies between, as far as others know.
  mutating func rectified(_ row: Row, within known: (Double, Double)? = nil) -> Row {
    let none = (-Double.infinity, Double.infinity)
    return maximum(of: [row, Self.constant(0, 0)], within: [known ?? none, none])
  }

  mutating func minimum(of rows: [Row]) -> Row {
    let none = Self.constant(0, 0)
    let least = maximum(of: rows.map { sum(-1, $0, 0, none) })
    return sum(-1, least, 0, none)
  }

  /// The greatest of one row or more, as a new variable if more than one can lead.
  ///
  /// - Parameter known: What each row lies between, as far as others know.
  mutating func maximum(of rows: [Row], within known: [(Double, Double)] = []) -> Row {
    var candidates = rows.enumerated().map { place, row in
      let range = range(of: row)
      guard place < known.count else {
        return Maximum.Candidate(row: row, lower: range.lower, upper: range.upper)
      }
      return Maximum.Candidate(
        row: row, lower: max(range.lower, known[place].0), upper: min(range.upper, known[place].1))
    }
    candidates = Self.leading(candidates)
    for _ in 0..<Self.candidateLimit {
      guard let merged = merged(candidates) else { break }
      candidates = merged
    }
    guard candidates.count > 1 else { return candidates[0].row }
    maxima.append(Maximum(candidates: candidates))
    size += candidates.reduce(0) { $0 + $1.row.terms.count }
    return Row(
      terms: [Term(variable: inputs + maxima.count - 1, factor: 1)], lower: 0, upper: 0)
  }

  /// The candidates that may be greater than the one that is surely the greatest.
  private static func leading(_ candidates: [Maximum.Candidate]) -> [Maximum.Candidate] {
    guard let best = candidates.indices.max(by: { candidates[$0].lower < candidates[$1].lower })
    else { return [] }
    return candidates.indices.filter { $0 == best || candidates[$0].upper > candidates[best].lower }
      .map { candidates[$0] }
  }

  /// Candidates of which one, f · max(x…) + rest with f > 0, has become f · x + rest for each x; nil where that leads
  /// to more maxima within them, or too many.
  private func merged(_ candidates: [Maximum.Candidate]) -> [Maximum.Candidate]? {
    for (place, candidate) in candidates.enumerated() {
      guard
        let last = candidate.row.terms.last(where: { $0.variable >= inputs && $0.factor > 0 })
      else { continue }
      let inner = maxima[last.variable - inputs]
      guard candidates.count - 1 + inner.candidates.count <= Self.candidateLimit,
        size + inner.candidates.count * candidate.row.terms.count <= Self.termLimit / 2
      else { continue }
      // A part can lose no more maxima of the rest than it has itself.
      let depth = depth(candidate.row)
      let least = inner.candidates.reduce(0) { $0 + max(0, depth - 1 - self.depth($1.row)) }
      guard least <= depth else { continue }
      var rest = candidate.row
      rest.terms.removeAll { $0.variable == last.variable }
      let around = range(of: rest)
      let parts = inner.candidates.map { part in
        let row = sum(last.factor, part.row, 1, rest)
        let range = range(of: row)
        let room =
          (abs(part.lower) + abs(part.upper)) * last.factor + abs(around.lower)
          + abs(around.upper)
        return Maximum.Candidate(
          row: row,
          lower: max(range.lower, last.factor * part.lower + around.lower - room * 0x1p-50),
          upper: min(range.upper, last.factor * part.upper + around.upper + room * 0x1p-50))
      }
      guard parts.reduce(0, { $0 + self.depth($1.row) }) <= depth else { continue }
      var result = candidates
      result.replaceSubrange(place...place, with: parts)
      return Self.leading(Self.joined(result))
    }
    return nil
  }

  /// Candidates of equal terms as one: the greater of their constants.
  private static func joined(_ candidates: [Maximum.Candidate]) -> [Maximum.Candidate] {
    var result: [Maximum.Candidate] = []
    for candidate in candidates {
      guard let place = result.firstIndex(where: { $0.row.terms == candidate.row.terms }) else {
        result.append(candidate)
        continue
      }
      result[place].row.lower = max(result[place].row.lower, candidate.row.lower)
      result[place].row.upper = max(result[place].row.upper, candidate.row.upper)
      result[place].lower = max(result[place].lower, candidate.lower)
      result[place].upper = max(result[place].upper, candidate.upper)
    }
    return result
  }

  /// Maxima that a row reads.
  private func depth(_ row: Row) -> Int {
    row.terms.count { $0.variable >= inputs && $0.factor != 0 }
  }

  /// Leaves out maxima that nothing reads.
  mutating func prune() {
    var isRead = [Bool](repeating: false, count: maxima.count)
    func read(_ row: Row) {
      for term in row.terms where term.variable >= inputs && term.factor != 0 {
        isRead[term.variable - inputs] = true
      }
    }
    rows.forEach(read)
    for index in maxima.indices.reversed() where isRead[index] {
      for candidate in maxima[index].candidates { read(candidate.row) }
    }
    var number = inputs
    let numbers = isRead.map { isRead in
      defer { number += isRead ? 1 : 0 }
      return number
    }
    func renumbered(_ row: Row) -> Row {
      var row = row
      row.terms = row.terms.filter { $0.factor != 0 }.map {
        Term(
          variable: $0.variable < inputs ? $0.variable : numbers[$0.variable - inputs],
          factor: $0.factor)
      }
      return row
    }
    maxima = maxima.indices.filter { isRead[$0] }.map { index in
      Maximum(
        candidates: maxima[index].candidates.map {
          Maximum.Candidate(row: renumbered($0.row), lower: $0.lower, upper: $0.upper)
        })
    }
    rows = rows.map(renumbered)
  }
}
