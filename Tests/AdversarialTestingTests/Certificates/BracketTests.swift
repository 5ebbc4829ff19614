import AdversarialTesting
import EngineSupport
import NeuralRuntime
import TensorCore
import Testing

/// Brackets of a whole campaign, and what happens when its two sides contradict each other.
@Suite struct BracketTests {
  private static func campaign() throws -> (CampaignResult, [CertifiedRadius?], [Double]) {
    var random = SeededRandom(seed: 81)
    let network = try CertificateModels.network(CertificateModels.dense([6, 16, 8, 3], seed: 3))
    let model = NetworkModel(network: network)
    let count = 40
    let samples = Tensor(
      shape: [count, 6], elements: (0..<count * 6).map { _ in Float(random.uniform()) })
    var labels = Fixtures.labels(of: samples, by: model)
    // Two samples are wrong when clean.
    for row in [3, 17] { labels[row] = (labels[row] + 1) % 3 }
    let limits = try PhysicalLimits(shape: [6], low: [0], high: [1])
    let budgets = [0.01, 0.05, 0.2]
    let campaign = try Campaign(
      model: model, samples: samples, labels: labels, limits: limits, budgets: budgets,
      attack: ProjectedGradientDescent(), seed: 5)
    let result = try campaign.run()
    let certification = try RadiusCertification(
      network, effort: CertificationEffort(boxes: 64, bisections: 2))
    var certificates: [CertifiedRadius?] = []
    for row in 0..<count {
      certificates.append(
        try certification.radius(
          of: Array(samples.elements[row * 6..<row * 6 + 6]), label: labels[row],
          within: PerturbationSet(limits, budget: 1), ladder: budgets))
    }
    return (result, certificates, budgets)
  }

  @Test func theHeadlineLiesBetweenCertificateAndAttack() throws {
    let (result, certificates, budgets) = try Self.campaign()
    let summary = try BracketSummary(result, certificates: certificates)
    #expect(summary.rows.map(\.budget) == budgets)
    #expect(summary.brackets.count == 40)
    var (last, certifiedSomewhere) = (40, 0)
    for row in summary.rows {
      #expect(row.samples == 40 && row.certified <= row.withstood && row.withstood <= last)
      #expect(row.limits.lowerBound < row.certifiedShare || row.certified == 0)
      #expect(row.limits.upperBound > row.withstoodShare)
      last = row.withstood
      certifiedSomewhere += row.certified
    }
    #expect(last < 38 && certifiedSomewhere > 20)
    let row = summary.rows[0]
    #expect(row.withstood <= 38 && row.text.contains("(certified)"))
    let wrong = summary.brackets[3]
    #expect(wrong.certified == 0 && wrong.method == nil && wrong.found == 0 && wrong.isExact)
    for bracket in summary.brackets where bracket.method != nil {
      #expect(bracket.found ?? .infinity >= bracket.certified)
    }
    // A certificate that holds can only be as strong as what was tried for it.
    let none = try BracketSummary(result, certificates: certificates.map { _ in nil })
    #expect(none.rows.allSatisfy { $0.certified == 0 && $0.limits.lowerBound == 0 })
  }

  @Test func contradictionsAbort() throws {
    let (result, certificates, _) = try Self.campaign()
    let broken = try #require(result.samples.first { $0.example != nil })
    let example = try #require(broken.example)
    var lies = certificates
    lies[broken.index] = CertifiedRadius(value: example.distance * 1.01, method: .lines)
    let error = #expect(throws: Diagnostic.self) {
      try BracketSummary(result, certificates: lies)
    }
    #expect(error?.code == "test.certificate.contradicted")
    // Certified at the very budget at which it is broken.
    var edge = result
    var near = example
    (near.budget, near.distance) = (0.05, 0.05)
    edge.samples[broken.index].outcome = .broken(near)
    lies[broken.index] = CertifiedRadius(value: 0.05, method: .lines)
    let other = #expect(throws: Diagnostic.self) { try BracketSummary(edge, certificates: lies) }
    #expect(other?.code == "test.certificate.contradicted")
    // A certificate of trees ends where the example lies.
    lies[broken.index] = CertifiedRadius(value: 0.05, method: .trees)
    let exact = try BracketSummary(edge, certificates: lies).brackets[broken.index]
    #expect(exact.isExact && !exact.holds(at: 0.05) && exact.holds(at: 0.01))
    let short = #expect(throws: Diagnostic.self) {
      try BracketSummary(result, certificates: [nil])
    }
    #expect(short?.code == "test.certificate.count")
  }

  /// One threshold, and a tree of boxes: the radius is the distance to the nearest leaf of another class.
  @Test func singleTreesMeetTheClosedForm() throws {
    var stump = DecisionForest()
    stump.featureCount = 1
    var root = DecisionForest.leaf([])
    (root.mode, root.value, root.whenTrue, root.whenFalse) = (.lessOrEqual, 0.25, 0, 1)
    stump.nodes = [DecisionForest.leaf([(0, -1)]), DecisionForest.leaf([(0, 1)]), root]
    stump.roots = [2]
    let verifier = try TreeVerifier(TreeModel(stump, classes: 2))
    // The nearest other leaf begins at the next number above the threshold, or at the threshold itself.
    let below = CertifiedRadius(verifier.radius(at: [0]), unitsPerTensorUnit: 8)
    #expect(below.value == 8 * Double(Float(0.25).nextUp) && below.method == .trees)
    #expect(below.refutation?.distance == below.value)
    #expect(CertifiedRadius(verifier.radius(at: [1])).value == 0.75)
    var compared = 0
    for seed in UInt64(1)...40 {
      var grown = GrownForest(seed: seed, trees: 1, depth: 4, features: 3, targets: 3)
      let model = TreeModel(grown.forest, classes: 3)
      let sample = grown.sample()
      let bracket = try TreeVerifier(model).radius(at: sample)
      let expected = Self.nearestLeaf(grown.forest, model, sample)
      #expect(bracket.isExact && bracket.certified == expected, "seed \(seed)")
      if expected.isFinite { compared += 1 }
    }
    #expect(compared > 20)
  }

  /// The distance of a sample to the nearest leaf of another class: of the box that the path to it leaves.
  private static func nearestLeaf(
    _ forest: DecisionForest, _ model: TreeModel, _ sample: [Float]
  ) -> Double {
    let label = model.classIndex(of: sample)
    var nearest = Double.infinity
    func go(_ index: Int, _ low: [Float], _ high: [Float]) {
      let node = forest.nodes[index]
      guard node.mode != nil else {
        guard zip(low, high).allSatisfy({ $0 <= $1 }) else { return }
        let point = sample.indices.map { min(max(sample[$0], low[$0]), high[$0]) }
        guard model.classIndex(of: point) != label else { return }
        let distance = sample.indices.map { abs(Double(point[$0]) - Double(sample[$0])) }.max()
        nearest = min(nearest, distance ?? .infinity)
        return
      }
      var (inside, outside) = (high, low)
      inside[node.feature] = min(high[node.feature], node.value)
      outside[node.feature] = max(low[node.feature], node.value.nextUp)
      go(node.whenTrue, low, inside)
      go(node.whenFalse, outside, high)
    }
    let reach = sample.map { _ in Float.greatestFiniteMagnitude }
    go(forest.roots[0], reach.map { -$0 }, reach)
    return nearest
  }
}
