import AdversarialTesting
import EngineSupport
import NeuralRuntime
import TensorCore
import Testing

/// Certified radii against closed forms, against points tried one by one, and against attacks.
@Suite struct RadiusCertificationTests {
  private static let seed: UInt64 = 61
  private typealias Models = CertificateModels

  /// A linear model's radius is its margin over the sum of the weights' magnitudes.
  @Test func linearModelsMeetTheClosedForm() throws {
    for index in 0..<20 {
      var random = SeededRandom(seed: Self.seed).stream("linear", index)
      let weights = (0..<3).map { _ in Models.random(5, 1, &random) }
      let bias = Models.random(3, 1, &random)
      let sample = Models.random(5, 1, &random).map { abs($0) }
      let network = try Models.network(Models.linear(weights, bias))
      let scores = try network.outputs(for: Tensor(shape: [1, 5], elements: sample)).elements
      let label = try #require((0..<3).max { scores[$0] < scores[$1] })
      // Channel 1 cannot be written; one tensor unit is 4 units; element 3 has twice the share.
      let writable = [true, false, true, true, true]
      let shares = [1, 1, 1, 2, 1.0]
      let limits = try PhysicalLimits(
        shape: [5], low: [-400], high: [400], writable: writable,
        scaling: PhysicalLimits.Scaling(unitsPerTensorUnit: 4, offset: 1))
      let set = try PerturbationSet(limits, norm: .linf, budget: 1, shares: shares)
      let truth = (0..<3).filter { $0 != label }.map { other -> Double in
        var slope = 0.0
        var margin = Double(bias[label]) - Double(bias[other])
        for i in 0..<5 {
          let difference = Double(weights[label][i]) - Double(weights[other][i])
          margin += difference * Double(sample[i])
          if writable[i] { slope += abs(difference) * shares[i] / 4 }
        }
        return margin / slope
      }.min()
      let expected = try #require(truth)
      let found = try RadiusCertification(
        network, effort: CertificationEffort(boxes: 0, bisections: 40)
      ).radius(of: sample, label: label, within: set, ladder: [0.01, 1, 100])
      #expect(found.value <= expected, "seed \(Self.seed), \(index)")
      #expect(found.value >= expected * (1 - 1e-4) - 1e-5, "seed \(Self.seed), \(index)")
      let wrong = try RadiusCertification(network).radius(
        of: sample, label: (label + 1) % 3, within: set, ladder: [1])
      #expect(wrong.value == 0 && wrong.method == nil && wrong.refutation?.distance == 0)
    }
  }

