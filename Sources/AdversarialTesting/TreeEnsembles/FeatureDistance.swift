/// How far apart two samples are, feature by feature in units of the feature's scale.
public struct FeatureDistance: Sendable, Hashable, Codable {
  public enum Norm: String, Sendable, Hashable, Codable, CaseIterable {
    /// The greatest change of a feature.
    case maximum
    /// The sum of the changes.
    case sum
    /// The root of the sum of squares.
    case euclidean
  }

  public var norm: Norm
  /// What counts as one unit of each feature; nil for 1 everywhere.
  public var scales: [Double]?

  /// - Parameter scales: all over 0, one a feature.
  public init(_ norm: Norm, scales: [Double]? = nil) {
    precondition(scales?.allSatisfy { $0 > 0 && $0.isFinite } ?? true, "scales are over 0")
    self.norm = norm
    self.scales = scales
  }

  /// The change of one feature. Two `Float` numbers differ by a `Double` within half an ulp of it.
  func change(of feature: Int, from x: Float, to y: Float) -> Double {
    let difference = abs(Double(y) - Double(x))
    return scales.map { difference / $0[feature] } ?? difference
  }

  /// Adds a feature's change to what was there: the sum of squares for the Euclidean norm.
  func adding(_ change: Double, to total: Double) -> Double {
    switch norm {
    case .maximum: max(total, change)
    case .sum: total + change
    case .euclidean: total + change * change
    }
  }

  func length(_ total: Double) -> Double {
    norm == .euclidean ? total.squareRoot() : total
  }

  /// The distance of two whole samples; features missing in both are equal.
  public func between(_ x: [Float], _ y: [Float]) -> Double {
    var total = 0.0
    for feature in x.indices where !(x[feature].isNaN && y[feature].isNaN) {
      total = adding(change(of: feature, from: x[feature], to: y[feature]), to: total)
    }
    return length(total)
  }
}
