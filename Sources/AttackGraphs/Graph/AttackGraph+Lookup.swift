public import EngineSupport
import ThreatLanguage

/// Finding steps by name, and the neighbours of a step.
extension AttackGraph {
  /// The step called `asset name:step name`, as `name(of:)` gives it. Searches all assets; for many
  /// look-ups make a `StepIndex`.
  public func step(named name: String) -> StepID? {
    guard let colon = name.lastIndex(of: ":") else { return nil }
    let asset = name[..<colon]
    let step = name[name.index(after: colon)...]
    guard let place = instance.assets.firstIndex(where: { $0.name == asset }) else { return nil }
    return steps(of: place).first { type(of: $0).name == step }
  }

  /// The steps of one asset, which stand together.
  public func steps(of asset: Int) -> Range<StepID> {
    Int(firstSteps[asset])..<Int(firstSteps[asset + 1])
  }

  /// The parents of a step, ascending.
  public func parents(of step: StepID) -> ArraySlice<Int32> {
    parents[Int(parentOffsets[step])..<Int(parentOffsets[step + 1])]
  }

  /// What a step leads to, in the order of its rules.
  public func children(of step: StepID) -> ArraySlice<Int32> {
    children[Int(childOffsets[step])..<Int(childOffsets[step + 1])]
  }

  /// The line of the language that makes `parent` lead to `child`: the first, if several do.
  public func rule(from parent: StepID, to child: StepID) -> SourceLocation? {
    let row = Int(childOffsets[parent])..<Int(childOffsets[parent + 1])
    return row.first { Int(children[$0]) == child }.map { rules[Int(childRules[$0])] }
  }

  /// Steps by name, for many look-ups.
  public struct StepIndex: Sendable {
    private var assets: [String: Range<StepID>] = [:]
    private var positions: [String: [String: Int]] = [:]
    private var types: [String: String] = [:]

    public init(_ graph: AttackGraph) {
      for (place, asset) in graph.instance.assets.enumerated() where assets[asset.name] == nil {
        let range = graph.steps(of: place)
        assets[asset.name] = range
        types[asset.name] = asset.type
        if positions[asset.type] == nil, !range.isEmpty {
          positions[asset.type] = Dictionary(
            range.map { (graph.type(of: $0).name, $0 - range.lowerBound) },
            uniquingKeysWith: { first, _ in first })
        }
      }
    }

    public func step(_ step: String, of asset: String) -> StepID? {
      guard let range = assets[asset], let type = types[asset],
        let position = positions[type]?[step]
      else { return nil }
      return range.lowerBound + position
    }
  }
}