  /// No point of a grid over a certified ball is misclassified, and splitting closes the bracket.
  @Test(arguments: 0..<6)
  func gridsNeverContradictACertificate(_ index: Int) throws {
    var random = SeededRandom(seed: Self.seed).stream("grid", index)
    let network = try Models.network(Models.dense([2, 10, 8, 3], seed: UInt64(index) + 1))
    let sample = (0..<2).map { _ in Float(random.uniform()) }
    let clean = try network.outputs(for: Tensor(shape: [1, 2], elements: sample)).elements
    let label = try #require((0..<3).max { clean[$0] < clean[$1] })
    let set = try PerturbationSet(PhysicalLimits(shape: [2], low: [-2], high: [2]), budget: 1)
    var last = 0.0
    for effort in [
      CertificationEffort(slopeSteps: 0, boxes: 0, bisections: 8),
      CertificationEffort(boxes: 0, bisections: 8),
      CertificationEffort(boxes: 2_000, bisections: 16),
    ] {
      let result = try RadiusCertification(network, effort: effort).radius(
        of: sample, label: label, within: set, ladder: [0.001, 0.01, 0.1, 1])
      // More effort never proves less, but for where the halvings fall.
      #expect(result.value >= last * 0.99, "seed \(Self.seed)")
      last = result.value
      let side = 101
      var points: [Float] = []
      for place in 0..<side * side {
        let steps = [place % side, place / side]
        for axis in 0..<2 {
          points.append(sample[axis] + Float(result.value) * (Float(steps[axis]) / 50 - 1))
        }
      }
      let scores = try network.outputs(for: Tensor(shape: [side * side, 2], elements: points))
      let isKept = keeps(label, scores.elements)
      #expect(isKept, "seed \(Self.seed), radius \(result.value)")
      if let refutation = result.refutation {
        #expect(refutation.distance >= result.value && refutation.isDeliverable)
        if effort.boxes > 0 { #expect(refutation.distance - result.value < 0.02 * result.value) }
      }
    }
  }

  /// Whether the label's score is alone at the top of every row of three.
  private func keeps(_ label: Int, _ scores: [Float]) -> Bool {
    for start in stride(from: 0, to: scores.count, by: 3) {
      for other in 0..<3 where other != label {
        if scores[start + other] >= scores[start + label] { return false }
      }
    }
    return true
  }

  @Test func deviationsOfRegressionsAreBounded() throws {
    let network = try Models.network(Models.linear([[2, -1, 0.5]], [0.25]))
    let limits = try PhysicalLimits(shape: [3], low: [-10], high: [10])
    let result = try RadiusCertification(
      network, goal: .deviation(tolerance: 0.7),
      effort: CertificationEffort(boxes: 64, bisections: 30)
    ).radius(
      of: [1, 2, 3], label: 0, within: PerturbationSet(limits, budget: 1), ladder: [0.05, 10])
    #expect(result.value <= 0.2 && result.value > 0.1999)
    #expect(result.method != nil)
  }

  /// What membership admits lies in the proved box, with every rule that widens the set.
  @Test func theBoxHoldsWhatTheSetAdmits() throws {
    let network = try Models.network(Models.linear([[1, 1, 1, 1]], [0]))
    let limits = try PhysicalLimits(shape: [4], low: [0], high: [10])
    let plain = try PerturbationSet(limits, budget: 0.1)
    let jittered = try PerturbationSet(
      limits, norm: .linf, budget: 0.1, rules: [.samplingJitter(axis: 0, periods: 1)])
    let certification = try RadiusCertification(
      network, goal: .deviation(tolerance: 0.5), effort: CertificationEffort(boxes: 0))
    func radius(_ set: PerturbationSet) throws -> Double {
      try certification.radius(of: [1, 5, 1, 5], label: 0, within: set, ladder: [0.1]).value
    }
    #expect(try radius(plain) == 0.1)
    #expect(try radius(jittered) == 0)
  }

  @Test func certificatesAreTheSameBytesTwiceAndWrongQuestionsAreRefused() throws {
    let network = try Models.network(Models.dense([4, 12, 3], seed: 9))
    let limits = try PhysicalLimits(shape: [4], low: [0], high: [1])
    let set = try PerturbationSet(limits, budget: 0.1)
    let certification = try RadiusCertification(
      network, effort: CertificationEffort(boxes: 200, bisections: 6))
    let sample: [Float] = [0.5, 0.2, 0.8, 0.4]
    let first = try certification.radius(of: sample, label: 1, within: set, ladder: [0.01, 0.2])
    #expect(
      try certification.radius(of: sample, label: 1, within: set, ladder: [0.01, 0.2]) == first)
    func code(
      _ sample: [Float], _ set: PerturbationSet, _ ladder: [Double], label: Int = 0
    ) -> String? {
      do throws(Diagnostic) {
        _ = try certification.radius(of: sample, label: label, within: set, ladder: ladder)
        return nil
      } catch { return error.code.name }
    }
    #expect(code(sample, set, [0.2, 0.1]) == "test.plan.budgets")
    #expect(code(sample, set, []) == "test.plan.budgets")
    #expect(code([0, 0, 0], set, [0.1]) == "test.model.shape")
    #expect(code([.nan, 0, 0, 0], set, [0.1]) == "test.data.non-finite")
    #expect(code(sample, set, [0.1], label: 7) == "test.goal.shape")
    let round = try PerturbationSet(limits, norm: .l2, budget: 0.1)
    #expect(code(sample, round, [0.1]) == "test.certificate.norm")
  }
}
