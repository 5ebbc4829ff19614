import AdversarialTesting
import EngineSupport
import TensorCore

/// Certified radii against one attacker: one part is one sample.
struct CertificateSurvey: Sendable {
  let front: TestPlan.Front
  /// Places among the run's rows, in the order of the draw.
  let places: [Int]
  /// How many times the largest budget is looked into.
  private static let reach = 2.0
  private let run: ModelTestRun
  private let method: Method

  private enum Method: Sendable {
    case trees(TreeQuestion)
    case none(reason: String)
  }

  /// `nil` where the plan certifies nothing.
  ///
  /// - Throws: what the tree verifier says of the attacker's set.
  init?(_ run: ModelTestRun) throws {
    guard let plan = run.plan.certificates,
      let attacker = run.attackers.first(where: { $0.attacker.front == plan.front })
    else { return nil }
    front = plan.front
    self.run = run
    method = try Self.method(for: run, attacker)
    if case .none = method {
      places = []
    } else {
      places = Array(run.drawn.prefix(min(plan.samples, run.profile.certificateLimit)))
    }
  }

  private static func method(for run: ModelTestRun, _ attacker: AttackerRun) throws -> Method {
    switch run.model.kind {
    case .trees(let model):
      return .trees(try TreeQuestion(model, set: attacker.set, task: run.plan.task))
    case .network:
      return .none(reason: "No radius was certified: the model is no ensemble of trees.")
    }
  }

  var notRun: [String] {
    if case .none(let reason) = method { [reason] } else { [] }
  }

  func bracket(at place: Int) throws -> SampleBracket {
    let width = run.geometry.channelOfElement.count
    let sample = Array(run.inputs.elements[place * width..<(place + 1) * width])
    let row = run.rows[place]
    guard try isRight(sample, label: run.labels[place]) else {
      return SampleBracket(
        index: row, certified: 0, includesEdge: false, method: "wrong when clean", found: 0,
        isExact: true)
    }
    switch method {
    case .trees(let question):
      let farthest = run.plan.attackers.first { $0.front == front }?.budgets.last ?? 0
      let bracket = question.search.bracket(
        of: sample, by: question.verifier, upTo: Self.reach * farthest)
      return SampleBracket(
        index: row, certified: bracket.certified, includesEdge: false,
        method: bracket.isExact ? "exact search of the trees" : "search of the trees, cut short",
        found: nil, isExact: bracket.isExact && question.set.rules.isEmpty)
    case .none: preconditionFailure("without a method there are no places")
    }
  }

  private func isRight(_ sample: [Float], label: Int) throws -> Bool {
    guard run.plan.task.isAboutClasses else { return true }
    let scores = try run.model.target.scores(
      of: Tensor(shape: [1] + run.geometry.shape, elements: sample)
    ).elements
    return scores.indices.max { scores[$0] < scores[$1] || scores[$0] == scores[$1] && $0 > $1 }
      == label
  }
}
