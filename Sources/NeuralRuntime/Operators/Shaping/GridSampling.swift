package import EngineSupport
package import TensorCore

/// GridSample: a tensor read at places that another tensor gives, by nearest, linear or cubic interpolation.
///
/// Places run from −1 to 1 over each axis, the last axis first; weights are computed in `Double`.
package struct GridSampling: RealOperator {
  package static let signatures = [
    OperatorSignature(
      "GridSample", opsets: 16...OperatorSignature.newestOpset, operands: 2...2,
      attributes: ["align_corners", "mode", "padding_mode"])
  ]

  package let node: OperatorNode
  private let mode: String
  private let padding: String
  private let alignsCorners: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    mode = try node.string("mode") ?? "linear"
    padding = try node.string("padding_mode") ?? "zeros"
    alignsCorners = try node.flag("align_corners")
    guard ["linear", "bilinear", "nearest", "cubic", "bicubic"].contains(mode) else {
      throw node.invalidAttribute("mode", "linear, nearest or cubic")
    }
    guard ["zeros", "border", "reflection"].contains(padding) else {
      throw node.invalidAttribute("padding_mode", "zeros, border or reflection")
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let (x, grid) = (operands[0], operands[1])
    let rank = x.count - 2
    guard (1...3).contains(rank), grid.count == x.count, grid[0] == x[0],
      grid[grid.count - 1] == rank, !x.contains(0)
    else { throw node.mismatch("a grid of \(grid) does not fit \(x)") }
    return [Array(x.prefix(2)) + grid[1..<grid.count - 1]]
  }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    64 * outputs[0].reduce(1, *)
  }

  /// The elements along one axis that a place takes from; a negative source is outside.
  private func weights(_ place: Double, _ length: Int) -> [(source: Int, factor: Double)] {
    let size = Double(length)
    var x =
      alignsCorners ? (place + 1) / 2 * (size - 1) : ((place + 1) * size - 1) / 2
    guard x.isFinite, abs(x) < 1e9 else { return [(-1, 1)] }
    let isCubic = mode.hasSuffix("cubic")
    if !isCubic { x = moved(x, size) }
    func source(_ index: Int) -> Int {
      if index >= 0, index < length { return index }
      guard padding != "zeros" else { return -1 }
      return min(max(Int(moved(Double(index), size)), 0), length - 1)
    }
    if mode == "nearest" { return [(source(Int(x.rounded(.toNearestOrEven))), 1)] }
    let first = Int(x.rounded(.down))
    let t = x - x.rounded(.down)
    guard isCubic else { return [(source(first), 1 - t), (source(first + 1), t)] }
    return (-1...2).map { (source(first + $0), Self.cubic(abs(t - Double($0)))) }
  }

  /// A place outside brought to the border or mirrored, as the padding says.
  private func moved(_ x: Double, _ size: Double) -> Double {
    switch padding {
    case "border": return min(max(x, 0), size - 1)
    case "reflection":
      let (low, high) = alignsCorners ? (0, size - 1) : (-0.5, size - 0.5)
      let span = high - low
      guard span > 0 else { return 0 }
      let distance = abs(x - low).truncatingRemainder(dividingBy: 2 * span)
      let folded = low + (distance > span ? 2 * span - distance : distance)
      return alignsCorners ? folded : min(max(folded, 0), size - 1)
    default: return x
    }
  }

  private static func cubic(_ x: Double) -> Double {
    let a = -0.75
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let (x, grid) = (operands[0], operands[1])
    guard let shape = try? outputShapes(for: [x.shape, grid.shape])[0] else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let spatial = Array(x.shape[2...])
    let (rank, plane) = (spatial.count, spatial.reduce(1, *))
    let strides = IndexWalk.strides(spatial)
    let places = shape[2...].reduce(1, *)
    let values = x.elements
    var y = [S](repeating: 0, count: shape.reduce(1, *))
    for batch in 0..<shape[0] {
      for place in 0..<places {
        let start = (batch * places + place) * rank
        var taps: [(offset: Int, factor: Double)] = [(0, 1)]
        for axis in 0..<rank {
          let along = weights(grid.elements[start + rank - 1 - axis].real, spatial[axis])
          taps = taps.flatMap { tap in
            along.filter { $0.source >= 0 && $0.factor != 0 }.map {
              (tap.offset + $0.source * strides[axis], tap.factor * $0.factor)
            }
          }
        }
        for channel in 0..<shape[1] {
          let base = (batch * shape[1] + channel) * plane
          var sum = 0.0
          for tap in taps { sum += tap.factor * values[base + tap.offset].real }
          y[(batch * shape[1] + channel) * places + place] = S.rounding(sum)
        }
      }
    }
    return [Tensor(shape: shape, elements: y)]
  }
}
