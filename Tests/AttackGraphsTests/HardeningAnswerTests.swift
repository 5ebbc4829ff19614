import AttackGraphs
import EngineSupport
import Synchronization
import Testing

/// What the solver is given, and what becomes of answers that are wrong.
@Suite struct HardeningAnswerTests {
  /// Answers what it was told to, call after call, and keeps what it was given.
  final class Parrot: AnswerSetSolver {
    private let answers: [AnswerSetOutput]
    private let calls = Mutex<[(program: String, arguments: [String])]>([])

    init(_ answers: [(Int32, String)]) {
      self.answers = answers.map { AnswerSetOutput(status: $0.0, bytes: Array($0.1.utf8)) }
    }

    var asked: [(program: String, arguments: [String])] { calls.withLock { $0 } }

    func solve(_ program: String, arguments: [String]) throws -> AnswerSetOutput {
      let number = calls.withLock {
        $0.append((program, arguments))
        return $0.count
      }
      return answers[min(number, answers.count) - 1]
    }
  }

  static func answer(_ result: String, _ models: [[String]]) -> String {
    let witnesses = models.map { model in
      "{\"Value\": [" + model.map { "\"\($0)\"" }.joined(separator: ", ") + "]}"
    }
    return "{\"Call\": [{\"Witnesses\": [\(witnesses.joined(separator: ", "))]}], "
      + "\"Result\": \"\(result)\"}"
  }

  /// Two defences (0, 1) stand before steps 2 and 3; step 4 needs either, and 5 and 6 form a cycle over it.
  /// Node 7 is a defence that bears on nothing.
  static func problem() throws -> HardeningProblem {
    let parents: [[Int32]] = [[], [], [0], [1], [2, 3, 6], [4], [5], []]
    let graph = AndOrGraph(
      kinds: [.given, .given, .or, .and, .or, .and, .or, .given],
      costs: [Double](repeating: 0, count: 8), entryFronts: [Fronts](repeating: [], count: 8)
    ) { parents[$0] }
    return try HardeningProblem(
      graph: graph,
      controls: [.init(node: 7, cost: 1), .init(node: 1, cost: 2), .init(node: 0, cost: 3)],
      goals: [.init(node: 4, fronts: []), .init(node: 6, fronts: [], weight: 4)])
  }

