import AdversarialTesting
import Testing

/// Sample sizes against the usual tables.
@Suite struct SamplePlanTests {
  @Test(arguments: [
    (0.10, 0.90, 22), (0.10, 0.95, 29), (0.10, 0.99, 44), (0.05, 0.95, 59), (0.01, 0.90, 230),
    (0.01, 0.95, 299), (0.01, 0.99, 459), (0.005, 0.95, 598), (0.001, 0.95, 2_995),
    (0.0001, 0.99, 46_050),
  ]) func zeroFailurePlans(_ rate: Double, _ confidence: Double, _ count: Int) {
    #expect(SamplePlan.count(provingRateBelow: rate, confidence: confidence) == count)
  }

  @Test(arguments: zip(0...5, [299, 473, 628, 773, 913, 1_049]))
  func plansWithFailures(_ failures: Int, _ count: Int) {
    #expect(
      SamplePlan.count(provingRateBelow: 0.01, confidence: 0.95, failures: failures) == count)
  }

  @Test(arguments: [(0.05, 385), (0.03, 1_068), (0.02, 2_401), (0.01, 9_604)])
  func plansForAHalfWidth(_ halfWidth: Double, _ count: Int) {
    #expect(SamplePlan.count(halfWidth: halfWidth) == count)
  }

  @Test func impossiblePlansAreNone() {
    #expect(SamplePlan.count(provingRateBelow: 1e-12, confidence: 0.95) == nil)
    #expect(SamplePlan.count(halfWidth: 1e-9) == nil)
  }
}
