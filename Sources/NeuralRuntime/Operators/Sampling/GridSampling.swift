package import EngineSupport
package import TensorCore

/// GridSample: a tensor read at places that another tensor gives, by nearest, linear or cubic interpolation.
///
/// Places run from −1 to 1 over each axis, the last axis first; weights and sums are computed in `Double`.
package struct GridSampling: RealOperator {
  package static let signatures = [
    OperatorSignature(
      "GridSample", opsets: 16...OperatorSignature.newestOpset, operands: 2...2,
      attributes: ["align_corners", "mode", "padding_mode"])
  ]

  package let node: OperatorNode
  let sampling: PlaceSampling
  /// Whether the tensor or the grid has one row that every row of the other one takes.
  private var isShared = [false, false]

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    sampling = try PlaceSampling(node)
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let (x, grid) = (operands[0], operands[1])
    let rank = x.count - 2
    guard (1...3).contains(rank), grid.count == x.count, grid[grid.count - 1] == rank,
      grid[0] == x[0] || zip(isShared, [x[0], grid[0]]).contains(where: { $0 && $1 == 1 }),
      !x.contains(0)
    else { throw node.mismatch("a grid of \(grid) does not fit \(x)") }
    return [[isShared[0] ? grid[0] : x[0], x[1]] + grid[1..<grid.count - 1]]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    guard operands.contains(where: \.isBatched), operands.allSatisfy({ $0.shape.first == 1 })
    else { return nil }
    var result = self
    result.isShared = operands.map { !$0.isBatched }
    return result
  }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    64 * outputs[0].reduce(1, *)
  }

  /// One place of the grid and what it reads and writes.
  struct Site {
    /// Where its coordinates start in the grid, the last axis first.
    var grid: Int
    /// Where its channels start in the tensor and in the output, and their distances.
    var source: Int
    var target: Int
  }

  /// Sizes that every site has in common.
  struct Layout {
    var spatial: [Int]
    var strides: [Int]
    var channels: Int
    /// Elements of one channel of the tensor, and of the output.
    var plane: Int
    var places: Int
    var output: [Int]
  }

  func layout(_ x: [Int], _ grid: [Int]) -> Layout {
    guard let output = try? outputShapes(for: [x, grid])[0] else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let spatial = Array(x[2...])
    return Layout(
      spatial: spatial, strides: IndexWalk.strides(spatial), channels: x[1],
      plane: spatial.reduce(1, *), places: output[2...].reduce(1, *), output: output)
  }

  func forEachSite(_ layout: Layout, _ body: (Site) -> Void) {
    for batch in 0..<layout.output[0] {
      for place in 0..<layout.places {
        body(
          Site(
            grid: ((isShared[1] ? 0 : batch) * layout.places + place) * layout.spatial.count,
            source: (isShared[0] ? 0 : batch) * layout.channels * layout.plane,
            target: batch * layout.channels * layout.places + place))
      }
    }
  }

  /// What a site takes from, relative to the start of a channel; `along` gives the weights along each axis.
  func taps(
    _ layout: Layout, _ along: (_ axis: Int) -> [PlaceSampling.Tap]
  ) -> [PlaceSampling.Tap] {
    var taps = [PlaceSampling.Tap(source: 0, factor: 1)]
    for axis in layout.spatial.indices {
      let weights = along(axis).filter { $0.source >= 0 && $0.factor != 0 }
      taps = taps.flatMap { tap in
        weights.map {
          PlaceSampling.Tap(
            source: tap.source + $0.source * layout.strides[axis], factor: tap.factor * $0.factor)
        }
      }
    }
    return taps
  }

  /// The coordinate of a site along an axis.
  func place<S: KernelScalar>(
    _ grid: Tensor<S>, _ site: Site, _ layout: Layout, _ axis: Int
  ) -> Double { grid.elements[site.grid + layout.spatial.count - 1 - axis].real }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let (x, grid) = (operands[0], operands[1])
    let layout = layout(x.shape, grid.shape)
    let values = x.elements
    var y = [S](repeating: 0, count: layout.output.reduce(1, *))
    forEachSite(layout) { site in
      let taps = taps(layout) {
        sampling.taps(place(grid, site, layout, $0), layout.spatial[$0])
      }
      for channel in 0..<layout.channels {
        let base = site.source + channel * layout.plane
        var sum = 0.0
        for tap in taps { sum += tap.factor * values[base + tap.source].real }
        y[site.target + channel * layout.places] = S.rounding(sum)
      }
    }
    return [Tensor(shape: layout.output, elements: y)]
  }
}
