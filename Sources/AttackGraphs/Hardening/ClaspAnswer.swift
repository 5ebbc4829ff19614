import EngineSupport

/// The answer of `clasp` read from its JSON output, believed only as far as exit status and text agree.
struct ClaspAnswer {
  /// There are no models but these; with an objective: no others as good.
  let isExhausted: Bool
  /// With an objective: no model is better than these.
  let isOptimal: Bool
  /// Positions of the controls in place, ascending, in the order of the models.
  let models: [[Int]]

  /// - Parameters:
  ///   - controls: how many controls there are; other positions are refused.
  ///   - isOptimization: whether the program has an objective.
  init(
    _ output: AnswerSetOutput, controls: Int, isOptimization: Bool
  ) throws(SolverFailure) {
    let json: JSONValue
    do {
      json = try JSONParser.parse(
        InputDocument(name: "answer of the solver", bytes: output.bytes))
    } catch {
      throw SolverFailure(
        "the solver ended with status \(output.status) and without an answer (\(error.message))")
    }
    guard let result = json["Result"]?.string else {
      throw SolverFailure("the solver's answer has no result")
    }
    // The exit status: 1 interrupted, plus 10 if a model was found, plus 20 if searched to the end.
    let agreed: (isExhausted: Bool, isOptimal: Bool, hasModels: Bool)? =
      switch (output.status, result) {
      case (30, "OPTIMUM FOUND") where isOptimization: (true, true, true)
      case (10, "OPTIMUM FOUND") where isOptimization: (false, true, true)
      case (11, "OPTIMUM FOUND") where isOptimization: (false, true, true)
      case (30, "SATISFIABLE") where !isOptimization: (true, false, true)
      case (20, "UNSATISFIABLE"): (true, false, false)
      case (10, "SATISFIABLE"), (11, "SATISFIABLE"): (false, false, true)
      case (0, "UNKNOWN"), (1, "UNKNOWN"): (false, false, false)
      default: nil
      }
    guard let agreed else {
      throw SolverFailure("the solver ended with status \(output.status) and said \(result)")
    }
    isExhausted = agreed.isExhausted
    isOptimal = agreed.isOptimal
    var models: [[Int]] = []
    for witness in json["Call"]?.elements?.last?["Witnesses"]?.elements ?? [] {
      models.append(try Self.model(witness, controls: controls))
    }
    self.models = models
    guard models.isEmpty != agreed.hasModels else {
      throw SolverFailure("the solver said \(result) but gave \(models.count) models")
    }
  }

  private static func model(
    _ witness: JSONValue, controls: Int
  ) throws(SolverFailure) -> [Int] {
    guard let names = witness["Value"]?.elements else {
      throw SolverFailure("a model of the solver has no atoms")
    }
    var positions: Set<Int> = []
    for name in names {
      guard let text = name.string, let position = Int(text), (0..<controls).contains(position),
        positions.insert(position).inserted
      else { throw SolverFailure("a model of the solver has an atom that it was not given") }
    }
    return positions.sorted()
  }
}
