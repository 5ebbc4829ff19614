import ThreatLanguage

/// A step expression with its names looked up: what is evaluated for every asset of a type.
indirect enum Walk {
  /// Stays where it is: the walk of a lead to a step of the same asset.
  case stay
  case field(Int32)
  /// A variable by its name's number; which one is meant depends on the type the walk has come to.
  case variable(Int)
  case collect(Walk, Walk)
  case union(Walk, Walk)
  case intersection(Walk, Walk)
  case difference(Walk, Walk)
  case transitive(Walk)
  case subType(Walk, Int)
  /// A name that the language does not have; leads nowhere.
  case nowhere
}

/// Looks names up and gives equal expressions one number, so that each walk is done once for an asset.
struct WalkPlanner {
  let index: LanguageIndex
  let fields: [String: Int32]
  private(set) var variableIDs: [String: Int] = [:]

  init(index: LanguageIndex, fields: [String: Int32]) {
    self.index = index
    self.fields = fields
  }

  /// The walk to the assets that `expression` ends at; a step at its end is left off.
  mutating func walk(_ expression: StepExpression) -> Walk {
    switch expression {
    case .step: .stay
    case .field(let name): fields[name].map { .field($0) } ?? .nowhere
    case .variable(let name): .variable(variableID(name))
    case .collect(let left, .step): walk(left)
    case .collect(let left, let right): .collect(walk(left), walk(right))
    case .union(let left, let right): .union(walk(left), walk(right))
    case .intersection(let left, let right): .intersection(walk(left), walk(right))
    case .difference(let left, let right): .difference(walk(left), walk(right))
    case .transitive(let inner): .transitive(walk(inner))
    case .subType(let inner, let name):
      index.types[name].map { .subType(walk(inner), $0) } ?? .nowhere
    }
  }

  mutating func variableID(_ name: String) -> Int {
    if let known = variableIDs[name] { return known }
    let next = variableIDs.count
    variableIDs[name] = next
    return next
  }
}
