package import TensorCore

/// The way back through GridSample: each element gets its weights' shares, each place the slopes of the weights.
///
/// Source: Jaderberg et al., "Spatial transformer networks", NeurIPS 2015, equations 6 and 7.
extension GridSampling: DifferentiableOperator {
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let (x, grid) = (record.operands[0], record.operands[1])
    let (toTensor, toGrid) = (record.needsGradient[0], record.needsGradient[1])
    let layout = layout(x.shape, grid.shape)
    let g = cotangents[0].elements
    var sums = [Double](repeating: 0, count: toTensor ? x.count : 0)
    var moves = [Double](repeating: 0, count: toGrid ? grid.count : 0)
    forEachSite(layout) { site in
      let along = layout.spatial.indices.map {
        sampling.taps(place(grid, site, layout, $0), layout.spatial[$0])
      }
      if toTensor {
        let taps = taps(layout) { along[$0] }
        for channel in 0..<layout.channels {
          let base = site.source + channel * layout.plane
          let share = g[site.target + channel * layout.places].real
          for tap in taps { sums[base + tap.source] += tap.factor * share }
        }
      }
      guard toGrid else { return }
      for moved in layout.spatial.indices {
        let slopes = sampling.slopes(place(grid, site, layout, moved), layout.spatial[moved])
        let taps = taps(layout) { $0 == moved ? slopes : along[$0] }
        var sum = 0.0
        for channel in 0..<layout.channels {
          let base = site.source + channel * layout.plane
          var slope = 0.0
          for tap in taps { slope += tap.factor * x.elements[base + tap.source].real }
          sum += slope * g[site.target + channel * layout.places].real
        }
        // Rows that share the grid add up in their order.
        moves[site.grid + layout.spatial.count - 1 - moved] += sum
      }
    }
    return [
      toTensor ? Tensor(shape: x.shape, elements: sums.map { S.rounding($0) }) : nil,
      toGrid ? Tensor(shape: grid.shape, elements: moves.map { S.rounding($0) }) : nil,
    ]
  }
}
