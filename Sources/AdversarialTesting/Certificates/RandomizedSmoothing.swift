public import EngineSupport
public import TensorCore

/// A certificate by statistics: around a sample the answers to Gaussian noise are counted, and a class that
/// clearly leads keeps its lead within a radius in the L2 norm.
///
/// What is certified is the smoothed classifier (the class that wins under noise), not the model itself.
/// Source: Cohen, Rosenfeld, Kolter, "Certified adversarial robustness via randomized smoothing", ICML 2019.
public struct RandomizedSmoothing: Sendable, Hashable, Codable {
  /// Standard deviation of the noise, in the tensor's units.
  public var deviation: Double
  /// Draws that choose the class.
  public var selectionDraws: Int
  /// Draws that measure its lead.
  public var estimationDraws: Int
  /// Probability that a certificate is wrong, at most.
  public var errorRate: Double

  public init(
    deviation: Double, selectionDraws: Int = 100, estimationDraws: Int = 10_000,
    errorRate: Double = 0.001
  ) {
    precondition(deviation > 0 && deviation.isFinite, "noise has a deviation over 0")
    precondition(selectionDraws > 0 && estimationDraws > 0, "a class needs draws")
    precondition(errorRate > 0 && errorRate < 0.5, "an error rate lies between 0 and one half")
    self.deviation = deviation
    self.selectionDraws = selectionDraws
    self.estimationDraws = estimationDraws
    self.errorRate = errorRate
  }

  /// What is known of one sample.
  public struct Verdict: Sendable, Hashable {
    /// The certified class; nil where the smoothed classifier abstains.
    public var label: Int?
    /// In the tensor's units, L2; 0 with an abstention.
    public var radius: Double
    /// Estimation draws that fell to the chosen class.
    public var hits: Int
    /// The lower end of the one-sided interval of that share.
    public var share: Double
  }

  /// The radius that a class can have that wins every draw: what the number of draws can prove at most.
  public var greatestRadius: Double { radius(hits: estimationDraws).radius }

  private func radius(hits: Int) -> (share: Double, radius: Double) {
    let share = ClopperPearson(
      successes: hits, trials: estimationDraws, confidence: 1 - 2 * errorRate
    ).lower
    guard share > 0.5 else { return (share, 0) }
    return (share, max((deviation * PortableMath.standardNormalQuantile(share)).nextDown, 0))
  }

  /// Certifies one sample `inputShape`. The noise depends on the stream and on the draw's number alone.
  ///
  /// - Throws: what the model throws.
  public func verdict(
    for sample: Tensor<Float>, by model: some TargetModel, random: SeededRandom
  ) throws -> Verdict {
    let chosen = try counts(
      sample, model, random.stream("smoothing.selection", 0), draws: selectionDraws)
    let label = chosen.indices.max { (chosen[$0], -$0) < (chosen[$1], -$1) } ?? 0
    let hits = try counts(
      sample, model, random.stream("smoothing.estimation", 0), draws: estimationDraws)[label]
    let (share, radius) = radius(hits: hits)
    return Verdict(label: share > 0.5 ? label : nil, radius: radius, hits: hits, share: share)
  }

  /// How often each class wins.
  private func counts(
    _ sample: Tensor<Float>, _ model: some TargetModel, _ random: SeededRandom, draws: Int
  ) throws -> [Int] {
    var counts = [Int](repeating: 0, count: model.classCount)
    let block = 256
    for start in stride(from: 0, to: draws, by: block) {
      let rows = min(block, draws - start)
      var elements: [Float] = []
      elements.reserveCapacity(rows * sample.count)
      for draw in start..<start + rows {
        var stream = random.stream("draw", draw)
        for value in sample.elements {
          elements.append(Float(Double(value) + deviation * stream.gaussian()))
        }
      }
      let scores = try model.scores(
        of: Tensor(shape: [rows] + model.inputShape, elements: elements))
      for row in 0..<rows {
        let values = scores.elements[row * model.classCount..<(row + 1) * model.classCount]
        var best = 0
        for (index, value) in values.enumerated() where value > values[values.startIndex + best] {
          best = index
        }
        counts[best] += 1
      }
    }
    return counts
  }
}
