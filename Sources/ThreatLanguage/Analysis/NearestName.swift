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

  /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each; letters that
  /// differ only in case cost nothing.
  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    let left = left.map(folded)
    let right = right.map(folded)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte | 0x20 : byte
  }
}
