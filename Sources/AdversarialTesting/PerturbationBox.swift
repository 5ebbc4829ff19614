import TensorCore

/// A perturbation set worked out for the samples of one batch: the bounds of every element, and the step
/// from a continuous search point to a reading the sensor can deliver.
///
/// Searches move a continuous point inside `low...high` and ask the model about its realised value, so
/// that rounding onto the grid is part of the search and not an afterthought (straight-through rounding).
struct PerturbationBox {
  let set: PerturbationSet
  /// Elements of one sample.
  let width: Int
  let originals: [Float]
  let low: [Float]
  let high: [Float]
  /// Empty when every element is continuous.
  private let lowCode: [Double]
  private let highCode: [Double]
  private let hasGrid: Bool

  init(_ set: PerturbationSet, around originals: [Float]) {
    self.set = set
    self.originals = originals
    let limits = set.limits
    width = limits.count
    let radius = Float(set.budget / limits.scaling.unitsPerTensorUnit)
    let lowEnd = (0..<width).map { limits.tensorValue(limits.low[$0]) }
    let highEnd = (0..<width).map { limits.tensorValue(limits.high[$0]) }
    var low = originals
    var high = originals
    hasGrid = limits.leastSignificantBit.contains { $0 > 0 }
    var lowCode = [Double](repeating: 1, count: hasGrid ? originals.count : 0)
    var highCode = [Double](repeating: 0, count: hasGrid ? originals.count : 0)
    var index = 0
    for position in originals.indices {
      let original = originals[position]
      if limits.writable[index] {
        let floor = max(lowEnd[index], original - radius)
        let ceiling = min(highEnd[index], original + radius)
        if floor <= ceiling {
          low[position] = floor
          high[position] = ceiling
        }
        let bit = limits.leastSignificantBit[index]
        if bit > 0 {
          let reach = set.budget + set.storageSlack(of: original)
          let reading = limits.units(original) - limits.low[index]
          lowCode[position] = max(0, ((reading - reach) / bit).rounded(.up))
          highCode[position] = min(
            limits.highestCode(index), ((reading + reach) / bit).rounded(.down))
        }
      }
      index = index + 1 == width ? 0 : index + 1
    }
    self.low = low
    self.high = high
    self.lowCode = lowCode
    self.highCode = highCode
  }

  /// Moves the search points of `row` by `step` along the sign of the gradient, which is packed from
  /// `packed` on, and back into the box.
  func step(
    _ points: inout [Float], row: Int, along gradient: [Float], from packed: Int, by step: Float
  ) {
    let start = row * width
    for index in 0..<width {
      let slope = gradient[packed + index]
      let direction: Float = (slope > 0 ? step : 0) - (slope < 0 ? step : 0)
      let moved = points[start + index] + direction
      let raised = moved < low[start + index] ? low[start + index] : moved
      points[start + index] = raised > high[start + index] ? high[start + index] : raised
    }
  }

  /// Replaces the search points of one row, already copied to `output` from `target` on, by the nearest
  /// readings of the sensor.
  private func roundToGrid(_ output: inout [Float], row: Int, at target: Int) {
    let limits = set.limits
    for index in 0..<width where limits.leastSignificantBit[index] > 0 {
      let position = row * width + index
      let point = output[target + index]
      if point == originals[position] { continue }
      if lowCode[position] > highCode[position] {
        output[target + index] = originals[position]
      } else {
        let code = limits.nearestCode(limits.units(point), index)
        let nearest = min(max(code, lowCode[position]), highCode[position])
        output[target + index] = limits.tensorValue(limits.units(ofCode: nearest, index))
      }
    }
  }

  /// The realised samples of `rows`, as a batch of the model's input shape. The points must lie between
  /// `low` and `high`.
  func batch(of points: [Float], rows: [Int]) -> Tensor<Float> {
    var output: [Float] = []
    output.reserveCapacity(rows.count * width)
    for row in rows { output.append(contentsOf: points[row * width..<(row + 1) * width]) }
    if hasGrid {
      for (place, row) in rows.enumerated() { roundToGrid(&output, row: row, at: place * width) }
    }
    return Tensor(shape: [rows.count] + set.limits.shape, elements: output)
  }
}
