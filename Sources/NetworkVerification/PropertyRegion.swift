import EngineSupport
import PropertyFormat

/// The cases of a property that share one box of inputs.
struct PropertyRegion: Sendable {
  /// The box that is proved: the property's bounds rounded outwards.
  var lower: [Double]
  var upper: [Double]
  /// The `Float` values inside the property's bounds, between which violations are sought.
  var least: [Float]
  var most: [Float]
  /// Indices into the property's cases, in order.
  var cases: [Int]

  /// The regions of a property, in the order of their first cases; empty boxes, which nothing can violate, are
  /// left out.
  ///
  /// Errors: `vnnlib.unbounded` where an input has no bound on some side.
  static func regions(
    of property: SafetyProperty, at location: SourceLocation
  ) throws(Diagnostic) -> [PropertyRegion] {
    struct Key: Hashable {
      var least: [SafetyProperty.Bound]
      var most: [SafetyProperty.Bound]
    }
    var places: [Key: Int] = [:]
    var regions: [PropertyRegion] = []
    for (index, item) in property.cases.enumerated() {
      for input in item.least.indices {
        guard item.least[input].below.isFinite, item.most[input].above.isFinite else {
          throw Diagnostic(
            "vnnlib.unbounded",
            "input X_\(input) has no bound on one side, so no box can be proved",
            at: location)
        }
      }
      let key = Key(least: item.least, most: item.most)
      if let place = places[key] {
        regions[place].cases.append(index)
      } else if let region = PropertyRegion(item, index: index) {
        places[key] = regions.count
        regions.append(region)
      }
    }
    return regions
  }

  /// nil where some input has its bounds the wrong way round.
  private init?(_ item: SafetyProperty.Case, index: Int) {
    lower = item.least.map(\.below)
    upper = item.most.map(\.above)
    guard zip(lower, upper).allSatisfy({ $0 <= $1 }) else { return nil }
    least = item.least.map { Self.rounded($0.above, up: true) }
    most = item.most.map { Self.rounded($0.below, up: false) }
    cases = [index]
    for input in lower.indices where least[input] > most[input] {
      // No `Float` lies between: the input stands for the nearest one, which joins the proved box.
      let nearest = Float(lower[input] / 2 + upper[input] / 2)
      guard nearest.isFinite else { return nil }
      (least[input], most[input]) = (nearest, nearest)
      lower[input] = min(lower[input], Double(nearest))
      upper[input] = max(upper[input], Double(nearest))
    }
  }

  private static func rounded(_ value: Double, up: Bool) -> Float {
    let nearest = Float(value)
    if up { return Double(nearest) < value ? nearest.nextUp : nearest }
    return Double(nearest) > value ? nearest.nextDown : nearest
  }

  /// A point of the region's `Float` values near this one.
  func clamped(_ point: [Double]) -> [Float] {
    point.indices.map { min(max(Float(point[$0]), least[$0]), most[$0]) }
  }
}
