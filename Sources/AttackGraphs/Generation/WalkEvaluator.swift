import ThreatLanguage

/// Follows walks through one model: from sets of assets to sets of assets, both sorted and without repetition.
///
/// As in mal-toolbox, the part under `*` is applied to a whole frontier at once, the right side of `.` to
/// one asset at a time; the two differ only for `/\` and `-` directly under a `*`.
struct WalkEvaluator {
  /// Walks inside walks, variables written out. Checked languages stay below it.
  private static let depthLimit = 400

  let fields: FieldIndex
  /// Position in the language of each asset's type.
  let types: [Int]
  let index: LanguageIndex
  /// For each type, its variables by number.
  let variables: [[Int: Walk]]
  /// Set when a walk was cut at the depth limit.
  private(set) var isCut = false
  private var depth = 0

  init(fields: FieldIndex, types: [Int], index: LanguageIndex, variables: [[Int: Walk]]) {
    self.fields = fields
    self.types = types
    self.index = index
    self.variables = variables
  }

  mutating func targets(of walk: Walk, from start: [Int32]) -> [Int32] {
    guard let first = start.first else { return [] }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      isCut = true
      return []
    }
    switch walk {
    case .stay: return start
    case .nowhere: return []
    case .field(let field):
      var found: [Int32] = []
      for asset in start { fields.appendTargets(of: asset, over: field, to: &found) }
      return start.count == 1 ? found : Self.sortedSet(found)
    case .variable(let name):
      guard let walk = variables[types[Int(first)]][name] else { return [] }
      return targets(of: walk, from: start)
    case .collect(let left, let right):
      let middle = targets(of: left, from: start)
      if middle.count == 1 { return targets(of: right, from: middle) }
      var found: [Int32] = []
      for asset in middle { found += targets(of: right, from: [asset]) }
      return Self.sortedSet(found)
    case .union(let left, let right):
      return Self.sortedSet(targets(of: left, from: start) + targets(of: right, from: start))
    case .intersection(let left, let right):
      let kept = targets(of: right, from: start)
      return Self.filter(targets(of: left, from: start), by: kept, isMember: true)
    case .difference(let left, let right):
      let removed = targets(of: right, from: start)
      return Self.filter(targets(of: left, from: start), by: removed, isMember: false)
    case .transitive(let inner): return closure(of: inner, from: start)
    case .subType(let inner, let type):
      return targets(of: inner, from: start).filter {
        index.isType(types[Int($0)], kindOf: type)
      }
    }
  }

  /// `inner` applied none, one or many times.
  private mutating func closure(of inner: Walk, from start: [Int32]) -> [Int32] {
    var reached = Set(start)
    var all = start
    var frontier = start
    while !frontier.isEmpty {
      frontier = targets(of: inner, from: frontier).filter { reached.insert($0).inserted }
      all += frontier
    }
    return all.sorted()
  }

  private static func sortedSet(_ values: [Int32]) -> [Int32] {
    guard values.count > 1 else { return values }
    let sorted = values.sorted()
    var unique: [Int32] = []
    unique.reserveCapacity(sorted.count)
    for value in sorted where value != unique.last { unique.append(value) }
    return unique
  }

  /// The members of `left` that are, or are not, in `right`; both sorted.
  private static func filter(_ left: [Int32], by right: [Int32], isMember: Bool) -> [Int32] {
    var position = 0
    return left.filter { value in
      while position < right.count, right[position] < value { position += 1 }
      return (position < right.count && right[position] == value) == isMember
    }
  }
}
