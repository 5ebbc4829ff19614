import AdversarialTesting
import EngineSupport
import NeuralRuntime
import TensorCore

/// Certified radii against one attacker: one part is one sample.
struct CertificateSurvey: Sendable {
  /// How many times the largest budget trees are looked into.
  private static let reach = 2.0

  let front: TestPlan.Front
  /// Places among the run's rows, in the order of the draw.
  let places: [Int]
  private let run: ModelTestRun
  private let attacker: AttackerRun
  private let method: Method

  private enum Method: Sendable {
    case trees(TreeQuestion)
    case network(RadiusCertification)
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
    self.attacker = attacker
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
    case .network(let network):
      guard attacker.set.norm == .linf else {
        return .none(
          reason:
            "No radius was certified: boxes are for L-infinity, not \(attacker.set.norm.rawValue).")
      }
      do {
        return .network(
          try RadiusCertification(
            network, goal: run.plan.task.goal, effort: run.profile.certification))
      } catch {
        return .none(reason: "No radius was certified: \(error.message).")
      }
    }
  }

  var notRun: [String] {
    if case .none(let reason) = method { [reason] } else { [] }
  }

  func radius(at place: Int) throws -> CertifiedRow {
    let width = run.geometry.channelOfElement.count
    let sample = Array(run.inputs.elements[place * width..<(place + 1) * width])
    let budgets = attacker.attacker.budgets
    switch method {
    case .trees(let question):
      let bracket = question.search.bracket(
        of: sample, by: question.verifier, upTo: Self.reach * (budgets.last ?? 0))
      return CertifiedRow(index: run.rows[place], radius: CertifiedRadius(bracket))
    case .network(let certification):
      return CertifiedRow(
        index: run.rows[place],
        radius: try certification.radius(
          of: sample, label: run.labels[place], within: attacker.set, ladder: budgets))
    case .none: preconditionFailure("without a method there are no places")
    }
  }
}

/// A certified radius with its row in the evaluation data.
struct CertifiedRow: StoredPart {
  var index: Int
  var radius: CertifiedRadius

  init(index: Int, radius: CertifiedRadius) {
    self.index = index
    self.radius = radius
    // Examples come from the attacks, which replay them.
    self.radius.refutation = nil
  }

  var json: JSONValue {
    .object([
      ("index", .integer(index)), ("value", .string(DecimalText.exact(radius.value))),
      ("method", radius.method.map { .string($0.rawValue) }), ("work", .integer(radius.work)),
    ])
  }

  init?(json: JSONValue) {
    guard let index = json["index"]?.integer,
      let value = json["value"]?.string.flatMap(Double.init), let work = json["work"]?.integer
    else { return nil }
    let method = json["method"]?.string.flatMap(CertificationMethod.init(rawValue:))
    guard (method == nil) == (json["method"] == nil) else { return nil }
    self.init(index: index, radius: CertifiedRadius(value: value, method: method, work: work))
  }
}
