import AttackGraphs

/// Runs the answer-set solver `clasp`.
struct ClaspSolver: AnswerSetSolver {
  /// The solver stops itself after so long and says what it knows.
  private static let secondsAtMost = 120
  /// After so much longer it is ended from outside.
  private static let secondsOfGrace = 10

  func solve(_ program: String, arguments: [String]) throws -> AnswerSetOutput {
    let clasp = ExternalProgram(
      name: "clasp", arguments: ["--time-limit=\(Self.secondsAtMost)"] + arguments,
      secondsAtMost: Self.secondsAtMost + Self.secondsOfGrace)
    let answer = try clasp.answer(to: program)
    guard let status = answer.status else {
      throw WorldFailure(description: "clasp was ended before it answered")
    }
    guard !answer.isMissing else {
      throw WorldFailure(
        description: "clasp is not installed: hardening needs this answer-set solver")
    }
    return AnswerSetOutput(status: status, bytes: Array(answer.output))
  }
}
