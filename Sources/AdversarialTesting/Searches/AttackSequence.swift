import EngineSupport

/// Several attacks in a row, each on the samples that the earlier ones left, with its own random stream.
struct AttackSequence {
  let stages: [any AdversarialAttack]

  init(_ stages: [any AdversarialAttack]) { self.stages = stages }

  func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var findings = [AttackFinding](repeating: AttackFinding(), count: batch.samples.count)
    for stage in stages {
      let left = findings.indices.filter { findings[$0].candidate == nil }
      if left.isEmpty { break }
      var part = batch.rows(left)
      part.random = batch.random.stream(named: type(of: stage).name, 0)
      for (place, finding) in try stage.search(part, asking: &oracle).enumerated() {
        var merged = finding
        let earlier = findings[left[place]]
        merged.startGradientVanished =
          earlier.startGradientVanished ?? finding.startGradientVanished
        if let margin = earlier.bestMargin {
          merged.bestMargin = min(margin, finding.bestMargin ?? margin)
        }
        findings[left[place]] = merged
      }
    }
    return findings
  }
}
