import EngineSupport
import TensorCore

/// A perturbation set worked out for the samples of one batch: bounds of every element, projections, and
/// the step from a continuous search point to a reading the sensor can deliver.
///
/// Searches move a continuous point inside the region and ask the model about its realised value, so that
/// rounding onto the grid is part of the search and not an afterthought (straight-through rounding).
/// Buffers hold samples row after row; `row` names the sample of the batch, `at` its place in a buffer.
struct PerturbationRegion {
  let set: PerturbationSet
  /// Elements of one sample.
  let width: Int
  let originals: [Float]
  /// The sensor's range where the element can be written, in the directions it can go; else the original.
  let rangeLow: [Float]
  let rangeHigh: [Float]
  /// The range, and for L-infinity also the ball; one value where an element is held.
  private(set) var low: [Float]
  private(set) var high: [Float]
  /// The centre of the L-infinity ball; wider than the originals where sampling instants can be moved.
  let innerLow: [Float]
  let innerHigh: [Float]
  /// Empty when every element is continuous.
  private(set) var lowCode: [Double]
  private(set) var highCode: [Double]
  /// The value of each slab for each clean row.
  let cleanSlabValues: [Double]
  /// The slabs that a projection can break: in an L-infinity box an element that cannot be written never moves.
  let slabs: SlabTable
  /// The bounds of those for each row.
  let slabLow: [Double]
  let slabHigh: [Double]

  var hasGrid: Bool { !lowCode.isEmpty }
  var norm: PerturbationNorm { self.set.norm }
  /// In the tensor's own numbers; a count for L0; may be infinite.
  var radius: Double { self.set.radius }

  init(_ set: PerturbationSet, around originals: [Float]) {
    self.set = set
    self.originals = originals
    let limits = set.limits
    width = limits.count
    let rows = originals.count / width
    (innerLow, innerHigh) = Self.centres(set, originals, rows: rows)
    let lowEnd = (0..<width).map { limits.tensorValue(limits.low[$0]) }
    let highEnd = (0..<width).map { limits.tensorValue(limits.high[$0]) }
    let isBall = set.norm == .linf
    let reach = set.shares.map { Float(set.budget * $0 / limits.scaling.unitsPerTensorUnit) }
    var (rangeLow, rangeHigh, low, high) = (originals, originals, originals, originals)
    let hasGrid = limits.leastSignificantBit.contains { $0 > 0 }
    var lowCode = [Double](repeating: 1, count: hasGrid ? originals.count : 0)
    var highCode = [Double](repeating: 0, count: hasGrid ? originals.count : 0)
    let grouped = Set(set.compiled.oneHotGroups.joined())
    var index = 0
    for position in originals.indices {
      let original = originals[position]
      if limits.writable[index] {
        let mayRise = set.compiled.mayRise.isEmpty || set.compiled.mayRise[index]
        let mayFall = set.compiled.mayFall.isEmpty || set.compiled.mayFall[index]
        let isFree = grouped.contains(index) || !isBall
        let floor = max(lowEnd[index], isFree ? lowEnd[index] : innerLow[position] - reach[index])
        let ceiling = min(
          highEnd[index], isFree ? highEnd[index] : innerHigh[position] + reach[index])
        if floor <= ceiling {
          rangeLow[position] = mayFall ? min(lowEnd[index], original) : original
          rangeHigh[position] = mayRise ? max(highEnd[index], original) : original
          low[position] = mayFall ? floor : max(original, floor)
          high[position] = mayRise ? ceiling : min(original, ceiling)
        }
        let bit = limits.leastSignificantBit[index]
        if bit > 0 {
          let slack = set.storageSlack(of: original, at: index)
          let span = isFree ? .infinity : set.budget * set.shares[index] + slack
          let lowest = mayFall ? limits.units(innerLow[position]) - span : limits.units(original)
          let highest = mayRise ? limits.units(innerHigh[position]) + span : limits.units(original)
          lowCode[position] = max(0, ((lowest - limits.low[index]) / bit).rounded(.up))
          highCode[position] = min(
            limits.highestCode(index), ((highest - limits.low[index]) / bit).rounded(.down))
        }
      }
      index = index + 1 == width ? 0 : index + 1
    }
    (self.rangeLow, self.rangeHigh, self.low, self.high) = (rangeLow, rangeHigh, low, high)
    (self.lowCode, self.highCode) = (lowCode, highCode)
    cleanSlabValues = (0..<rows).flatMap { row in
      set.compiled.slabs.map { $0.value(originals, from: row * set.limits.count) }
    }
    slabs = isBall ? set.compiled.movableTable : set.compiled.table
    var (slabLow, slabHigh): ([Double], [Double]) = ([], [])
    for row in 0..<rows {
      for number in slabs.numbers {
        let clean = cleanSlabValues[row * set.compiled.slabs.count + number]
        let bounds = set.compiled.slabs[number].bounds(clean: clean)
        slabLow.append(bounds.low)
        slabHigh.append(bounds.high)
      }
    }
    (self.slabLow, self.slabHigh) = (slabLow, slabHigh)
  }

