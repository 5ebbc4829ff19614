/// How a certificate was reached, from the cheapest means to the dearest.
public enum CertificationMethod: String, Sendable, Hashable, Codable, CaseIterable {
  /// Interval bound propagation.
  case intervals = "IBP"
  /// Linear bounds pulled back to the input.
  case lines = "CROWN"
  /// Linear bounds with optimised slopes.
  case optimisedLines = "alpha-CROWN"
  /// Boxes halved until each is proved.
  case splitting = "branch and bound"
  /// Boxes of leaves of a tree ensemble, merged.
  case trees = "leaf boxes"
}
