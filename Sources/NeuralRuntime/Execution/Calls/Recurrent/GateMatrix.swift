/// A constant matrix of a recurrent layer, packed as the right operand of products whose other side are the layer's
/// gates: all gates at once for a single sample, and gate by gate for many.
struct GateMatrix: Sendable {
  /// All gates as one: side by side, or one under the other on the way back.
  let whole: ConstantBlock
  let gates: [ConstantBlock]
}
