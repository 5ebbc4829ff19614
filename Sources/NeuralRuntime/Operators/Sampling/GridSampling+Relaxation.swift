package import TensorCore

/// Ranges of what a grid reads. With a known grid the reading is affine in the tensor; the places themselves have
/// ranges too, because an engine computes them in `Float` and may step over a boundary between elements.
extension GridSampling: AffineOperator {
  package func isAffine(in varying: [Bool]) -> Bool { varying == [true, false] }

  package func roundings(for operands: [[Int]]) -> Int {
    let rank = operands[0].count - 2
    return (1 << (2 * rank)) + 3 * rank + 8
  }

  /// Combinations of stencils of one site before the range of the whole channel stands for its reading.
  private static let most = 256

  /// A source with the range of its weight over one combination of stencils.
  private typealias Weight = PlaceSampling.WeightRange

  /// The combinations of the axes' stencils at a site; nil where there are too many.
  private func combinations(
    _ grid: IntervalTensor, _ site: Site, _ layout: Layout
  ) -> [[Weight]]? {
    var combinations: [[Weight]] = [[Weight(source: 0, range: (1, 1))]]
    for axis in layout.spatial.indices {
      let place = grid[site.grid + layout.spatial.count - 1 - axis]
      guard
        let stencils = sampling.stencils(
          over: place, layout.spatial[axis], most: Self.most / combinations.count)
      else { return nil }
      combinations = combinations.flatMap { combination in
        stencils.map { stencil in
          combination.flatMap { weight in
            stencil.compactMap { tap -> Weight? in
              guard tap.range != (0, 0) else { return nil }
              let isInside = weight.source >= 0 && tap.source >= 0
              return Weight(
                source: isInside ? weight.source + tap.source * layout.strides[axis] : -1,
                range: product(weight.range, tap.range))
            }
          }
        }
      }
    }
    return combinations
  }

  /// Weights of linear interpolation are known, and stay so.
  private func product(_ a: Ranges.Range, _ b: Ranges.Range) -> Ranges.Range {
    sampling.mode == .cubic ? Ranges.product(a, b) : (a.low * b.low, a.low * b.low)
  }

  /// An axis's weight error where the other axes' weights multiply it.
  private func weightError(_ rank: Int) -> Double {
    sampling.weightError * Double(rank) * 1.01
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let (x, grid) = (operands[0], operands[1])
    let layout = layout(x.shape, grid.shape)
    var ranges = [Ranges.Range](repeating: (0, 0), count: layout.output.reduce(1, *))
    let terms = roundings(for: operands.map(\.shape))
    let channels = channelRanges(x, layout)
    forEachSite(layout) { site in
      let combinations = combinations(grid, site, layout)
      for channel in 0..<layout.channels {
        let base = site.source + channel * layout.plane
        var range = Ranges.Range(.infinity, -.infinity)
        for combination in combinations ?? [] {
          let own = reading(x, base, combination, terms, layout.spatial.count)
          range = (min(range.low, own.low), max(range.high, own.high))
        }
        if combinations == nil {
          range = reading(ofAll: channels[base / layout.plane], terms, layout.spatial.count)
        }
        ranges[site.target + channel * layout.places] = range
      }
    }
    return [IntervalTensor(shape: layout.output, ranges)]
  }

  /// The reading with weights in their ranges, and what an engine's arithmetic adds.
  private func reading(
    _ x: IntervalTensor, _ base: Int, _ weights: [Weight], _ terms: Int, _ rank: Int
  ) -> Ranges.Range {
    func value(_ source: Int) -> Ranges.Range { source < 0 ? (0, 0) : x[base + source] }
    var (magnitude, sum) = (0.0, 0.0)
    var hull = Ranges.Range(.infinity, -.infinity)
    for weight in weights {
      let own = value(weight.source)
      hull = (min(hull.low, own.low), max(hull.high, own.high))
      let size = Ranges.magnitude(own).high
      sum += size
      magnitude += size * Ranges.magnitude(weight.range).high
    }
    guard hull.low.isFinite, hull.high.isFinite else { return (-.infinity, .infinity) }
    // All weights add up to 1: with values as distances from their middle, a weight that is not known costs less.
    let middle = sampling.mode == .cubic ? hull.low / 2 + hull.high / 2 : 0
    var range = Ranges.Range(middle, middle)
    for weight in weights {
      let own = value(weight.source)
      let distance = Ranges.Range((own.low - middle).nextDown, (own.high - middle).nextUp)
      range = Ranges.sum(
        range, Ranges.product(weight.range, sampling.mode == .cubic ? distance : own))
    }
    let room =
      OutwardRounding.error(ofSum: terms, magnitude: magnitude) + weightError(rank) * sum
    return (range.low - room, range.high + room)
  }

