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

  /// Labels and scores of a forest. A forest that scores one class of two decides by the sign, or by one
  /// half where its weights are shares.
  func classified(
    _ scores: [[Float]], forest: DecisionForest, _ transform: PostTransform
  ) -> [RuntimeValue] {
    let isBinary = count == 2 && forest.scoresOneClass
    var chosen: [Int] = []
    var elements: [Float] = []
    for row in scores {
      guard isBinary else {
        var row = row
        while row.count < count { row.append(0) }
        chosen.append(Self.best(Array(row.prefix(count))))
        elements += transform.applied(to: row)
        continue
      }
      let score = row[forest.onlyClass]
      let isShare = forest.weightsAreShares
      chosen.append(score > (isShare ? 0.5 : 0) ? 1 : 0)
      switch transform {
      case .none: elements += isShare ? [1 - score, score] : [-score, score]
      case .logistic: elements += transform.applied(to: [-score, score])
      default: elements += transform.applied(to: isShare ? [1 - score, score] : [-score, score])
      }
    }
    let width = scores.isEmpty ? count : elements.count / scores.count
    return [
      .tensor(tensor(chosen)), .tensor(Tensor(shape: [scores.count, width], elements: elements)),
    ]
  }
}
