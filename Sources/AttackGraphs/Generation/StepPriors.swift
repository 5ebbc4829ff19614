import EngineSupport
import ThreatLanguage

/// What the language alone says about each step type's probability, worked out once for each type.
struct StepPriors {
  private var values: [[Double]] = []

  /// Values for the types that `isUsed` marks. A time without a closed form is reported once, where it is
  /// declared, and counts as 1: the attacker is not underestimated.
  init(
    _ language: CompiledLanguage, isUsed: [Bool], horizon: Double,
    reportingTo diagnostics: inout Diagnostics
  ) {
    var reported: Set<SourceLocation> = []
    for (index, type) in language.assetTypes.enumerated() {
      guard isUsed[index] else {
        values.append([])
        continue
      }
      var priors: [Double] = []
      for step in type.steps {
        do throws(UnsupportedTTC) {
          priors.append(try Self.prior(of: step, horizon: horizon))
        } catch {
          priors.append(1)
          guard reported.insert(step.location).inserted else { continue }
          diagnostics.report(
            Diagnostic(
              "mal.ttc.unsupported",
              "the time of `\(step.declaredIn).\(step.name)` has no closed form: \(error.reason)",
              at: step.location,
              hint: "use one distribution, or a sum or product of it with a number"))
        }
      }
      values.append(priors)
    }
  }

  subscript(type: Int, step: Int) -> Double { values[type][step] }

  private static func prior(of step: StepType, horizon: Double) throws(UnsupportedTTC) -> Double {
    switch step.kind {
    case .exist, .notExist: return 1
    case .defense: return try 1 - (step.ttc?.probabilityOfDefense() ?? 0)
    case .or, .and: return try step.ttc?.probability(within: horizon) ?? 1
    }
  }
}