  private static func centres(
    _ set: PerturbationSet, _ originals: [Float], rows: Int
  ) -> (low: [Float], high: [Float]) {
    guard !set.compiled.jitters.isEmpty else { return (originals, originals) }
    var (low, high): ([Float], [Float]) = ([], [])
    for row in 0..<rows {
      guard let envelope = set.jitterEnvelope(of: originals, from: row * set.limits.count) else {
        continue
      }
      low += envelope.low
      high += envelope.high
    }
    return (low, high)
  }

  /// The region with some elements of every sample fixed at what the buffer holds: what was delivered stays. Only
  /// the bounds of L-infinity hold an element.
  func holding(_ delivered: [Float], where isHeld: [Bool]) -> PerturbationRegion {
    var region = self
    for position in delivered.indices where isHeld[position % width] {
      let value = delivered[position]
      (region.low[position], region.high[position]) = (value, value)
      let index = position % width
      guard hasGrid, set.limits.leastSignificantBit[index] > 0 else { continue }
      let code = set.limits.nearestCode(set.limits.units(value), index)
      (region.lowCode[position], region.highCode[position]) = (code, code)
    }
    return region
  }

  /// The distance of a buffer's sample from the original of `row`: tensor units, a count for L0.
  func distance(_ buffer: [Float], at: Int, row: Int) -> Double {
    let units = norm == .l0 ? 1 : set.limits.scaling.unitsPerTensorUnit
    return set.distance(originals, from: row * width, buffer, from: at) / units
  }

  /// Whether the sample in the buffer is a member of the set.
  func contains(_ buffer: [Float], at: Int, row: Int) -> Bool {
    set.contains(
      original: Array(originals[row * width..<(row + 1) * width]),
      candidate: Array(buffer[at..<at + width]))
  }

  /// The samples of `rows` out of a buffer that holds every row of the batch.
  func gather(_ points: [Float], rows: [Int]) -> [Float] {
    if rows.count * width == points.count, rows.elementsEqual(rows.indices) { return points }
    var packed: [Float] = []
    packed.reserveCapacity(rows.count * width)
    for row in rows { packed.append(contentsOf: points[row * width..<(row + 1) * width]) }
    return packed
  }

  func tensor(_ packed: [Float], rows: Int) -> Tensor<Float> {
    Tensor(shape: [rows] + set.limits.shape, elements: packed)
  }

  /// A point drawn uniformly from the box (L-infinity), or a random direction scaled to the ball.
  func randomPoint(
    _ points: inout [Float], at: Int, row: Int, random: inout SeededRandom, share: Double = 1
  ) {
    let start = row * width
    if norm == .linf {
      for index in 0..<width {
        let draw = Float(random.uniform())
        let (floor, ceiling) = (low[start + index], high[start + index])
        points[at + index] = floor + (ceiling - floor) * draw
      }
      return
    }
    if !radius.isFinite || norm == .l0 {
      for index in 0..<width {
        let draw = Float(random.uniform())
        let (floor, ceiling) = (rangeLow[start + index], rangeHigh[start + index])
        points[at + index] = floor + (ceiling - floor) * draw
      }
    } else {
      var length = 0.0
      var direction = [Double](repeating: 0, count: width)
      for index in 0..<width where rangeLow[start + index] < rangeHigh[start + index] {
        direction[index] = random.gaussian()
        length += norm == .l2 ? direction[index] * direction[index] : abs(direction[index])
      }
      let scale = share * radius / max(norm == .l2 ? length.squareRoot() : length, 1e-12)
      for index in 0..<width {
        points[at + index] = Float(Double(originals[start + index]) + direction[index] * scale)
      }
    }
    project(&points, at: at, row: row)
  }
}
