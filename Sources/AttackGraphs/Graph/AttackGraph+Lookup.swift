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
    return steps(of: place).first { steps[$0].type.name == step }
  }

  /// The steps of one asset, which stand together.
  public func steps(of asset: Int) -> Range<StepID> {
    firstStep(from: asset)..<firstStep(from: asset + 1)
  }

  /// The first step whose asset is `asset` or a later one: steps are in asset order.
  private func firstStep(from asset: Int) -> StepID {
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].asset < asset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The parents of a step, ascending; indices of the slice are those of `parentRules`.
  public func parents(of step: StepID) -> ArraySlice<Int32> {
    parents[Int(parentOffsets[step])..<Int(parentOffsets[step + 1])]
  }

  /// Edges the other way round: from each step to what it leads to.
  public func children() -> Adjacency {
    var offsets = Array(repeating: Int32(0), count: steps.count + 1)
    for parent in parents { offsets[Int(parent) + 1] += 1 }
    for step in steps.indices { offsets[step + 1] += offsets[step] }
    var next = offsets
    var targets = Array(repeating: Int32(0), count: parents.count)
    for child in steps.indices {
      for parent in parents(of: child) {
        targets[Int(next[Int(parent)])] = Int32(child)
        next[Int(parent)] += 1
      }
    }
    return Adjacency(offsets: offsets, targets: targets)
  }

  /// Neighbours in compressed sparse rows, ascending in each row.
  public struct Adjacency: Sendable {
    public let offsets: [Int32]
    public let targets: [Int32]

    public subscript(step: StepID) -> ArraySlice<Int32> {
      targets[Int(offsets[step])..<Int(offsets[step + 1])]
    }
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
            range.map { (graph.steps[$0].type.name, $0 - range.lowerBound) },
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
