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
    let given = try Self.alternatives(goal, label: label, reference: reference, outputs: outputs)
    alternatives = given.map { $0 + Self.mixtures($0) }
  }

  /// Shares of the first of two inequalities in a mixture.
  private static let shares = [0.5, 0.25, 0.75, 0.125, 0.875, 0.375, 0.625]
  /// Most inequalities of an alternative that are mixed.
  private static let mostMixed = 4

  /// Mixtures of an alternative's inequalities in pairs, which hold where both do: no line rules out what only both
  /// together cannot reach, but a line can rule out a mixture.
  private static func mixtures(_ inequalities: [OutputInequality]) -> [OutputInequality] {
    guard inequalities.count <= mostMixed else { return [] }
    return inequalities.indices.flatMap { first in
      inequalities.indices.filter { $0 > first }.flatMap { second in
        shares.map { share in
          let (left, right) = (inequalities[first], inequalities[second])
          return OutputInequality(
            coefficients: zip(left.coefficients, right.coefficients)
              .map { share * $0 + (1 - share) * $1 },
            exceeds: share * left.bound + (1 - share) * right.bound)
        }
      }
    }
  }

  private static func alternatives(
    _ goal: AttackGoal, label: Int, reference: [Double], outputs: Int
  ) throws(Diagnostic) -> [[OutputInequality]] {
    switch goal {
    case .misclassification:
      return (0..<outputs).filter { $0 != label }
        .map { [Self.exceeds($0, label, of: outputs)] }
    case .classification:
      return [
        (0..<outputs).filter { $0 != label }.map { Self.exceeds(label, $0, of: outputs) }
      ]
    case .deviation(let tolerance):
      return (0..<outputs).flatMap { output in
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
      return (0..<classes).filter { $0 != label }
        .map { [Self.exceeds($0, label, of: outputs)] + conditions }
    case .violation(let given): return given
    case .stream:
      throw Diagnostic("test.goal.shape", "a goal about the windows of a stream is not certified")
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
