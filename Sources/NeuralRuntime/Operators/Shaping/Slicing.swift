package import EngineSupport
import TensorCore

/// Slice: elements from a start to an end in steps, forwards or backwards, along some axes.
package struct Slicing: RearrangingOperator {
  package static let signatures = [
    OperatorSignature("Slice", opsets: 7...9, attributes: ["axes", "ends", "starts"]),
    OperatorSignature(
      "Slice", opsets: 10...OperatorSignature.newestOpset,
      parameters: ["starts", "ends", "axes", "steps"]),
  ]

  package let node: OperatorNode
  private let starts: [Int]
  private let ends: [Int]
  private let axes: [Int]?
  private let steps: [Int]?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    func read(_ name: String) throws(Diagnostic) -> [Int]? {
      node.opset < 10 ? try node.ints(name) : try node.parameterInts(name)
    }
    guard let starts = try read("starts"), let ends = try read("ends") else {
      throw node.mismatch("starts and ends are missing")
    }
    self.starts = starts
    self.ends = ends
    axes = try read("axes")
    steps = try read("steps")
    guard ends.count == starts.count, axes.map(\.count) ?? starts.count == starts.count,
      steps.map(\.count) ?? starts.count == starts.count
    else { throw node.mismatch("starts, ends, axes and steps differ in length") }
    guard steps?.contains(0) != true else { throw node.mismatch("a step of zero") }
  }

  /// For each axis where to begin, how far to step and how often.
  private func ranges(_ shape: [Int]) throws(Diagnostic) -> [(start: Int, step: Int, count: Int)] {
    var ranges = shape.map { (start: 0, step: 1, count: $0) }
    var seen: Set<Int> = []
    for index in starts.indices {
      let axis = try node.axis(axes?[index] ?? index, rank: shape.count)
      guard seen.insert(axis).inserted else { throw node.mismatch("an axis is named twice") }
      let length = shape[axis]
      let step = steps?[index] ?? 1
      func clamped(_ value: Int, _ range: ClosedRange<Int>) -> Int {
        let place = value < 0 ? value &+ length : value
        // A very negative place wraps to a positive one no sooner than it leaves the range of Int.
        return value < 0 && place > 0 && value < -length
          ? range.lowerBound : min(max(place, range.lowerBound), range.upperBound)
      }
      let count: Int
      let start: Int
      if step > 0 {
        start = clamped(starts[index], 0...length)
        let end = clamped(ends[index], 0...length)
        count = end > start ? (end - start - 1) / step + 1 : 0
      } else {
        start = clamped(starts[index], -1...max(length - 1, -1))
        let end = clamped(ends[index], -1...max(length - 1, -1))
        count = start > end ? (start - end - 1) / (step == .min ? .max : -step) + 1 : 0
      }
      ranges[axis] = (max(start, 0), step, length == 0 ? 0 : count)
    }
    return ranges
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    [try ranges(operands[0]).map(\.count)]
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    guard let ranges = try? ranges(operands[0]) else {
      preconditionFailure("shapes were checked before")
    }
    let strides = IndexWalk.strides(operands[0])
    let offset = zip(ranges, strides).reduce(0) { $0 + $1.0.start * $1.1 }
    return [
      IndexWalk.positions(
        outputs[0], strides: zip(ranges, strides).map { $0.count > 1 ? $0.step * $1 : 0 },
        offset: offset)
    ]
  }
}
