import EngineSupport
import TensorCore

/// Scales and zero points of a quantised tensor, as QuantizeLinear and DequantizeLinear take them.
struct StepScaling: Sendable {
  let scales: [Float]
  /// One for each scale.
  let offsets: [Double]
  /// The scale in its own type.
  let original: any RealTensor
  private let layout: ScaleLayout

  init(_ node: OperatorNode) throws(Diagnostic) {
    layout = try ScaleLayout(node)
    guard let scale = node.parameter("scale") else { throw node.mismatch("the scale is left out") }
    guard let reals = scale as? any RealTensor else { throw node.wrongTypes([scale]) }
    original = reals
    scales = reals.converted(to: Float.self).elements
    offsets =
      (node.parameter("zero_point") as? any NumericTensor)?.reals
      ?? [Double](repeating: 0, count: scales.count)
    guard offsets.count == scales.count else {
      throw node.mismatch("\(offsets.count) zero points for \(scales.count) scales")
    }
  }

  /// The place of the scale of each element.
  func places(in shape: [Int]) throws(Diagnostic) -> [Int] {
    try layout.places(of: original.shape, in: shape)
  }

  /// Whether rows along axis 0 have the same scales, however many there are.
  func isSharedByRows(of shape: [Int]) -> Bool {
    guard shape.count > 1 else { return false }
    return scales.count == 1 || original.shape.count == 1 && !layout.isAlongRows(of: shape)
  }

  func plannedPlaces(in shape: [Int]) -> [Int] {
    guard let places = try? places(in: shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return places
  }
}
