/// Slabs as flat arrays, for projections that go through all of them many times.
struct SlabTable: Sendable, Hashable {
  /// Their places among the slabs of the rules.
  let numbers: [Int]
  /// The terms of slab s: `starts[s]..<starts[s + 1]`.
  private let starts: [Int]
  private let indices: [Int]
  private let coefficients: [Double]
  let slack: [Double]
  let squaredNorm: [Double]

  var count: Int { numbers.count }

  /// - Parameter numbers: The slabs to hold, ascending.
  init(_ slabs: [LinearSlab], numbers: [Int]) {
    self.numbers = numbers
    var starts = [0]
    for number in numbers { starts.append(starts[starts.count - 1] + slabs[number].indices.count) }
    self.starts = starts
    indices = numbers.flatMap { slabs[$0].indices }
    coefficients = numbers.flatMap { slabs[$0].coefficients }
    slack = numbers.map { slabs[$0].slack }
    squaredNorm = numbers.map { slabs[$0].squaredNorm }
  }

  /// A slab's function of the sample that starts at `start`; terms are added in order.
  @inline(__always)
  func value(_ slab: Int, _ elements: Span<Float>, from start: Int) -> Double {
    var sum = 0.0
    let terms = coefficients.span
    let places = indices.span
    for term in starts[slab]..<starts[slab + 1] {
      sum += terms[term] * Double(elements[start + places[term]])
    }
    return sum
  }

  /// Moves the sample along a slab's normal.
  @inline(__always)
  func move(_ slab: Int, _ elements: inout MutableSpan<Float>, from start: Int, by step: Double) {
    let terms = coefficients.span
    let places = indices.span
    for term in starts[slab]..<starts[slab + 1] {
      let place = start + places[term]
      elements[place] = Float(Double(elements[place]) + step * terms[term])
    }
  }
}
