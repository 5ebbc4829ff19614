import NeuralRuntime

/// Whether a question can be answered by some sample within a distance of a given one: combinations of leaves,
/// one a tree, whose boxes meet inside the ball.
///
/// Trees are merged two by two: the leaves of a merged tree are the pairs whose boxes meet. A pair goes as
/// soon as even the best leaves of all other trees could not lift it to what the question needs. With one
/// tree left every remaining combination is real. If too many pairs remain the best are kept, and the
/// answer is no proof any more.
///
/// Source: the merging is that of Chen et al., "Robustness verification of tree-based models", NeurIPS 2019.
struct BallSearch {
  struct Flip {
    var distance: Double
    var sample: [Float]
  }

  struct Outcome {
    /// The nearest flip that was met.
    var flip: Flip?
    /// Nothing was left out: without a flip there is none in the ball, with one it is the nearest.
    var isComplete: Bool
  }

  /// Leaves of one tree or of several merged ones.
  private struct Cluster {
    var trees: [Int]
    /// By leaf: one number an active feature.
    var lower: [Float] = []
    var upper: [Float] = []
    var values: [Double] = []
    /// By leaf: one node a tree, in the order of `trees`.
    var leaves: [Int32] = []
    var best: Double { values.max() ?? -.infinity }
    var count: Int { values.count }
  }

  let model: TreeModel
  let boxes: LeafBoxes
  let distance: FeatureDistance
  let domains: [FeatureDomain]?
  let sample: [Float]
  let question: FlipQuestion
  /// Leaves that a merged tree may keep.
  let width: Int

  /// Features on which a leaf within reach depends; only these are carried along.
  private var active: [Int] = []

  init(
    _ model: TreeModel, boxes: LeafBoxes, distance: FeatureDistance, domains: [FeatureDomain]?,
    sample: [Float], question: FlipQuestion, width: Int
  ) {
    self.model = model
    self.boxes = boxes
    self.distance = distance
    self.domains = domains
    self.sample = sample
    self.question = question
    self.width = width
  }

  private func nearest(_ feature: Int, _ lower: Float, _ upper: Float) -> Float? {
    if let domains {
      return domains[feature].nearest(to: sample[feature], from: lower, through: upper)
    }
    let x = sample[feature]
    return x < lower ? lower : x > upper ? upper : x
  }

  /// Work is counted in pairs of leaves that were compared, and stops at 0.
  mutating func search(radius: Double, work: inout Int) -> Outcome {
    var clusters = reachable(within: radius)
    var isComplete = true
    while clusters.count > 1 {
      clusters.sort { ($0.count, $0.trees[0]) < ($1.count, $1.trees[0]) }
      let others = clusters.dropFirst(2).reduce(0.0) { $0 + $1.best }
      let (merged, isWhole) = merge(
        clusters[0], clusters[1], needed: question.threshold - others, radius, &work)
      isComplete = isComplete && isWhole
      clusters.removeFirst(2)
      clusters.append(merged)
      if merged.count == 0 { return Outcome(flip: nil, isComplete: isComplete) }
    }
    var nearest: Flip?
    for index in clusters.first.map({ 0..<$0.count }) ?? 0..<0 {
      guard let flip = flip(clusters[0], index), flip.distance <= radius else { continue }
      if flip.distance < nearest?.distance ?? .infinity { nearest = flip }
    }
    return Outcome(flip: nearest, isComplete: isComplete)
  }

  /// The leaves that the ball touches, tree by tree.
  private mutating func reachable(within radius: Double) -> [Cluster] {
    let touched = boxes.trees.map { $0.filter { total($0.sides, within: radius) != nil } }
    // A feature matters where a touched leaf ends inside the ball.
    active = Set(
      touched.joined().flatMap { $0.sides.lazy.map(\.feature) }.filter { !sample[$0].isNaN }
    ).sorted()
    var places = [Int](repeating: -1, count: model.featureCount)
    for (place, feature) in active.enumerated() { places[feature] = place }
    return touched.enumerated().map { tree, leaves in
      var cluster = Cluster(trees: [tree])
      for leaf in leaves {
        var lower = [Float](repeating: -.infinity, count: active.count)
        var upper = [Float](repeating: .infinity, count: active.count)
        for side in leaf.sides where places[side.feature] >= 0 {
          lower[places[side.feature]] = side.lower
          upper[places[side.feature]] = side.upper
        }
        cluster.lower += lower
        cluster.upper += upper
        cluster.values.append(question.contribution(of: model.forest.nodes[leaf.leaf]))
        cluster.leaves.append(Int32(truncatingIfNeeded: leaf.leaf))
      }
      return cluster
    }
  }

