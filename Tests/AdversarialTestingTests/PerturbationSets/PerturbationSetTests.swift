import AdversarialTesting
import EngineSupport
import Testing

@Suite struct PerturbationSetTests {
  @Test func budgetRangeMaskAndFinitenessBind() throws {
    let limits = try PhysicalLimits(
      shape: [3], low: [0], high: [1], writable: [true, true, false])
    let set = try PerturbationSet(limits, budget: 0.25)
    let original: [Float] = [0.5, 0.9, 0.5]
    #expect(set.contains(original: original, candidate: original))
    #expect(set.contains(original: original, candidate: [0.75, 0.9, 0.5]))
    #expect(set.contains(original: original, candidate: [0.25, 1, 0.5]))
    #expect(!set.contains(original: original, candidate: [0.7501, 0.9, 0.5]))
    #expect(!set.contains(original: original, candidate: [0.5, 1.001, 0.5]))
    #expect(!set.contains(original: original, candidate: [0.5, 0.9, 0.501]))
    #expect(!set.contains(original: original, candidate: [.nan, 0.9, 0.5]))
    #expect(!set.contains(original: original, candidate: [0.5, 0.9]))
  }

  @Test func aBudgetOfThreeStepsAdmitsThreeStepsOnTheGrid() throws {
    // A thermometer of 0.1 °C from -40 °C, standardised by the model: tensor = (°C - 20) / 7.
    let scaling = PhysicalLimits.Scaling(unitsPerTensorUnit: 7, offset: 20)
    let limits = try PhysicalLimits(
      shape: [1], low: [-40], high: [125], leastSignificantBit: [0.1], scaling: scaling)
    func tensor(_ celsius: Double) -> Float { Float((celsius - 20) / 7) }
    let set = try PerturbationSet(limits, budget: 0.3)
    for code in stride(from: 10, through: 1_600, by: 53) {
      let original = [tensor(-40 + Double(code) * 0.1)]
      for steps in -5...5 {
        let candidate = [tensor(-40 + Double(code + steps) * 0.1)]
        #expect(
          set.contains(original: original, candidate: candidate) == (abs(steps) <= 3),
          "code \(code), \(steps) steps")
      }
      #expect(!set.contains(original: original, candidate: [original[0] + 0.007]))
      let moved = [tensor(-40 + Double(code + 2) * 0.1)]
      #expect(abs(set.distance(original, moved) - 0.2) < 1e-5)
    }
  }

  @Test func theGridEndsWithTheRange() throws {
    let limits = try PhysicalLimits(
      shape: [1], low: [0], high: [16], leastSignificantBit: [1])
    let set = try PerturbationSet(limits, budget: 4)
    #expect(set.contains(original: [15], candidate: [16]))
    #expect(!set.contains(original: [15], candidate: [17]))
    #expect(!set.contains(original: [1], candidate: [-1]))
  }

  @Test func impossibleLimitsAreRefusedByName() {
    func code(_ make: () throws -> Void) -> String? {
      do { try make() } catch { return (error as? Diagnostic)?.code.name }
      return nil
    }
    #expect(
      code { _ = try PhysicalLimits(shape: [2], low: [1], high: [0]) } == "test.limits.range")
    #expect(
      code { _ = try PhysicalLimits(shape: [2], low: [.nan], high: [0]) } == "test.limits.range")
    #expect(
      code { _ = try PhysicalLimits(shape: [2], low: [0, 0, 0], high: [1]) }
        == "test.limits.shape")
    #expect(code { _ = try PhysicalLimits(shape: [0], low: [0], high: [1]) } == "test.limits.shape")
    #expect(
      code { _ = try PhysicalLimits(shape: [.max, .max], low: [0], high: [1]) }
        == "test.limits.shape")
    #expect(
      code {
        _ = try PhysicalLimits(shape: [1], low: [0], high: [1], leastSignificantBit: [-1])
      } == "test.limits.lsb")
    #expect(
      code {
        _ = try PhysicalLimits(shape: [1], low: [0], high: [1], leastSignificantBit: [1e-300])
      } == "test.limits.lsb")
    #expect(
      code {
        _ = try PhysicalLimits(
          shape: [1], low: [0], high: [1], scaling: .init(unitsPerTensorUnit: 0))
      } == "test.limits.scaling")
    #expect(
      code {
        _ = try PhysicalLimits(
          shape: [1], low: [0], high: [1], scaling: .init(unitsPerTensorUnit: 1e-300))
      } == "test.limits.scaling")
    #expect(
      code { _ = try PhysicalLimits(shape: [2], low: [0], high: [1], writable: [false]) }
        == "test.limits.mask")
    #expect(
      code {
        _ = try PerturbationSet(
          try PhysicalLimits(shape: [1], low: [0], high: [1]), budget: -1)
      } == "test.limits.budget")
  }
}
