/// What an attack climbs, given as a value and as the cotangent of the outputs.
///
/// Cotangents have the direction of the loss's gradient; their length is chosen so that a confident model
/// does not push it below what single precision holds, since steps use the direction alone.
public enum AttackLoss: String, Sendable, Hashable, CaseIterable, Codable {
  /// Cross-entropy of the label. The cotangent is divided by one minus the label's probability. Of a stream the
  /// sum over all windows that are not yet wrong.
  case crossEntropy
  /// The nearest alternative: for classes the best other logit less the label's. It is also the loss of
  /// Carlini and Wagner 2017.
  case margin
  /// Difference of logits ratio, -(z_y - max other) / (z_(1) - z_(3)); the cotangent is multiplied by the
  /// denominator. With fewer than three classes, or no classes, the margin stands for it.
  /// Source: Croce, Hein, ICML 2020.
  case logitRatio
  /// Towards one alternative, -(z_y - z_t) / (z_(1) - (z_(3) + z_(4)) / 2). With fewer than four classes,
  /// or no classes, the plain difference stands for it.
  case targetedLogitRatio
  /// The difference to one alternative.
  case targetedMargin

  /// Whether the loss needs an alternative for each row.
  public var isTargeted: Bool { self == .targetedLogitRatio || self == .targetedMargin }
}
