import AdversarialTesting
import EngineSupport
import NeuralRuntime

/// A perturbation set as the tree verifier takes it: domains of features, and a distance in units of the budget.
struct TreeQuestion: Sendable {
  let search: ExactTreeSearch
  let verifier: TreeVerifier
  let set: PerturbationSet

  /// - Throws: `test.trees.set` for a norm, a law or a scaling that the verifier does not know.
  init(_ model: TreeModel, set: PerturbationSet, task: TestPlan.Task) throws(Diagnostic) {
    self.set = set
    let norm: FeatureDistance.Norm
    switch set.norm {
    case .linf: norm = .maximum
    case .l2: norm = .euclidean
    case .l1: norm = .sum
    case .l0:
      throw Diagnostic("test.trees.set", "exact radii of trees are for L-infinity, L2 and L1")
    }
    let limits = set.limits
    guard limits.scaling == .identity else {
      throw Diagnostic(
        "test.trees.set", "trees are searched in the tensor's own units: leave out `scaling`")
    }
    let domains = (0..<limits.count).map { index in
      FeatureDomain(
        range: Float(limits.low[index])...Float(limits.high[index]),
        step: limits.leastSignificantBit[index] > 0 ? limits.leastSignificantBit[index] : nil,
        isFixed: !limits.writable[index])
    }
    let scales = set.norm == .linf && set.shares.contains { $0 != 1 } ? set.shares : nil
    verifier = try TreeVerifier(
      model, distance: FeatureDistance(norm, scales: scales), domains: domains)
    var tolerance: Double?
    if case .regression(let limit, _) = task { tolerance = limit }
    search = ExactTreeSearch(
      effort: TreeVerifier.Effort(pairs: 2_000_000, width: 20_000), verifier: verifier,
      tolerance: tolerance)
  }
}
