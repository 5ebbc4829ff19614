/// Runs an answer-set solver; the executable starts the program `clasp` for it.
public protocol AnswerSetSolver: Sendable {
  /// What `clasp` answers to a ground program in its input format `aspif`, given on standard input.
  ///
  /// - Parameter arguments: options of `clasp` 3.3.
  /// - Returns: the exit status and all bytes of standard output.
  /// - Throws: when the solver cannot be started or was killed.
  func solve(_ program: String, arguments: [String]) throws -> AnswerSetOutput
}

/// What a run of an answer-set solver left behind.
public struct AnswerSetOutput: Sendable {
  public var status: Int32
  public var bytes: [UInt8]

  public init(status: Int32, bytes: [UInt8]) {
    self.status = status
    self.bytes = bytes
  }
}

/// What the solver answered is not an answer to what it was asked.
public struct SolverFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public var description: String

  init(_ description: String) { self.description = description }
}
