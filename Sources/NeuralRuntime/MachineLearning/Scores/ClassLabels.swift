import EngineSupport
import TensorCore

/// The names of a classifier's classes, and the rules by which scores become a label.
struct ClassLabels: Sendable {
  let integers: [Int64]
  let strings: [String]

  var count: Int { max(integers.count, strings.count) }

  /// - Parameter prefix: `classlabels_int64s` and `classlabels_strings`, or the older names.
  init(_ node: OperatorNode) throws(Diagnostic) {
    integers =
      (try node.ints("classlabels_int64s", or: "classlabels_ints") ?? [])
      .map { Int64($0) }
    strings = try node.strings("classlabels_strings") ?? []
    guard integers.isEmpty != strings.isEmpty else {
      throw node.invalidAttribute("classlabels_int64s", "given, or classlabels_strings instead")
    }
  }

  func tensor(_ chosen: [Int]) -> any AnyTensor {
    strings.isEmpty
      ? Tensor(shape: [chosen.count], elements: chosen.map { integers[$0] })
      : Tensor(shape: [chosen.count], elements: chosen.map { strings[$0] })
  }

  /// The first of the greatest.
  static func best(_ scores: [Float]) -> Int {
    var best = 0
    for index in scores.indices where scores[index] > scores[best] { best = index }
    return best
  }
}
