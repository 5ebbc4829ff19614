import AdversarialTesting
import EngineSupport

/// Certificates of a plan as data to be hashed before a run.
extension ResolvedPlan {
  static func certificates(
    of plan: TestPlan, _ profile: TestProfile
  ) -> [(String, JSONValue?)] {
    let faults = plan.faultCertificates.map { faultCertificate($0, profile) }
    let properties = plan.properties.map { property($0, profile) }
    return [
      ("faultCertificates", faults.isEmpty ? nil : .array(faults)),
      ("properties", properties.isEmpty ? nil : .array(properties)),
      ("smoothing", plan.smoothing.map { smoothing($0, profile) }),
    ]
  }

  private static func faultCertificate(
    _ test: TestPlan.FaultCertificateTest, _ profile: TestProfile
  ) -> JSONValue {
    let effort = profile.faultCertification
    return .object([
      ("front", test.front.map { .string($0.rawValue) }),
      ("channels", .array(test.channels.map { .integer($0) })), ("onset", .integer(test.onset)),
      (
        "parameters",
        .array(
          test.parameters.map {
            [
              "kind": .string($0.kind.rawValue), "least": decimal($0.least),
              "most": decimal($0.most),
            ]
          })
      ),
      ("samples", .integer(min(test.samples, profile.faultCertificateLimit))),
      ("boxes", .integer(effort.boxes)), ("volumeBoxes", .integer(effort.volumeBoxes)),
      ("slopeSteps", .integer(effort.slopeSteps)), ("reason", .string(test.reason)),
    ])
  }

  private static func property(
    _ test: TestPlan.PropertyTest, _ profile: TestProfile
  ) -> JSONValue {
    let effort = profile.propertyEffort
    return .object([
      ("name", .string(test.name)), ("claim", .string(claim(test.claim))),
      (
        "where",
        .array(
          test.ranges.map {
            [
              "channel": .integer($0.channel), "low": decimal($0.range.lowerBound),
              "high": decimal($0.range.upperBound),
            ]
          })
      ),
      ("boxes", .integer(effort.boxes)), ("starts", .integer(effort.starts)),
      ("reason", .string(test.reason)),
    ])
  }

  private static func smoothing(
    _ test: TestPlan.SmoothingTest, _ profile: TestProfile
  ) -> JSONValue {
    [
      "deviations": .array(test.deviations.map(decimal)), "radii": .array(test.radii.map(decimal)),
      "selectionDraws": .integer(profile.selectionDraws(of: test)),
      "draws": .integer(profile.draws(of: test)), "errorRate": decimal(test.errorRate),
      "samples": .integer(min(test.samples, profile.certificateLimit)),
      "reason": .string(test.reason),
    ]
  }

  /// Places instead of names, and every digit.
  private static func claim(_ claim: TestPlan.PropertyTest.Claim) -> String {
    switch claim {
    case .monotone(let channel, let direction, let output, let tolerance):
      "output \(output) \(direction.rawValue) with channel \(channel), tolerance "
        + DecimalText.exact(tolerance)
    case .conditional(.label(let label)): "class \(label)"
    case .conditional(.output(let output, let range)):
      "output \(output) from \(DecimalText.exact(range.lowerBound)) to "
        + DecimalText.exact(range.upperBound)
    }
  }
}
