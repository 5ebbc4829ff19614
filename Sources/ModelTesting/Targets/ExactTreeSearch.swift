import AdversarialTesting
import EngineSupport
import NeuralRuntime
import TensorCore

/// The white-box attack on trees: the nearest reading that another leaf answers, by branch and bound.
///
/// It is no entry of the list of attacks, because it searches the model's trees and not an oracle. Within the
/// work allowed it is exact, so what it does not find is certified not to be there.
/// Source: Kantchelian et al., ICML 2016; Chen et al., NeurIPS 2019.
struct ExactTreeSearch: AdversarialAttack {
  static let name = "exact-tree-search"
  static let needs = TargetAccess.decisions
  static var norms: [PerturbationNorm] { [.linf, .l2, .l1] }
  static var minimisesDistance: Bool { true }

  var effort: TreeVerifier.Effort
  /// Given at run time, as a surrogate is; not part of the stored plan.
  var verifier: TreeVerifier?
  /// The answer must move by this much in a regression.
  var tolerance: Double?

  init() { self.init(effort: TreeVerifier.Effort(), verifier: nil, tolerance: nil) }

  init(effort: TreeVerifier.Effort, verifier: TreeVerifier?, tolerance: Double?) {
    self.effort = effort
    self.verifier = verifier
    self.tolerance = tolerance
  }

  var isUsable: Bool { effort.pairs > 0 && effort.width > 0 }

  var parameters: [AttackParameter] {
    [
      AttackParameter("pairs of leaves", String(effort.pairs)),
      AttackParameter("leaves kept in a merged tree", String(effort.width)),
    ]
  }

  func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    guard let verifier else {
      throw Diagnostic("test.attack.trees", "this search needs a model of trees")
    }
    let width = batch.set.limits.count
    return batch.samples.indices.map { row in
      let sample = Array(batch.originals.elements[row * width..<(row + 1) * width])
      // A flip at the budget itself counts, so the search looks a little farther.
      let bracket = bracket(of: sample, by: verifier, upTo: batch.set.budget * (1 + 1e-9))
      // The trees know nothing of laws that tie features together: what breaks one is no reading.
      guard let example = bracket.example,
        batch.set.contains(original: sample, candidate: example)
      else { return AttackFinding() }
      return AttackFinding(candidate: example)
    }
  }

  func bracket(
    of sample: [Float], by verifier: TreeVerifier, upTo limit: Double = .infinity
  ) -> TreeVerifier.Bracket {
    tolerance.map { verifier.radius(at: sample, tolerance: $0, upTo: limit, effort: effort) }
      ?? verifier.radius(at: sample, upTo: limit, effort: effort)
  }

  static func == (left: ExactTreeSearch, right: ExactTreeSearch) -> Bool {
    left.effort == right.effort && left.tolerance == right.tolerance
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(effort)
    hasher.combine(tolerance)
  }

  private enum CodingKeys: String, CodingKey { case effort, tolerance }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      effort: try container.decode(TreeVerifier.Effort.self, forKey: .effort), verifier: nil,
      tolerance: try container.decodeIfPresent(Double.self, forKey: .tolerance))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(effort, forKey: .effort)
    try container.encodeIfPresent(tolerance, forKey: .tolerance)
  }
}
