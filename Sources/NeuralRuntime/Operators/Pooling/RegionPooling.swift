package import EngineSupport
import TensorCore

/// RoiAlign: regions of feature maps, each read on a grid of its own by bilinear interpolation and pooled.
///
/// Source: He et al., "Mask R-CNN", ICCV 2017; with mode max the largest weighted neighbour counts, as in ONNX's
/// reference.
package struct RegionPooling: Operator {
  package static let signatures = [
    OperatorSignature(
      "RoiAlign", opsets: 10...OperatorSignature.newestOpset, operands: 3...3,
      attributes: [
        "coordinate_transformation_mode", "mode", "output_height", "output_width",
        "sampling_ratio", "spatial_scale",
      ])
  ]

  private let node: OperatorNode
  private let takesMaximum: Bool
  private let isHalfPixel: Bool
  private let height: Int
  private let width: Int
  private let samples: Int
  private let scale: Double

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    takesMaximum = try node.string("mode") == "max"
    let standard = node.opset < 16 ? "output_half_pixel" : "half_pixel"
    isHalfPixel = try node.string("coordinate_transformation_mode") ?? standard == "half_pixel"
    height = try node.int("output_height") ?? 1
    width = try node.int("output_width") ?? 1
    samples = try node.int("sampling_ratio") ?? 0
    scale = try node.float("spatial_scale") ?? 1
    guard NetworkLimits.elementCount([height, width]) != nil, (0...1_024).contains(samples) else {
      throw node.unsupported("\(height) × \(width) with \(samples) samples")
    }
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    guard let x = tensors[0] as? any RealTensor, let regions = tensors[1] as? any RealTensor else {
      throw node.wrongTypes(tensors)
    }
    let batches = try node.integers(tensors[2], 2)
    guard x.shape.count == 4, !x.shape.contains(0), regions.shape == [batches.count, 4],
      batches.allSatisfy({ (0..<x.shape[0]).contains($0) })
    else { throw node.mismatch("\(batches.count) regions of \(regions.shape) in \(x.shape)") }
    let shape = [batches.count, x.shape[1], height, width]
    let count = try budget.claim(shape, for: node)
    let (elements, corners) = (x.reals, regions.reals)
    var y: [Double] = []
    y.reserveCapacity(count)
    for (index, batch) in batches.enumerated() {
      let shift = isHalfPixel ? 0.5 : 0
      let box = corners[index * 4..<index * 4 + 4].map { $0 * scale - shift }
      guard box.allSatisfy({ $0.isFinite && abs($0) < 1e6 }) else {
        throw node.mismatch("region \(index) is out of all bounds")
      }
      let region = Region(box: box, keepsSize: isHalfPixel, height, width, samples)
      // In `Double`, so that no product of hostile sizes can overflow.
      let steps = 8 * Double(region.grid.0) * Double(region.grid.1) * Double(height * width)
      try budget.spend(Int(min(steps * Double(x.shape[1]), 0x1p60)), for: node)
      for channel in 0..<x.shape[1] {
        let plane = (batch * x.shape[1] + channel) * x.shape[2] * x.shape[3]
        for place in 0..<height * width {
          var (sum, most) = (0.0, -Double.infinity)
          region.forEachPlace(of: place / width, place % width) { row, column in
            for tap in neighbours(row, column, x.shape[2], x.shape[3]) {
              let value = tap.weight * elements[plane + tap.offset]
              sum += value
              most = max(most, value)
            }
          }
          let count = Double(max(region.grid.0 * region.grid.1, 1))
          y.append(takesMaximum ? (most.isFinite ? most : 0) : sum / count)
        }
      }
    }
    return [.tensor(stored(y, shape, like: x))]
  }

  /// The grid on which one region is read.
  private struct Region {
    let start: (y: Double, x: Double)
    let bin: (y: Double, x: Double)
    /// Places read in each bin.
    let grid: (Int, Int)

    init(box: [Double], keepsSize: Bool, _ height: Int, _ width: Int, _ samples: Int) {
      let rows = keepsSize ? box[3] - box[1] : max(box[3] - box[1], 1)
      let columns = keepsSize ? box[2] - box[0] : max(box[2] - box[0], 1)
      start = (box[1], box[0])
      bin = (rows / Double(height), columns / Double(width))
      func count(_ size: Double) -> Int { samples > 0 ? samples : max(Int(size.rounded(.up)), 0) }
      grid = (count(bin.y), count(bin.x))
    }

    func forEachPlace(of row: Int, _ column: Int, _ body: (Double, Double) -> Void) {
      for i in 0..<grid.0 {
        let y = start.y + (Double(row) + (Double(i) + 0.5) / Double(grid.0)) * bin.y
        for j in 0..<grid.1 {
          let x = start.x + (Double(column) + (Double(j) + 0.5) / Double(grid.1)) * bin.x
          body(y, x)
        }
      }
    }
  }

  /// The four elements around a place, with their weights.
  private func neighbours(
    _ y: Double, _ x: Double, _ rows: Int, _ columns: Int
  ) -> [(offset: Int, weight: Double)] {
    guard y >= -1, y <= Double(rows), x >= -1, x <= Double(columns) else { return [(0, 0)] }
    func ends(_ place: Double, _ length: Int) -> (low: Int, high: Int, share: Double) {
      let at = max(place, 0)
      let low = min(Int(at), length - 1)
      return (low, min(low + 1, length - 1), low == length - 1 ? 0 : at - Double(low))
    }
    let (a, b) = (ends(y, rows), ends(x, columns))
    return [
      (a.low * columns + b.low, (1 - a.share) * (1 - b.share)),
      (a.low * columns + b.high, (1 - a.share) * b.share),
      (a.high * columns + b.low, a.share * (1 - b.share)),
      (a.high * columns + b.high, a.share * b.share),
    ]
  }

  private func stored<T: RealTensor>(
    _ values: [Double], _ shape: [Int], like _: T
  ) -> any AnyTensor { T(shape: shape, elements: values.map { T.Element(real: $0) }) }
}
