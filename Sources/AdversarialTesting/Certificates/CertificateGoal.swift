import EngineSupport
import PropertyFormat

/// What a certificate rules out for one sample: an attack's goal as alternatives of linear inequalities on the
/// model's outputs.
///
/// A certificate is stricter than an attack: it also rules out that the two sides are equal.
struct CertificateGoal: Sendable {
  /// The goal is reached where every inequality of some alternative holds.
  let alternatives: [[OutputInequality]]
  let outputCount: Int

  /// - Parameters:
  ///   - label: The class to be left, or for `.classification` the class to be reached.
  ///   - reference: The clean outputs, for a deviation.
  /// Errors: `test.goal.shape`.
  init(_ goal: AttackGoal, label: Int, reference: [Double], outputs: Int) throws(Diagnostic) {
    _ = try Objective(goal, labels: [label], outputs: outputs, references: reference)
    guard reference.allSatisfy(\.isFinite) else {
      throw Diagnostic("test.goal.shape", "the clean output is not finite")
    }
    outputCount = outputs
    switch goal {
    case .misclassification:
      alternatives = (0..<outputs).filter { $0 != label }
        .map { [Self.exceeds($0, label, of: outputs)] }
    case .classification:
      alternatives = [
        (0..<outputs).filter { $0 != label }.map { Self.exceeds(label, $0, of: outputs) }
      ]
    case .deviation(let tolerance):
      alternatives = (0..<outputs).flatMap { output in
        [1.0, -1.0].map { sign in
          var coefficients = [Double](repeating: 0, count: outputs)
          coefficients[output] = sign
          return [
            OutputInequality(
              coefficients: coefficients, exceeds: sign * reference[output] + tolerance)
          ]
        }
      }
    case .concealed(let classes, let conditions):
      alternatives = (0..<classes).filter { $0 != label }
        .map { [Self.exceeds($0, label, of: outputs)] + conditions }
    case .violation(let given): alternatives = given
    }
  }

  private static func exceeds(_ first: Int, _ second: Int, of count: Int) -> OutputInequality {
    var coefficients = [Double](repeating: 0, count: count)
    coefficients[first] = 1
    coefficients[second] = -1
    return OutputInequality(coefficients: coefficients, exceeds: 0)
  }
}

extension OutputInequality {
  /// The inequality, closed, as a constraint of a property.
  var constraint: SafetyProperty.LinearConstraint {
    SafetyProperty.LinearConstraint(
      inputs: [],
      outputs: coefficients.enumerated().filter { $0.element != 0 }
        .map { SafetyProperty.LinearConstraint.Term(index: $0.offset, coefficient: -$0.element) },
      constant: bound, location: SourceLocation(document: "certificate"))
  }
}

extension CertificateGoal {
  /// The property that no point of a box reaches one of these alternatives.
  func property(
    lower: [Double], upper: [Double], alternatives numbers: [Int]
  ) -> SafetyProperty {
    let least = lower.map { SafetyProperty.Bound(below: $0, above: $0) }
    let most = upper.map { SafetyProperty.Bound(below: $0, above: $0) }
    return SafetyProperty(
      inputCount: lower.count, outputCount: outputCount,
      cases: numbers.map {
        SafetyProperty.Case(
          least: least, most: most, constraints: alternatives[$0].map(\.constraint))
      })
  }
}
