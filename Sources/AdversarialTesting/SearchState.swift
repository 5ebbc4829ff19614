import TensorCore

/// What a search over a batch remembers: the strongest valid reading seen for each sample, and which
/// samples still need work.
struct SearchState {
  /// A sample is finished when its margin is this share of its largest logit below zero: then the replay
  /// in double precision does not hang on the last bit.
  private static let confidence: Float = 1e-4

  private(set) var active: [Int]
  private var bestMargin: [Float]
  private var best: [[Float]?]

  init(count: Int) {
    active = Array(0..<count)
    bestMargin = Array(repeating: .infinity, count: count)
    best = Array(repeating: nil, count: count)
  }

  /// Notes the scores of the realised samples of `active`, and retires the samples that are done.
  mutating func note(_ scores: Tensor<Float>, of batch: Tensor<Float>, labels: [Int]) {
    let rows = ScoreRows(scores, classes: scores.shape[1])
    let width = batch.count / max(1, active.count)
    var remaining: [Int] = []
    for (place, row) in active.enumerated() {
      let margin = rows.margin(place, label: labels[row])
      if margin < 0, margin < bestMargin[row] {
        bestMargin[row] = margin
        best[row] = Array(batch.elements[place * width..<(place + 1) * width])
      }
      let enough = -Self.confidence * max(1, rows.magnitude(place))
      if bestMargin[row] >= enough { remaining.append(row) }
    }
    active = remaining
  }

  func candidate(_ row: Int) -> [Float]? { best[row] }
}
