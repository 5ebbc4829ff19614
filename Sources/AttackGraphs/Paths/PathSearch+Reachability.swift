/// From where a goal can be reached at all, however improbable: a statement without any search limit.
public struct FrontReachability: Sendable, Hashable {
  /// Without any entry point: absent defences alone lead there.
  public var unaided: Bool
  /// By an attacker who stands at the network front only.
  public var fromNetwork: Bool
  /// By an attacker who stands at the sensor front only.
  public var fromSensor: Bool
  /// By an attacker who stands at both.
  public var fromBoth: Bool

  public init(unaided: Bool, fromNetwork: Bool, fromSensor: Bool, fromBoth: Bool) {
    self.unaided = unaided
    self.fromNetwork = fromNetwork
    self.fromSensor = fromSensor
    self.fromBoth = fromBoth
  }

  /// Neither front alone leads to the goal, both together do.
  public var onlyWithBoth: Bool { fromBoth && !fromNetwork && !fromSensor }
}

extension AttackGraph {
  /// Whether `goal` can be reached from each front. Linear in the size of the graph.
  public func reachability(of goal: StepID, from entries: [StepID: Fronts]) -> FrontReachability {
    let graph = andOrGraph(from: entries)
    return FrontReachability(
      unaided: graph.reached(from: [])[goal], fromNetwork: graph.reached(from: .network)[goal],
      fromSensor: graph.reached(from: .sensor)[goal], fromBoth: graph.reached(from: .both)[goal])
  }

  /// Every step an attacker who stands at all of `fronts` can reach, by step id.
  public func reachableSteps(from entries: [StepID: Fronts], at fronts: Fronts) -> [Bool] {
    andOrGraph(from: entries).reached(from: fronts)
  }
}
