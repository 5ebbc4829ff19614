import AdversarialTesting
import EngineSupport
import NetworkVerification
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Monotonicity and if-then rules on networks whose truth is known.
@Suite struct PropertyRuleTests {
  private typealias Models = CertificateModels

  /// Weights that are not negative make every output rise with every input; one negative path breaks it.
  @Test func monotoneNetworksAreProvedAndOthersRefuted() throws {
    var random = SeededRandom(seed: 91)
    func values(_ count: Int) -> [Float] { Models.random(count, 0.8, &random).map { abs($0) } }
    let (hidden, head, bias) = (values(24), values(16), Models.random(8, 0.5, &random))
    func model(_ head: [Float]) -> ONNXModel {
      Models.model(
        [
          Models.node("Gemm", ["x", "w", "b"], "a"), Models.node("Relu", ["a"], "r"),
          Models.node("Gemm", ["r", "v", "c"], "y"),
        ],
        [
          Models.floats("w", [3, 8], hidden), Models.floats("b", [8], bias),
          Models.floats("v", [8, 2], head), Models.floats("c", [2], [0, 0]),
        ], sample: [3])
    }
    let limits = try PhysicalLimits(
      shape: [3], low: [-4], high: [4],
      scaling: PhysicalLimits.Scaling(unitsPerTensorUnit: 4))
    let box = try ReadingBox(limits)
    let effort = CertificationEffort(boxes: 3_000)
    for element in 0..<3 {
      let rule = MonotonicityRule(
        output: 1, element: element, direction: .rising, tolerance: 1e-3)
      #expect(try rule.check(model(head), over: box, effort: effort) == .holds)
      var other = rule
      other.direction = .falling
      guard case .broken(let lower, let upper) = try other.check(model(head), over: box)
      else {
        Issue.record("a rising output does not fall")
        continue
      }
      #expect(lower[element] < upper[element])
      #expect((0..<3).allSatisfy { $0 == element || lower[$0] == upper[$0] })
      #expect((lower + upper).allSatisfy { abs($0) <= 1 })
    }
    // The output now falls where the fourth element of the hidden layer is active, and nowhere else.
    var broken = head
    broken[2 * 3 + 1] = -4
    let rule = MonotonicityRule(output: 1, element: 0, direction: .rising, tolerance: 1e-3)
    guard case .broken = try rule.check(model(broken), over: box, effort: effort) else {
      Issue.record("a falling path was not found")
      return
    }
    let quiet = try rule.check(
      model(broken), over: ReadingBox(limits, ranges: [0: -4 ... -4]), effort: effort)
    #expect(quiet == .holds)
    let spoilt = MonotonicityRule(output: 2, element: 0, direction: .rising, tolerance: 1e-3)
    #expect(throws: Diagnostic.self) { try spoilt.check(model(head), over: box) }
    let strict = MonotonicityRule(output: 1, element: 0, direction: .rising, tolerance: 0)
    #expect(throws: Diagnostic.self) { try strict.check(model(head), over: box) }
  }

  /// Where the change cannot be carried from layer to layer, two copies stand side by side.
  @Test func smoothNetworksAreComparedAsPairs() throws {
    let model = Models.model(
      [
        Models.node("Gemm", ["x", "w", "b"], "a"), Models.node("Tanh", ["a"], "t"),
        Models.node("Gemm", ["t", "v", "c"], "y"),
      ],
      [
        Models.floats("w", [1, 2], [1, 3]), Models.floats("b", [2], [0.2, -1]),
        Models.floats("v", [2, 1], [0.5, 1]), Models.floats("c", [1], [0]),
      ], sample: [1])
    let box = try ReadingBox(PhysicalLimits(shape: [1], low: [-1], high: [1]))
    let rule = MonotonicityRule(output: 0, element: 0, direction: .rising, tolerance: 0.05)
    let effort = CertificationEffort(boxes: 4_000)
    #expect(try rule.check(model, over: box, effort: effort) == .holds)
    let falling = MonotonicityRule(output: 0, element: 0, direction: .falling, tolerance: 0.01)
    guard case .broken = try falling.check(model, over: box, effort: effort) else {
      Issue.record("a rising output does not fall")
      return
    }
  }

  @Test func conditionalRulesMeetTheClosedForm() throws {
    // y0 = 2a - b, y1 = 1 over [0, 1]² of readings; one tensor unit is half a reading.
    let network = try Models.network(Models.linear([[1, -0.5], [0, 0]], [0, 1]))
    let limits = try PhysicalLimits(
      shape: [2], low: [0], high: [1], scaling: PhysicalLimits.Scaling(unitsPerTensorUnit: 0.5))
    func verdict(
      _ ranges: [Int: ClosedRange<Double>], _ consequence: ConditionalRule.Consequence
    ) throws -> VerificationResult.Verdict {
      try ConditionalRule(if: ReadingBox(limits, ranges: ranges), then: consequence)
        .check(network).verdict
    }
    #expect(try verdict([:], .output(0, in: -1.001...2.001)) == .proved)
    guard case .refuted(let example) = try verdict([:], .output(0, in: -1.001...1.9)) else {
      Issue.record("2a - b reaches 2")
      return
    }
    #expect(example.outputs[0] >= 1.9)
    #expect(try verdict([0: 0...0.4], .label(1)) == .proved)
    guard case .refuted = try verdict([0: 0...0.6], .label(1)) else {
      Issue.record("2a - b reaches 1.2")
      return
    }
    #expect(throws: Diagnostic.self) { try ReadingBox(limits, ranges: [0: 0...2]) }
    #expect(throws: Diagnostic.self) { try ReadingBox(limits, ranges: [2: 0...1]) }
    let wrong = ConditionalRule(if: try ReadingBox(limits), then: .output(5, in: 0...1))
    #expect(throws: Diagnostic.self) { try wrong.property(of: network) }
  }
}
