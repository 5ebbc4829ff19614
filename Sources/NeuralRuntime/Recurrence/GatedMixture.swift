import EngineSupport
import TensorCore

/// The new state of a GRU, (1 − z)·n + z·h, as one operator of update gate z, candidate n and old state h: its planes
/// are those of the product z·(h − n).
///
/// Source: McCormick, "Computability of global solutions to factorable nonconvex programs: part I", Mathematical
/// Programming 10 (1976).
struct GatedMixture: PlanarOperator {
  static let signatures: [OperatorSignature] = []

  let node: OperatorNode

  init(_ node: OperatorNode) { self.node = node }

  func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] { [operands[0]] }

  func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    operands.allSatisfy(\.isBatched) ? self : nil
  }

  func forward<S: KernelScalar>(_ operands: [Tensor<S>], by path: KernelPath) -> [Tensor<S>] {
    var result = operands[0].elements
    for i in result.indices {
      let z = result[i]
      result[i] = ((1 - z) * operands[1].elements[i]).addingProduct(z, operands[2].elements[i])
    }
    return [Tensor(shape: operands[0].shape, elements: result)]
  }

  func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let ranges = operands[0].lower.elements.indices.map {
      Ranges.mixture(operands[0][$0], operands[1][$0], operands[2][$0])
    }
    return [IntervalTensor(shape: operands[0].shape, ranges)]
  }

  func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes? {
    let width = range.lower.count / max(boxes, 1)
    var planes = RelaxationPlanes(boxes: boxes, width: width, arity: 3, readsInOrder: false)
    for i in range.lower.elements.indices {
      for operand in 0..<3 { planes.sources?[3 * i + operand] = operand * width + i % width }
      let (z, n, h) = (operands[0][i], operands[1][i], operands[2][i])
      let d = ((h.low - n.high).nextDown, (h.high - n.low).nextUp)
      guard [z.low, z.high, d.0, d.1].allSatisfy(\.isFinite) else {
        (planes.lowerOffsets[i], planes.upperOffsets[i]) = (range[i].low, range[i].high)
        continue
      }
      let middle = (z.low / 2 + z.high / 2, d.0 / 2 + d.1 / 2)
      /// z·d by its tangent plane in a corner of the box.
      func plane(_ a: Double, _ b: Double) -> (z: Double, d: Double, offset: Double, value: Double)
      {
        (b, a, -a * b, b * middle.0 + a * middle.1 - a * b)
      }
      let below = [plane(z.low, d.0), plane(z.high, d.1)]
      let above = [plane(z.low, d.1), plane(z.high, d.0)]
      let lower = below[0].value >= below[1].value ? below[0] : below[1]
      let upper = above[0].value <= above[1].value ? above[0] : above[1]
      let room = Ranges.mixtureError(z, n, h)
      for (operand, slope) in [lower.z, 1 - lower.d, lower.d].enumerated() {
        planes.lowerSlopes[3 * i + operand] = slope
      }
      for (operand, slope) in [upper.z, 1 - upper.d, upper.d].enumerated() {
        planes.upperSlopes[3 * i + operand] = slope
      }
      planes.lowerOffsets[i] = lower.offset - room
      planes.upperOffsets[i] = upper.offset + room
    }
    return planes
  }
}
