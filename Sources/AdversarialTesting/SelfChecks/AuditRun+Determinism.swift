import EngineSupport
import TensorCore

/// S11 and S14: whether the run repeats, and whether certificates and examples agree.
extension AuditRun {
  private static let repeats = 5

  /// The attack twice with one seed, and five passes of the model over the same samples.
  mutating func determinism() throws -> SelfCheck {
    let identifier = SelfCheck.Identifier.s11Determinism
    let rows = probes
    guard !rows.isEmpty else { return nothingToAttack(identifier) }
    let batch = campaign.batch(of: rows, within: set, stage: "audit.repeat")
    var oracle = TargetOracle(campaign.model, access: type(of: campaign.attack).needs)
    let first = try campaign.attack.search(batch, asking: &oracle)
    let second = try campaign.attack.search(batch, asking: &oracle)
    spent += oracle.spent
    let passes = try (0..<Self.repeats).map { _ in
      try campaign.model.scores(of: batch.originals).elements
    }
    spent.forward += Self.repeats * rows.count
    let differing = passes.dropFirst().count { $0 != passes[0] }
    let changed = zip(first, second).count { $0 != $1 }
    return check(
      identifier, changed == 0 && differing == 0 ? .pass : .fail,
      "\(changed) of \(rows.count) findings change when the attack runs again, \(differing) of "
        + "\(Self.repeats - 1) repeats of the model differ; a random model needs expectation over its draws"
    )
  }

  /// Certified radius not above the distance of any found example.
  func certificates() throws -> SelfCheck {
    let identifier = SelfCheck.Identifier.s14CertificatesHold
    guard let radii = evidence.certifiedRadii else {
      return check(identifier, .notApplicable, "no certificate was given")
    }
    guard radii.count == result.samples.count else {
      throw Diagnostic(
        "test.certificate.count",
        "\(radii.count) certified radii for \(result.samples.count) samples")
    }
    var compared = 0
    for (record, radius) in zip(result.samples, radii) {
      guard let example = record.example else { continue }
      compared += 1
      guard radius <= example.distance else {
        throw Diagnostic(
          "test.certificate.contradicted",
          "sample \(record.index) is certified to \(DecimalText.exact(radius)) and broken at "
            + "\(DecimalText.exact(example.distance)): a defect of the engine")
      }
    }
    return check(
      identifier, .pass, "no certified radius exceeds the distance of \(compared) found examples")
  }
}
