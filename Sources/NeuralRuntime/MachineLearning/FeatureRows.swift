import EngineSupport
import TensorCore

/// Samples as rows of features: `[n, features]`, or one sample of the shape `[features]`.
struct FeatureRows {
  var count: Int
  var width: Int
  var elements: [Float]

  init(_ tensor: any NumericTensor, _ node: OperatorNode) throws(Diagnostic) {
    let shape = tensor.shape
    guard shape.count == 1 || shape.count == 2 else {
      throw node.mismatch("samples of the shape \(shape) instead of rows of features")
    }
    count = shape.count == 1 ? 1 : shape[0]
    width = shape[shape.count - 1]
    elements = tensor.converted(to: Float.self).elements
  }
}
