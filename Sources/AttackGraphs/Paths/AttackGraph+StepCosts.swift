package import EngineSupport
import ThreatLanguage

/// What each step of an attack graph costs, by each of the measures.
extension AttackGraph {
  /// The costs of all steps by one measure.
  package struct StepCosts: Sendable {
    package let measure: StepCost
    /// In step with the steps, finite and not negative; 0 where a step is impossible.
    package let values: [Double]
    /// Steps that cannot be taken by this measure: probability 0, or a mean time that is infinite.
    package let impossible: [Bool]
    /// Types of steps for which the language gives no number, so that they count 0: `Asset.step`, in the order of the
    /// language. The attacker is not underestimated, but the path is.
    package let unrated: [String]
  }

  /// Defences and existence checks cost nothing but by probability. Measured and assumed steps are taken at once:
  /// the test has tried them as often as it takes.
  ///
  /// - Throws: `attack-potential.malformed`, at the step whose text is no attack potential.
  package func stepCosts(_ measure: StepCost) throws(Diagnostic) -> StepCosts {
    guard measure != .negativeLogProbability else { return probabilityCosts() }
    var ofType = [Double?](repeating: 0, count: stepTypes.count)
    var unrated: [String] = []
    for (type, asset) in language.assetTypes.enumerated() where isUsed(type) {
      for (position, step) in asset.steps.enumerated() where step.kind == .or || step.kind == .and {
        let number = try Self.number(of: step, measure)
        if number == nil { unrated.append("\(asset.name).\(step.name)") }
        ofType[Int(stepTypes.offsets[type]) + position] = measure.cost(of: number ?? 0)
      }
    }
    var values = [Double](repeating: 0, count: stepCount)
    var impossible = [Bool](repeating: false, count: stepCount)
    for step in 0..<stepCount {
      let isKnown = measure == .expectedEffort && isMeasuredOrAssumed(step)
      let cost = isKnown ? 0 : ofType[stepType(of: step)]
      values[step] = cost ?? 0
      impossible[step] = cost == nil
    }
    return StepCosts(measure: measure, values: values, impossible: impossible, unrated: unrated)
  }

  /// The step's number by a measure other than probability; `nil` where the language gives none.
  private static func number(
    of step: StepType, _ measure: StepCost
  ) throws(Diagnostic) -> Double? {
    switch measure {
    case .negativeLogProbability: return nil
    case .attackPotentialPoints: return try step.attackPotential().map { Double($0.points) }
    case .expectedEffort:
      guard let time = step.ttc else { return 0 }
      do throws(UnsupportedTTC) { return try time.mean().days } catch { return nil }
    }
  }

  private func probabilityCosts() -> StepCosts {
    let graph = andOrGraph(from: [:])
    return StepCosts(
      measure: .negativeLogProbability, values: graph.costs,
      impossible: [Bool](repeating: false, count: stepCount), unrated: [])
  }

  private func isUsed(_ type: Int) -> Bool { assetTypes.contains(Int32(type)) }
}
