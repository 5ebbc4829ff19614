import EngineSupport

/// The answer of `clasp` read from its JSON output, believed only as far as exit status and text agree.
struct ClaspAnswer {
  enum End: Sendable {
    /// The search space was searched to its end; with an objective, the model is optimal.
    case exhausted
    /// As many models as asked for were found; there may be more.
    case enoughModels
    /// The solver reached a limit.
    case stopped
  }

  let end: End
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
    // Bits of the exit status: 1 interrupted, 10 a model was found, 20 searched to the end.
    let agreed: (end: End, hasModels: Bool)? =
      switch (output.status, result) {
      case (30, "OPTIMUM FOUND") where isOptimization: (.exhausted, true)
      case (30, "SATISFIABLE") where !isOptimization: (.exhausted, true)
      case (20, "UNSATISFIABLE"): (.exhausted, false)
      case (10, "SATISFIABLE") where !isOptimization: (.enoughModels, true)
      case (10, "SATISFIABLE"), (11, "SATISFIABLE"): (.stopped, true)
      case (0, "UNKNOWN"), (1, "UNKNOWN"): (.stopped, false)
      default: nil
      }
    guard let agreed else {
      throw SolverFailure("the solver ended with status \(output.status) and said \(result)")
    }
    end = agreed.end
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
