/// Which attackers the paths of a list are meant for.
package enum FrontDemand: Sendable, Hashable {
  /// One who stands at all of these fronts can walk the path, and may not need all of them.
  case within(Fronts)
  /// The same, and one who lacks any of them cannot.
  case exactly(Fronts)

  package var fronts: Fronts {
    switch self {
    case .within(let fronts), .exactly(let fronts): fronts.intersection(.both)
    }
  }

  /// Fewer fronts, one of which would have to do for a path not to meet the demand.
  var tooFew: [Fronts] {
    guard case .exactly = self else { return [] }
    return fronts == .both ? [.network, .sensor] : fronts.isEmpty ? [] : [[]]
  }

  /// Whether a derivation that starts at `sources` meets the demand, given that they stand open to it.
  func isMet(by sources: some Sequence<Int32>, of graph: AndOrGraph) -> Bool {
    tooFew.allSatisfy { fewer in
      sources.contains { graph.kinds[Int($0)] != .given && !graph.isEntry(Int($0), from: fewer) }
    }
  }
}