  /// The distance to a box, before the root of a Euclidean one; nil if it is out of reach.
  private func total(_ sides: [LeafBox.Side], within radius: Double) -> Double? {
    var total = 0.0
    for side in sides {
      if sample[side.feature].isNaN {
        guard side.acceptsMissing else { return nil }
        continue
      }
      guard side.lower <= side.upper, let value = nearest(side.feature, side.lower, side.upper)
      else { return nil }
      total = distance.adding(
        distance.change(of: side.feature, from: sample[side.feature], to: value), to: total)
      if distance.length(total) > radius { return nil }
    }
    return total
  }

  private func merge(
    _ left: Cluster, _ right: Cluster, needed: Double, _ radius: Double, _ work: inout Int
  ) -> (Cluster, isWhole: Bool) {
    let features = active.count
    var merged = Cluster(trees: left.trees + right.trees)
    var lower = [Float](repeating: 0, count: features)
    var upper = lower
    var isWhole = true
    for i in 0..<left.count {
      for j in 0..<right.count {
        let value = left.values[i] + right.values[j]
        // A NaN, from infinite weights, is kept.
        if value < needed { continue }
        guard work > 0 else { return (merged, false) }
        work -= 1
        guard
          meet(left, i, right, j, &lower, &upper, radius)
        else { continue }
        merged.lower += lower
        merged.upper += upper
        merged.values.append(value)
        merged.leaves += left.leaves[i * left.trees.count..<(i + 1) * left.trees.count]
        merged.leaves += right.leaves[j * right.trees.count..<(j + 1) * right.trees.count]
        if merged.count >= 4 * width {
          merged = trimmed(merged)
          isWhole = false
        }
      }
    }
    return (merged, isWhole)
  }

  /// Whether two boxes share a point of the ball; the shared box is written to `lower` and `upper`.
  private func meet(
    _ left: Cluster, _ i: Int, _ right: Cluster, _ j: Int, _ lower: inout [Float],
    _ upper: inout [Float], _ radius: Double
  ) -> Bool {
    let features = active.count
    var total = 0.0
    for place in 0..<features {
      let low = max(left.lower[i * features + place], right.lower[j * features + place])
      let high = min(left.upper[i * features + place], right.upper[j * features + place])
      guard low <= high, let value = nearest(active[place], low, high) else { return false }
      lower[place] = low
      upper[place] = high
      let x = sample[active[place]]
      if value != x {
        total = distance.adding(distance.change(of: active[place], from: x, to: value), to: total)
      }
    }
    return distance.length(total) <= radius
  }

  /// The half with the greatest values; of equal ones the first.
  private func trimmed(_ cluster: Cluster) -> Cluster {
    let features = active.count
    let kept = cluster.values.indices
      .sorted { (cluster.values[$1], $0) < (cluster.values[$0], $1) }.prefix(width).sorted()
    var result = Cluster(trees: cluster.trees)
    for index in kept {
      result.lower += cluster.lower[index * features..<(index + 1) * features]
      result.upper += cluster.upper[index * features..<(index + 1) * features]
      result.values.append(cluster.values[index])
      let trees = cluster.trees.count
      result.leaves += cluster.leaves[index * trees..<(index + 1) * trees]
    }
    return result
  }

  /// The nearest sample of a combination, if the model's own sums say that it is a flip.
  private func flip(_ cluster: Cluster, _ index: Int) -> Flip? {
    var leaves = [Int](repeating: 0, count: cluster.trees.count)
    for (position, tree) in cluster.trees.enumerated() {
      leaves[tree] = Int(cluster.leaves[index * cluster.trees.count + position])
    }
    guard question.isFlip(model.forest.sums(ofLeaves: leaves), in: model) else { return nil }
    var moved = sample
    for (place, feature) in active.enumerated() {
      let start = index * active.count + place
      guard let value = nearest(feature, cluster.lower[start], cluster.upper[start]) else {
        return nil
      }
      moved[feature] = value
    }
    return Flip(distance: distance.between(sample, moved), sample: moved)
  }
}
