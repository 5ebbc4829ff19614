import ThreatLanguage

/// One part of a step expression with its names looked up; other parts are meant by their place in a
/// `WalkProgram`.
enum Walk {
  /// Stays where it is: the walk of a lead to a step of the same asset.
  case stay
  case field(Int32)
  /// A variable by its name's number; which one is meant depends on the type the walk has come to.
  case variable(Int32)
  case collect(Int32, Int32)
  case union(Int32, Int32)
  case intersection(Int32, Int32)
  case difference(Int32, Int32)
  case transitive(Int32)
  case subType(Int32, Int32)
  /// A name that the language does not have; leads nowhere.
  case nowhere
}

/// All walks of a language in one flat list, equal expressions once.
struct WalkProgram {
  private(set) var walks: [Walk] = []
  /// For each walk: it is empty from a single asset that has none of these fields…
  private(set) var firstFields: [UInt64] = []
  /// …unless it can be non-empty without any.
  private(set) var needsNoField: [Bool] = []

  /// For each variable (by number), its walk in each type, −1 where the type has none.
  private(set) var variables: [[Int32]] = []

  private let index: LanguageIndex
  private let fields: [String: Int32]
  private var variableIDs: [String: Int32] = [:]
  private var known: [StepExpression: Int32] = [:]

  init(_ language: CompiledLanguage, index: LanguageIndex, fields: [String: Int32]) {
    self.index = index
    self.fields = fields
    for (type, asset) in language.assetTypes.enumerated() {
      for (name, expression) in asset.variables.sorted(by: { $0.key < $1.key }) {
        let id = Int(variableID(name))
        while variables.count <= id {
          variables.append(Array(repeating: -1, count: language.assetTypes.count))
        }
        variables[id][type] = walk(expression)
      }
    }
    while variables.count < variableIDs.count {
      variables.append(Array(repeating: -1, count: language.assetTypes.count))
    }
  }

  /// The place of the walk to the assets that `expression` ends at; a step at its end is left off.
  mutating func walk(_ expression: StepExpression) -> Int32 {
    if let place = known[expression] { return place }
    let place: Int32
    switch expression {
    case .step: place = add(.stay, 0, needsNoField: true)
    case .field(let name):
      if let field = fields[name] {
        place = add(.field(field), FieldIndex.mask(of: field), needsNoField: false)
      } else {
        place = add(.nowhere, 0, needsNoField: false)
      }
    case .variable(let name): place = add(.variable(variableID(name)), 0, needsNoField: true)
    case .collect(let left, .step): place = walk(left)
    case .collect(let left, let right): place = addPair(left, right, Walk.collect)
    case .union(let left, let right): place = addPair(left, right, Walk.union)
    case .intersection(let left, let right): place = addPair(left, right, Walk.intersection)
    case .difference(let left, let right): place = addPair(left, right, Walk.difference)
    case .transitive(let inner):
      place = add(.transitive(walk(inner)), 0, needsNoField: true)
    case .subType(let inner, let name):
      let inner = walk(inner)
      place =
        index.types[name].map {
          add(
            .subType(inner, Int32($0)), firstFields[Int(inner)],
            needsNoField: needsNoField[Int(inner)])
        } ?? add(.nowhere, 0, needsNoField: false)
    }
    known[expression] = place
    return place
  }

  private mutating func addPair(
    _ left: StepExpression, _ right: StepExpression, _ make: (Int32, Int32) -> Walk
  ) -> Int32 {
    let (left, right) = (walk(left), walk(right))
    let pair = make(left, right)
    // Both sides of a union start here; of the others the left side must lead somewhere.
    if case .union = pair {
      return add(
        pair, firstFields[Int(left)] | firstFields[Int(right)],
        needsNoField: needsNoField[Int(left)] || needsNoField[Int(right)])
    }
    return add(pair, firstFields[Int(left)], needsNoField: needsNoField[Int(left)])
  }

  private mutating func add(_ walk: Walk, _ fields: UInt64, needsNoField: Bool) -> Int32 {
    walks.append(walk)
    firstFields.append(fields)
    self.needsNoField.append(needsNoField)
    return Int32(walks.count - 1)
  }

  private mutating func variableID(_ name: String) -> Int32 {
    if let known = variableIDs[name] { return known }
    let next = Int32(variableIDs.count)
    variableIDs[name] = next
    return next
  }
}
