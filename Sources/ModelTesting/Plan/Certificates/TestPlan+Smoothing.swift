import EngineSupport
import YAMLDocuments

/// Certified accuracy of the smoothed classifier: what wins under Gaussian noise, and how far its lead carries: the
/// section `smoothing` of a plan.
extension TestPlan {
  public struct SmoothingTest: Sendable, Hashable {
    /// Standard deviations of the noise, each a classifier of its own; in the channels' unit, ascending.
    public var deviations: [Double]
    /// Draws that choose the class, and draws that measure its lead.
    public var selectionDraws: Int
    public var draws: Int
    /// Probability that a radius is wrong, at most.
    public var errorRate: Double
    /// L2, in the channels' unit, ascending: where certified accuracy is counted.
    public var radii: [Double]
    /// Samples certified at most, from the first drawn on.
    public var samples: Int
    public var reason: String
  }
}

extension TestPlan.SmoothingTest {
  /// Deviations and radii at most.
  private static let mostSteps = 16

  init(
    _ value: YAMLValue, _ input: TestPlan.Input, _ task: TestPlan.Task,
    _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    deviations = try Self.ladder(section.required("deviations"))
    radii = try Self.ladder(section.required("radii"))
    selectionDraws = try section.optional("selection_draws")?.integer(in: 1...1_000_000) ?? 100
    draws = try section.optional("draws")?.integer(in: 1...10_000_000) ?? 10_000
    let rate = section.optional("error_rate")
    errorRate = try rate?.share() ?? 0.001
    guard errorRate < 0.5 else {
      throw (rate ?? value).wrong("an error rate lies between 0 and one half")
    }
    samples = try section.optional("samples")?.integer(in: 1...100_000) ?? 24
    reason = try section.required("reason").text()
    section.finish(reportingTo: &diagnostics)
    guard task.isAboutClasses else {
      throw value.wrong("smoothing certifies classes, and this model is a regression")
    }
    guard Set(input.channels.map(\.unit)).count == 1 else {
      throw value.wrong(
        "the channels have several units: one deviation and one L2 radius need one unit")
    }
  }

  private static func ladder(_ value: YAMLValue) throws(Diagnostic) -> [Double] {
    let steps = try value.each { step throws(Diagnostic) in
      let number = try step.positive()
      guard number <= 1e30 else { throw step.wrong("the number is too large") }
      return number
    }
    guard steps.count <= mostSteps, zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw value.wrong("give at most \(mostSteps) numbers, ascending")
    }
    return steps
  }
}
