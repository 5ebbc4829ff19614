/// Foretells how many boxes splitting will take, from the gains of the splits so far, so that a hopeless check ends
/// before its effort is spent.
///
/// A split with the gains (l, r) moves the bounds of its halves that much nearer to 0. If every split gained as much,
/// a box whose bound lies G below 0 would take T(G) = 1 + T(G − l) + T(G − r) boxes, T(G) = 1 for G ≤ 0.
/// Source: Le Bodic, Nemhauser, "An abstract model for branching and its application to mixed integer programming",
/// Mathematical Programming 166 (2017), section 3.
struct SplittingForecast {
  /// Later splits may gain more than the best so far: the forecast lets them gain twice that.
  private static let optimism = 2.0

  /// Bounds of halves whose other half is not bounded yet, by their parent.
  private var waiting: [Int: Double] = [:]
  /// The gains of the split that promised the least boxes.
  private(set) var best: (less: Double, more: Double)?

  /// Notes what a half gained.
  ///
  /// - Parameters:
  ///   - parent: The number of the box that was split.
  ///   - depth: How far below 0 the parent's bound was.
  ///   - gain: The half's bound less its parent's, infinite for a half that is empty.
  mutating func note(parent: Int, depth: Double, gain: Double) {
    guard depth.isFinite else { return }
    guard let other = waiting.removeValue(forKey: parent) else {
      waiting[parent] = gain
      return
    }
    let pair = (less: min(gain, other), more: max(gain, other))
    let size = Self.boxes(depth, pair, atMost: Self.horizon)
    guard let best else {
      self.best = pair
      return
    }
    let known = Self.boxes(depth, best, atMost: Self.horizon)
    if size < known || size == known && pair.less > best.less { self.best = pair }
  }

  /// Whether the open halves of boxes take more than `rest` boxes even by the optimistic forecast. Never before a first
  /// split is known from both halves.
  ///
  /// - Parameter depths: For each half how far the bound of its parent lies below 0.
  func isHopeless(_ depths: [Double], within rest: Int) -> Bool {
    guard let best, rest < Self.horizon else { return false }
    let gains = (less: best.less * Self.optimism, more: best.more * Self.optimism)
    var needed = 0
    for depth in depths {
      // Half of what the parent's tree takes without the parent.
      needed += (Self.boxes(depth, gains, atMost: 2 * rest + 2) - 1) / 2
      if needed > rest { return true }
    }
    return false
  }

  /// Boxes beyond which no tree is followed.
  private static let horizon = 1 << 12

  /// T(depth), or some number above `most` where it is larger.
  static func boxes(
    _ depth: Double, _ gains: (less: Double, more: Double), atMost most: Int
  ) -> Int {
    guard depth > 0 else { return 1 }
    guard gains.less > 0, depth.isFinite else { return most + 1 }
    var count = 0
    var open = [depth]
    while let next = open.popLast() {
      count += 1
      if count > most { return most + 1 }
      guard next > 0 else { continue }
      // The harder half is followed first: it needs the most levels.
      open.append(next - gains.more)
      open.append(next - gains.less)
    }
    return count
  }
}