  @Test func theProgramIsTheCore() throws {
    let problem = try Self.problem()
    #expect(problem.usefulControls == [1, 2] && problem.coreSize == (3, 2))
    let parrot = Parrot([(30, Self.answer("OPTIMUM FOUND", [["0", "1"]]))])
    guard case .found(let found) = try problem.cheapest(using: parrot) else {
      Issue.record("both goals can be cut")
      return
    }
    #expect(found.set.controls == [1, 2] && found.set.cost == 5)
    #expect(found.isProven && found.isFirst && found.isConfirmed)
    #expect(
      parrot.asked.first?.program == """
        asp 1 0 0
        1 1 1 1 0 0
        1 1 1 2 0 0
        1 0 1 3 0 1 4
        1 0 1 3 0 1 5
        1 0 1 4 0 1 -2
        1 0 1 5 0 1 -1
        1 0 0 0 1 3
        2 0 2 1 2 2 3
        4 1 0 1 1
        4 1 1 1 2
        0

        """)
    #expect(
      parrot.asked.first?.arguments == [
        "--outf=2", "--seed=1", "--models=64", "--quiet=1", "--opt-mode=optN",
        "--opt-strategy=usc", "--solve-limit=200000",
      ])
  }

  static let wrongAnswers: [(Int32, String)] = [
    (30, ""), (30, "{"), (30, "no JSON"), (30, "[]"), (30, "{\"Result\": 7}"),
    (30, "{\"Call\": [], \"Result\": \"OPTIMUM FOUND\"}"),
    (9, answer("OPTIMUM FOUND", [["0", "1"]])),
    (20, answer("OPTIMUM FOUND", [["0", "1"]])),
    (20, answer("UNSATISFIABLE", [["0", "1"]])),
    (20, answer("UNSATISFIABLE", [])),
    (30, answer("SATISFIABLE", [["0", "1"]])),
    (33, answer("UNKNOWN", [])),
    (30, answer("OPTIMUM FOUND", [["0"]])),
    (30, answer("OPTIMUM FOUND", [["0", "2"]])),
    (30, answer("OPTIMUM FOUND", [["0", "-1"]])),
    (30, answer("OPTIMUM FOUND", [["0", "x"]])),
    (30, answer("OPTIMUM FOUND", [["0", "0"]])),
    (30, answer("OPTIMUM FOUND", [["0", "1"], ["0", "1"]])),
    (30, "{\"Call\": [{\"Witnesses\": [{\"Costs\": [5]}]}], \"Result\": \"OPTIMUM FOUND\"}"),
  ]

  @Test(arguments: wrongAnswers)
  func wrongAnswersAreRefused(status: Int32, text: String) throws {
    let problem = try Self.problem()
    #expect(throws: SolverFailure.self) {
      try problem.cheapest(using: Parrot([(status, text)]))
    }
    #expect(throws: SolverFailure.self) {
      try problem.minimalSets(limit: 5, using: Parrot([(status, text)]))
    }
    #expect(throws: SolverFailure.self) {
      try problem.front(limit: 5, using: Parrot([(status, text)]))
    }
  }

  /// Every beginning of a right answer is an error.
  @Test func truncatedAnswersAreRefused() throws {
    let problem = try Self.problem()
    let text = Self.answer("OPTIMUM FOUND", [["0", "1"]])
    for length in 0..<text.utf8.count {
      #expect(throws: SolverFailure.self, "\(length)") {
        try problem.cheapest(using: Parrot([(30, String(text.prefix(length)))]))
      }
    }
  }

  /// One defence of two is enough here: claims that a dearer set is the best, or the only one, are found out.
  @Test func falseClaimsOfOptimalityAreRefused() throws {
    let graph = AndOrGraph(
      kinds: [.given, .given, .and], costs: [0, 0, 0], entryFronts: [[], [], []]
    ) { $0 == 2 ? [0, 1] : [] }
    let problem = try HardeningProblem(
      graph: graph, controls: [.init(node: 0, cost: 2), .init(node: 1, cost: 3)],
      goals: [.init(node: 2, fronts: [])])
    for models in [[["1"]], [["0", "1"]]] {
      #expect(throws: SolverFailure.self) {
        try problem.cheapest(using: Parrot([(30, Self.answer("OPTIMUM FOUND", models))]))
      }
    }
    let only = Parrot([
      (30, Self.answer("OPTIMUM FOUND", [["0"]])), (20, Self.answer("UNSATISFIABLE", [])),
    ])
    #expect(throws: SolverFailure.self) { try problem.minimalSets(limit: 5, using: only) }
    let both = Parrot([
      (30, Self.answer("OPTIMUM FOUND", [["0"]])), (30, Self.answer("OPTIMUM FOUND", [["1"]])),
      (20, Self.answer("UNSATISFIABLE", [])),
    ])
    let sets = try problem.minimalSets(limit: 5, using: both)
    #expect(sets.sets.map(\.controls) == [[0], [1]] && sets.isConfirmed)
    #expect(sets.completeness == .complete)
  }

  static let stoppedAnswers: [(Int32, String)] = [
    (0, answer("UNKNOWN", [])), (1, answer("UNKNOWN", [])),
    (11, answer("SATISFIABLE", [["0", "1"]])),
  ]

  /// A solver that was stopped gives a bound and a set of our own, and no claim.
  @Test(arguments: stoppedAnswers)
  func aStoppedSolverProvesNothing(status: Int32, text: String) throws {
    let problem = try Self.problem()
    let parrot = Parrot([(status, text)])
    guard case .found(let found) = try problem.cheapest(using: parrot) else {
      Issue.record("both goals can be cut")
      return
    }
    #expect(found.set.controls == [1, 2] && found.lowerBound == 5 && !found.isConfirmed)
    #expect(try problem.minimalSets(limit: 5, using: parrot).completeness == .stopped)
    #expect(try !problem.front(limit: 5, using: parrot).isComplete)
  }

  @Test func problemsThatMakeNoSenseAreRefused() throws {
    let graph = AndOrGraph(kinds: [.given, .or], costs: [0, 0], entryFronts: [[], []]) {
      $0 == 1 ? [0] : []
    }
    func code(_ controls: [(Int, Int)], _ goals: [(Int, Int)]) -> String? {
      do throws(Diagnostic) {
        _ = try HardeningProblem(
          graph: graph, controls: controls.map { .init(node: $0.0, cost: $0.1) },
          goals: goals.map { .init(node: $0.0, fronts: .both, weight: $0.1) })
        return nil
      } catch {
        return error.code.name
      }
    }
    #expect(code([(0, 1)], [(1, 1)]) == nil)
    #expect(code([(2, 1)], [(1, 1)]) == "hardening.node.unknown")
    #expect(code([(0, 1)], [(-1, 1)]) == "hardening.node.unknown")
    #expect(code([(0, 1), (0, 1)], [(1, 1)]) == "hardening.control.repeated")
    #expect(code([(0, 0)], [(1, 1)]) == "hardening.number.out-of-range")
    #expect(code([(0, .max), (1, .max)], [(1, 1)]) == "hardening.number.out-of-range")
    #expect(code([(0, 1)], [(1, 1 << 30), (1, 1 << 30)]) == "hardening.number.out-of-range")
  }
}
