public import AdversarialTesting
import EngineSupport

/// The numbers of a fault certificate in words, for tables and records.
extension TestPlan {
  /// What one number of a fault counts.
  public func unit(
    of kind: ParametricFault.Kind, in test: FaultCertificateTest
  ) -> String {
    let unit = test.channels.first.map { input.channels[$0].unit } ?? ""
    return switch kind {
    case .offset: unit
    case .gain: "of the reading"
    case .drift: "\(unit) at the window's end"
    case .delay: "sampling periods"
    }
  }
}
