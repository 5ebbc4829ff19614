public import EngineSupport
public import NeuralRuntime

/// Exact robustness of tree ensembles: for one sample the nearest that the model answers otherwise, or a
/// bracket around its distance where the work runs out.
///
/// Distances are between `Float` samples, as the model reads them: a radius is the distance to the nearest
/// such sample, and every sample that is strictly nearer keeps the answer.
/// Source: Kantchelian et al., "Evasion and hardening of tree ensemble classifiers", ICML 2016 (the
/// question); Chen et al., NeurIPS 2019 (merging leaves that meet inside a ball).
public struct TreeVerifier: Sendable {
  /// What is known about the distance to the nearest flip.
  public struct Bracket: Sendable, Hashable {
    /// No sample strictly nearer than this flips the answer.
    public var certified: Double
    /// The distance of the nearest flip found; nil if none was.
    public var found: Double?
    /// The flip, replayed through the model.
    public var example: [Float]?
    /// `certified` equals `found`, or there is no flip at all (`certified` is infinite).
    public var isExact: Bool
    /// Pairs of leaves compared.
    public var work: Int
  }

  /// Effort for one sample.
  public struct Effort: Sendable, Hashable, Codable {
    /// Pairs of leaves compared, over all radii and classes.
    public var pairs: Int
    /// Leaves that a merged tree may keep before the worse half goes.
    public var width: Int

    public init(pairs: Int = 20_000_000, width: Int = 20_000) {
      self.pairs = pairs
      self.width = max(width, 1)
    }
  }

  public let model: TreeModel
  public let distance: FeatureDistance
  private let domains: [FeatureDomain]?
  private let boxes: LeafBoxes

  /// - Parameters:
  ///   - domains: One a feature; nil for any `Float`.
  /// Errors: `model.trees.too-large`, `model.trees.features` where domains or scales do not fit the features.
  public init(
    _ model: TreeModel, distance: FeatureDistance = FeatureDistance(.maximum),
    domains: [FeatureDomain]? = nil
  ) throws(Diagnostic) {
    guard (domains?.count ?? model.featureCount) == model.featureCount,
      (distance.scales?.count ?? model.featureCount) == model.featureCount
    else {
      throw Diagnostic(
        "model.trees.features",
        "domains and scales need one entry for each of the \(model.featureCount) features")
    }
    self.model = model
    self.distance = distance
    self.domains = domains
    boxes = try LeafBoxes(model.forest)
  }

  /// The distance to the nearest sample of another class.
  ///
  /// - Parameters:
  ///   - sample: `model.featureCount` numbers; NaN for a missing value, which stays missing.
  ///   - limit: Nothing farther than this is looked for; without a flip up to it, it is the certified distance.
  public func radius(
    at sample: [Float], upTo limit: Double = .infinity, effort: Effort = Effort()
  ) -> Bracket {
    let original = model.classIndex(of: sample)
    return bracket(
      at: sample, FlipQuestion.leaving(class: original, in: model), upTo: limit, effort: effort)
  }

  /// The distance to the nearest sample whose output differs by more than `tolerance`.
  public func radius(
    at sample: [Float], output target: Int = 0, tolerance: Double, upTo limit: Double = .infinity,
    effort: Effort = Effort()
  ) -> Bracket {
    bracket(
      at: sample,
      FlipQuestion.deviating(
        from: model.sums(of: sample)[target], by: tolerance, target: target, in: model),
      upTo: limit, effort: effort)
  }

  private func bracket(
    at sample: [Float], _ questions: [FlipQuestion], upTo limit: Double, effort: Effort
  ) -> Bracket {
    precondition(sample.count == model.featureCount, "a sample has the model's features")
    let steps = thresholdDistances(of: sample)
    var certified = Double.infinity
    var nearest: BallSearch.Flip?
    var spent = 0
    for (index, question) in questions.enumerated() {
      // What one class leaves over is there for the next.
      let share = (effort.pairs - spent) / (questions.count - index)
      var work = max(share, 1)
      let search = BallSearch(
        model, boxes: boxes, distance: distance, domains: domains, sample: sample,
        question: question, width: effort.width)
      let (bound, flip) = grow(
        search, steps, cap: min(nearest?.distance ?? .infinity, limit), &work)
      spent += max(share, 1) - work
      certified = min(certified, bound)
      if let flip, flip.distance < nearest?.distance ?? .infinity { nearest = flip }
    }
    certified = min(certified, nearest?.distance ?? limit)
    return Bracket(
      certified: certified, found: nearest?.distance, example: nearest?.sample,
      isExact: certified == nearest?.distance ?? .infinity, work: spent)
  }

  /// Greater and greater balls until one holds a flip or none can be.
  ///
  /// - Returns: A distance up to which (exclusively) there is no flip, and the nearest flip met.
  private func grow(
    _ search: BallSearch, _ steps: [Double], cap: Double, _ work: inout Int
  ) -> (Double, BallSearch.Flip?) {
    var search = search
    var certified = 0.0
    var flip: BallSearch.Flip?
    var next = 0
    var ceiling = cap
    while true {
      let radius = next < steps.count ? min(steps[next], ceiling) : ceiling
      let outcome = search.search(radius: radius, work: &work)
      if let found = outcome.flip, found.distance <= ceiling {
        flip = found
        ceiling = found.distance
        if outcome.isComplete { return (found.distance, found) }
      } else if outcome.isComplete {
        certified = radius
        if radius >= ceiling { return (ceiling, flip) }
        next = 2 * next + 1
        continue
      }
      return (halved(&search, from: certified, to: radius, &flip, &work), flip)
    }
  }

  /// Bisects towards the greatest radius that can still be proved.
  private func halved(
    _ search: inout BallSearch, from low: Double, to high: Double, _ flip: inout BallSearch.Flip?,
    _ work: inout Int
  ) -> Double {
    var low = low
    var high = min(high, flip?.distance ?? .infinity)
    if high == .infinity { high = max(2 * low, 1) }
    for _ in 0..<12 where work > 0 && low < high {
      let middle = low / 2 + high / 2
      let outcome = search.search(radius: middle, work: &work)
      if let found = outcome.flip, found.distance < flip?.distance ?? .infinity {
        flip = found
        if outcome.isComplete { return found.distance }
      }
      if outcome.flip == nil, outcome.isComplete { low = middle } else { high = middle }
    }
    return low
  }

  /// The distances of a sample to the thresholds of its features, ascending, each once.
  private func thresholdDistances(of sample: [Float]) -> [Double] {
    var result: Set<Double> = []
    for side in boxes.trees.joined().flatMap(\.sides) where !sample[side.feature].isNaN {
      for end in [side.lower, side.upper] where end.isFinite {
        result.insert(distance.change(of: side.feature, from: sample[side.feature], to: end))
      }
    }
    return result.sorted()
  }
}
