public import EngineSupport

/// Reading VNN-LIB 1.0.
///
/// Source: Demarchi et al., "Supporting standardization of neural networks verification with VNN-LIB and CoCoNet",
/// FoMLAS 2023; the subset of SMT-LIB 2 that VNN-COMP uses.
extension SafetyProperty {
  /// Reads a file: constants X_i and Y_j of sort Real, and assertions of `and`, `or`, `<=`, `>=`, `+`, `-`, `*` over
  /// them that describe the violation together.
  ///
  /// Comparisons of one input with a constant become the box; a missing bound is infinite.
  /// Errors: `vnnlib.malformed`, `vnnlib.unsupported`, `vnnlib.undeclared`, `vnnlib.duplicate`,
  /// `vnnlib.not-linear`, `vnnlib.number`, `vnnlib.too-deep`, `vnnlib.too-large`, `input.not-utf8`.
  public init(reading document: InputDocument) throws(Diagnostic) {
    var reader = try SymbolicReader(document)
    var declarations = Declarations()
    var cases = CaseList.everything
    while let expression = try reader.next() {
      guard case .list(let parts, let location) = expression, let head = parts.first?.symbol else {
        throw Diagnostic(
          "vnnlib.malformed", "a statement is a list that starts with a word",
          at: expression.location)
      }
      switch head {
      case "declare-const": try declarations.add(parts, at: location)
      case "assert":
        guard parts.count == 2 else {
          throw Diagnostic("vnnlib.malformed", "assert takes one formula", at: location)
        }
        try cases.formConjunction(
          with: try Formula(reading: parts[1], declarations).cases(), at: location)
      case "set-logic", "set-info", "set-option", "check-sat", "get-model", "exit": break
      case "vnnlib-version", "declare-network":
        throw Diagnostic(
          "vnnlib.unsupported", "the file is VNN-LIB 2.0; version 1.0 is read", at: location)
      default:
        throw Diagnostic("vnnlib.unsupported", "the statement \"\(head.prefix(40))\"", at: location)
      }
    }
    try declarations.check(at: SourceLocation(document: document.name))
    self.init(
      inputCount: declarations.inputs, outputCount: declarations.outputs,
      cases: try cases.all.map { (parts) throws(Diagnostic) in
        Self.makeCase(parts, inputs: declarations.inputs)
      })
  }

  private static func makeCase(_ comparisons: [Comparison], inputs: Int) -> Case {
    var result = Case(
      least: Array(repeating: Bound(below: -.infinity, above: -.infinity), count: inputs),
      most: Array(repeating: Bound(below: .infinity, above: .infinity), count: inputs),
      constraints: [])
    for comparison in comparisons {
      guard let (input, bound, isUpper) = comparison.inputBound else {
        result.constraints.append(comparison.constraint)
        continue
      }
      if isUpper {
        if bound.above < result.most[input].above { result.most[input] = bound }
      } else if bound.below > result.least[input].below {
        result.least[input] = bound
      }
    }
    return result
  }
}

/// The variables that a file declares.
struct Declarations {
  enum Variable: Hashable {
    case input(Int)
    case output(Int)
  }

  private var seenInputs: Set<Int> = []
  private var seenOutputs: Set<Int> = []

  var inputs: Int { seenInputs.count }
  var outputs: Int { seenOutputs.count }

  mutating func add(
    _ parts: [SymbolicExpression], at location: SourceLocation
  ) throws(Diagnostic) {
    guard parts.count == 3, let name = parts[1].symbol, let sort = parts[2].symbol else {
      throw Diagnostic("vnnlib.malformed", "declare-const takes a name and a sort", at: location)
    }
    guard sort == "Real" else {
      throw Diagnostic(
        "vnnlib.unsupported", "constants of sort \(sort.prefix(40)), not Real",
        at: parts[2].location)
    }
    guard let variable = Self.variable(name) else {
      throw Diagnostic(
        "vnnlib.unsupported", "the name \"\(name.prefix(40))\" is neither X_i nor Y_j",
        at: parts[1].location)
    }
    let isNew =
      switch variable {
      case .input(let index): seenInputs.insert(index).inserted
      case .output(let index): seenOutputs.insert(index).inserted
      }
    guard isNew else {
      throw Diagnostic("vnnlib.duplicate", "\(name) is declared twice", at: parts[1].location)
    }
  }

  /// X_i or Y_j with an index that a file may have.
  static func variable(_ name: Substring) -> Variable? {
    let digits = name.dropFirst(2)
    guard name.hasPrefix("X_") || name.hasPrefix("Y_"), !digits.isEmpty,
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let index = Int(digits), index < PropertyLimits.variables
    else { return nil }
    return name.hasPrefix("X") ? .input(index) : .output(index)
  }

  func knows(_ variable: Variable) -> Bool {
    switch variable {
    case .input(let index): seenInputs.contains(index)
    case .output(let index): seenOutputs.contains(index)
    }
  }

  /// Indices count from 0 without gaps.
  func check(at location: SourceLocation) throws(Diagnostic) {
    for (name, indices) in [("X", seenInputs), ("Y", seenOutputs)] {
      guard !indices.isEmpty else {
        throw Diagnostic("vnnlib.malformed", "no constant \(name)_0 is declared", at: location)
      }
      if let gap = (0..<indices.count).first(where: { !indices.contains($0) }) {
        throw Diagnostic("vnnlib.malformed", "\(name)_\(gap) is not declared", at: location)
      }
    }
  }
}
