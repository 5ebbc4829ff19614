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
  private let lowCode: [Double]
  private let highCode: [Double]

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
    var lowCode = [Double](repeating: 1, count: originals.count)
    var highCode = [Double](repeating: 0, count: originals.count)
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

  /// Writes the readings nearest to the search point of `row` at `target` in `output`.
  func realise(_ points: [Float], row: Int, into output: inout [Float], at target: Int) {
    let start = row * width
    let limits = set.limits
    for index in 0..<width {
      let position = start + index
      let original = originals[position]
      let point = points[position]
      if point == original || !limits.writable[index] {
        output[target + index] = original
      } else if limits.leastSignificantBit[index] == 0 {
        output[target + index] = min(max(point, low[position]), high[position])
      } else if lowCode[position] > highCode[position] {
        output[target + index] = original
      } else {
        let code = limits.nearestCode(limits.units(point), index)
        let nearest = min(max(code, lowCode[position]), highCode[position])
        output[target + index] = limits.tensorValue(limits.units(ofCode: nearest, index))
      }
    }
  }

  /// The realised samples of `rows`, as a batch of the model's input shape.
  func batch(of points: [Float], rows: [Int]) -> Tensor<Float> {
    var output = [Float](repeating: 0, count: rows.count * width)
    for (place, row) in rows.enumerated() {
      realise(points, row: row, into: &output, at: place * width)
    }
    return Tensor(shape: [rows.count] + set.limits.shape, elements: output)
  }
}
