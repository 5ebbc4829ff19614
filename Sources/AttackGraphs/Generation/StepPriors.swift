import EngineSupport
import ThreatLanguage

/// What the language alone says about each step type's probability, worked out once for each type.
enum StepPriors {
  /// Values for the types that `isUsed` marks, 1 for the others, in the order of `StepTypeTable`. A time without
  /// a closed form is reported once, where it is declared, and counts as 1: the attacker is not
  /// underestimated.
  static func values(
    _ language: CompiledLanguage, isUsed: [Bool], horizon: Double,
    reportingTo diagnostics: inout Diagnostics
  ) -> [Double] {
    var reported: Set<SourceLocation> = []
    var values: [Double] = []
    for (type, asset) in language.assetTypes.enumerated() {
      for step in asset.steps {
        guard isUsed[type] else {
          values.append(1)
          continue
        }
        do throws(UnsupportedTTC) {
          values.append(try prior(of: step, horizon: horizon))
        } catch {
          values.append(1)
          guard reported.insert(step.location).inserted else { continue }
          diagnostics.report(
            Diagnostic(
              "mal.ttc.unsupported",
              "the time of `\(step.declaredIn).\(step.name)` has no closed form: \(error.reason)",
              at: step.location,
              hint: "use one distribution, or a sum or product of it with a number"))
        }
      }
    }
    return values
  }

  private static func prior(of step: StepType, horizon: Double) throws(UnsupportedTTC) -> Double {
    switch step.kind {
    case .exist, .notExist: return 1
    case .defense: return try 1 - (step.ttc?.probabilityOfDefense() ?? 0)
    case .or, .and: return try step.ttc?.probability(within: horizon) ?? 1
    }
  }
}
