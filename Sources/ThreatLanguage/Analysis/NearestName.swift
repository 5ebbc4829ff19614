/// The name somebody probably meant: for hints.
package enum NearestName {
  /// “did you mean `x`?” for the candidate nearest to `name`, when one is near; ties go to the first by text.
  package static func hint(for name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.utf8.prefix(64))
    let limit = max(1, wanted.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates.prefix(2_000) {
      let letters = Array(candidate.utf8.prefix(64))
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = editDistance(wanted, letters)
      guard distance <= limit else { continue }
      if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best.map { "did you mean `\($0.name)`?" }
  }

  /// Levenshtein distance; letters that differ only in case cost nothing.
  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    func folded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let substitution = diagonal + (folded(a) == folded(b) ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
