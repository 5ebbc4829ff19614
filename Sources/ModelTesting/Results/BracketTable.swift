public import EngineSupport
import TensorCore

/// For each certified sample what is proved and what was found: the distance to the nearest example lies between.
public struct BracketTable: Sendable, Hashable {
  public var front: TestPlan.Front
  /// What the distances count.
  public var unit: String
  /// In the order of the rows.
  public var brackets: [SampleBracket]
  /// One for each budget of the attacker, ascending.
  public var budgets: [BracketBudget]
}

/// One sample between certificate and attack.
public struct SampleBracket: Sendable, Hashable {
  /// The row in the evaluation data.
  public var index: Int
  /// No example is nearer than this.
  public var certified: Double
  /// Whether there is none at this very distance either.
  public var includesEdge: Bool
  /// How that was proved.
  public var method: String
  /// The nearest example that is known; `nil` where none was found.
  public var found: Double?
  public var isExact: Bool

  /// Whether it is proved that no change up to `budget` gives an example.
  public func isCertified(at budget: Double) -> Bool {
    includesEdge ? certified >= budget : certified > budget
  }

  public var json: JSONValue {
    .object([
      ("index", .integer(index)), ("certified", .string(DecimalText.exact(certified))),
      ("includesEdge", .bool(includesEdge)),
      ("method", .string(method)), ("found", found.map { .string(DecimalText.exact($0)) }),
      ("isExact", .bool(isExact)),
    ])
  }

  init?(json: JSONValue) {
    guard let index = json["index"]?.integer,
      let certified = json["certified"]?.string.flatMap(Double.init),
      let includesEdge = json["includesEdge"]?.bool,
      let method = json["method"]?.string, let isExact = json["isExact"]?.bool
    else { return nil }
    self.init(
      index: index, certified: certified, includesEdge: includesEdge, method: method,
      found: json["found"]?.string.flatMap(Double.init), isExact: isExact)
  }

  init(
    index: Int, certified: Double, includesEdge: Bool, method: String, found: Double?,
    isExact: Bool
  ) {
    self.index = index
    self.certified = certified
    self.includesEdge = includesEdge
    self.method = method
    self.found = found
    self.isExact = isExact
  }
}

/// Robust accuracy at one budget: certified from below, attacked from above.
public struct BracketBudget: Sendable, Hashable {
  public var budget: Double
  /// Samples with a bracket, those that are wrong when clean among them.
  public var samples: Int
  /// Samples without an example up to the budget, proved.
  public var certified: Int
  /// Samples without an example up to the budget, as far as the attacks could tell.
  public var unbroken: Int

  /// The lower end of the 95 % interval of the certified share, and the upper end of that of the unbroken share.
  public var claim: (lower: Double, upper: Double) {
    (
      ClopperPearson(successes: certified, trials: samples).lower,
      ClopperPearson(successes: unbroken, trials: samples).upper
    )
  }
}
