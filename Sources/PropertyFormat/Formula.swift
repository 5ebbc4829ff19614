import EngineSupport

/// An assertion: comparisons joined by `and` and `or`.
indirect enum Formula {
  case comparison(Comparison)
  case all([Formula])
  case any([Formula], SourceLocation)

  init(reading expression: SymbolicExpression, _ declarations: Declarations) throws(Diagnostic) {
    guard case .list(let parts, let location) = expression, let head = parts.first?.symbol else {
      throw Diagnostic(
        "vnnlib.malformed", "a formula is a list that starts with a word", at: expression.location)
    }
    let rest = parts.dropFirst()
    switch head {
    case "and", "or":
      guard !rest.isEmpty else {
        throw Diagnostic("vnnlib.malformed", "\(head) joins at least one formula", at: location)
      }
      var formulas: [Formula] = []
      for part in rest { formulas.append(try Formula(reading: part, declarations)) }
      self = head == "and" ? .all(formulas) : .any(formulas, location)
    case "<=", ">=":
      guard rest.count == 2 else {
        throw Diagnostic("vnnlib.malformed", "\(head) compares two terms", at: location)
      }
      let left = try LinearTerm(reading: parts[1], declarations)
      let right = try LinearTerm(reading: parts[2], declarations)
      self = .comparison(
        head == "<="
          ? Comparison(left, atMost: right, at: location)
          : Comparison(right, atMost: left, at: location))
    default:
      throw Diagnostic("vnnlib.unsupported", "the operator \"\(head.prefix(40))\"", at: location)
    }
  }

  /// The formula as a union of conjunctions.
  func cases() throws(Diagnostic) -> CaseList {
    switch self {
    case .comparison(let comparison): return CaseList(all: [[comparison]])
    case .all(let formulas):
      var result = CaseList.everything
      for formula in formulas {
        try result.formConjunction(with: try formula.cases(), at: formula.location)
      }
      return result
    case .any(let formulas, let location):
      var result = CaseList(all: [])
      for formula in formulas {
        result.all.append(contentsOf: try formula.cases().all)
        try result.check(at: location)
      }
      return result
    }
  }

  private var location: SourceLocation {
    switch self {
    case .comparison(let comparison): comparison.location
    case .all(let formulas): formulas.first?.location ?? SourceLocation(document: "")
    case .any(_, let location): location
    }
  }
}

/// A union of conjunctions of comparisons.
struct CaseList {
  var all: [[Comparison]]

  /// Holds always.
  static let everything = CaseList(all: [[]])

  /// Errors: `vnnlib.too-large` before the product of the cases is made.
  mutating func formConjunction(
    with other: CaseList, at location: SourceLocation
  ) throws(Diagnostic) {
    let ours = all.reduce(0) { $0 + $1.count }
    let theirs = other.all.reduce(0) { $0 + $1.count }
    guard all.count * other.all.count <= PropertyLimits.cases,
      ours * other.all.count + theirs * all.count <= PropertyLimits.comparisons
    else { throw Self.tooLarge(at: location) }
    if all.count == 1, other.all.count == 1 {
      // The usual file: one assertion after the other, without copying what came before.
      all[0].append(contentsOf: other.all[0])
      return
    }
    all = all.flatMap { left in other.all.map { left + $0 } }
  }

  func check(at location: SourceLocation) throws(Diagnostic) {
    guard all.count <= PropertyLimits.cases else { throw Self.tooLarge(at: location) }
  }

  private static func tooLarge(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      "vnnlib.too-large",
      "the disjunctions multiply to more than \(PropertyLimits.cases) cases or "
        + "\(PropertyLimits.comparisons) comparisons", at: location)
  }
}