  /// The reading wherever it is taken in a channel, or outside.
  private func reading(ofAll hull: Ranges.Range, _ terms: Int, _ rank: Int) -> Ranges.Range {
    var reach = 1.0
    for _ in 0..<rank { reach *= sampling.weightSum + 2 * sampling.weightError }
    let radius = (hull.high / 2 - hull.low / 2).nextUp * reach
    let middle = hull.low / 2 + hull.high / 2
    let size = Ranges.magnitude(hull).high * reach
    let room =
      OutwardRounding.error(ofSum: terms, magnitude: size) + 64 * weightError(rank) * size
    return ((middle - radius).nextDown - room, (middle + radius).nextUp + room)
  }

  /// The range of each channel with the 0 that stands outside.
  private func channelRanges(_ x: IntervalTensor, _ layout: Layout) -> [Ranges.Range] {
    stride(from: 0, to: x.lower.count, by: layout.plane).map { start in
      var range = Ranges.Range(0, 0)
      for i in start..<start + layout.plane {
        range = (min(range.low, x[i].low), max(range.high, x[i].high))
      }
      return range
    }
  }

  /// Σ|weight||value|, and the reading's change over the positions that an engine may take, in units of the rounding
  /// that `roundings(for:)` multiplies this with.
  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    let (x, grid) = (operands[0], operands[1])
    let layout = layout(x.shape, grid.shape)
    let sizes = x.magnitudes.elements
    let rank = layout.spatial.count
    var result = [Double](repeating: 0, count: layout.output.reduce(1, *))
    let channels = channelRanges(x, layout)
    forEachSite(layout) { site in
      let factors = combinations(grid, site, layout).map(factors)
      for channel in 0..<layout.channels {
        let base = site.source + channel * layout.plane
        var sum = 0.0
        for (source, factor) in factors ?? [] { sum += factor * sizes[base + source] }
        if factors == nil {
          var reach = 2.0
          for _ in 0..<rank { reach *= sampling.weightSum + 2 * sampling.weightError }
          let size = Ranges.magnitude(channels[base / layout.plane]).high
          sum = 2 * reach * size / OutwardRounding.unitRoundoff
        }
        result[site.target + channel * layout.places] = sum * (1 + 0x1p-30)
      }
    }
    return [Tensor(shape: layout.output, elements: result)]
  }

  /// For each source its greatest weight and its weight's change over all combinations, by ascending source.
  private func factors(_ combinations: [[Weight]]) -> [(source: Int, factor: Double)] {
    var merged: [Int: (range: Ranges.Range, count: Int)] = [:]
    for combination in combinations {
      var own: [Int: Ranges.Range] = [:]
      for weight in combination where weight.source >= 0 {
        own[weight.source] = own[weight.source].map { Ranges.sum($0, weight.range) } ?? weight.range
      }
      // Each source is merged for itself: no order shows.
      for (source, range) in own {
        let known = merged[source] ?? (range, 0)
        merged[source] = (
          (min(known.range.low, range.low), max(known.range.high, range.high)), known.count + 1
        )
      }
    }
    let error = weightError(3) / OutwardRounding.unitRoundoff
    return merged.sorted { $0.key < $1.key }.map { source, entry in
      var range = entry.range
      if entry.count < combinations.count { range = (min(range.low, 0), max(range.high, 0)) }
      let change = (range.high - range.low) / OutwardRounding.unitRoundoff
      return (source, Ranges.magnitude(range).high + change + 2 * error)
    }
  }
}
