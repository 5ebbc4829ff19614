import ArchitectureModel

/// The architecture as a graph to be placed: a box for each component, a small one for each flow's label,
/// a frame for each zone and each device that others are drawn in.
struct ArchitecturePlan {
  /// What a frame stands for.
  enum Owner: Hashable {
    case zone(Int)
    case device(Int)
  }

  private(set) var dot = DotGraph(.downward)
  /// Parallel to `dot.groups`.
  private(set) var owners: [Owner] = []
  /// `nil` for a device that is only a frame.
  private(set) var nodeOfComponent: [Int?]
  private(set) var nodeOfFlow: [Int] = []

  private let architecture: ArchitectureGraph
  private let devices: Set<Int>
  private var members: [Owner: [Int]] = [:]

  init(_ architecture: ArchitectureGraph) {
    self.architecture = architecture
    devices = Set(architecture.components.compactMap(\.enclosure))
    nodeOfComponent = Array(repeating: nil, count: architecture.components.count)
    dot.groupMargin = 22
    dot.rankGap = 16
    var ends = Set<Int>()
    for flow in architecture.flows { ends.formUnion([flow.source, flow.target]) }
    for index in architecture.components.indices
    where !devices.contains(index) || ends.contains(index) {
      let node = dot.addNode(Self.size(of: architecture.components[index]))
      nodeOfComponent[index] = node
      if let owner = owners(of: index).first { members[owner, default: []].append(node) }
    }
    addFlows()
    addGroups()
  }

  private mutating func addFlows() {
    for flow in architecture.flows {
      let lines = Self.lines(ofFlow: flow.label)
      let width = lines.map { LabelText.width(of: $0, size: 9) }.max() ?? 0
      let node = dot.addNode(
        lines.isEmpty
          ? DotGraph.Size(width: 2, height: 2)
          : DotGraph.Size(width: width + 12, height: Double(lines.count) * 11 + 6))
      nodeOfFlow.append(node)
      let others = Set(owners(of: flow.target))
      if let owner = owners(of: flow.source).first(where: others.contains) {
        members[owner, default: []].append(node)
      }
      if let source = nodeOfComponent[flow.source] { dot.addEdge(from: source, to: node) }
      if let target = nodeOfComponent[flow.target] { dot.addEdge(from: node, to: target) }
    }
  }

  private mutating func addGroups() {
    for zone in architecture.zones.indices where architecture.zones[zone].parent == nil {
      _ = addGroup(.zone(zone))
    }
    for device in devices.sorted()
    where architecture.components[device].zone == nil
      && architecture.components[device].enclosure == nil
    {
      _ = addGroup(.device(device))
    }
  }

  /// Inner groups first. Drawings are at most 256 deep; a drawing that contains itself has no top and is
  /// never reached from here.
  private mutating func addGroup(_ owner: Owner) -> Int {
    var inner: [Int] = []
    if case .zone(let zone) = owner {
      for child in architecture.zones.indices where architecture.zones[child].parent == zone {
        inner.append(addGroup(.zone(child)))
      }
    }
    for device in devices.sorted() where innerOwner(ofDevice: device) == owner {
      inner.append(addGroup(.device(device)))
    }
    owners.append(owner)
    return dot.addGroup(nodes: members[owner] ?? [], groups: inner)
  }

  private func innerOwner(ofDevice device: Int) -> Owner? {
    if let enclosure = architecture.components[device].enclosure, enclosure != device {
      return .device(enclosure)
    }
    return architecture.components[device].zone.map { .zone($0) }
  }

  /// The frames around a component, from the inside out; a device stands in its own frame.
  private func owners(of component: Int) -> [Owner] {
    var owners: [Owner] = []
    var next: Owner? = devices.contains(component) ? .device(component) : nil
    if next == nil { next = innerOwner(ofDevice: component) }
    while let owner = next, !owners.contains(owner) {
      owners.append(owner)
      switch owner {
      case .zone(let zone): next = architecture.zones[zone].parent.map { .zone($0) }
      case .device(let device): next = innerOwner(ofDevice: device)
      }
    }
    return owners
  }

  /// The flow that an edge is one half of: the half towards its target is the head.
  func flow(of edge: DotGraph.Edge) -> (flow: Int, isHead: Bool)? {
    if let flow = nodeOfFlow.firstIndex(of: edge.from) { return (flow, true) }
    if let flow = nodeOfFlow.firstIndex(of: edge.to) { return (flow, false) }
    return nil
  }

  static func lines(ofComponent name: String) -> [String] {
    LabelText.wrapped(name, size: 11, width: 120, lines: 3)
  }

  static func lines(ofFlow label: String) -> [String] {
    LabelText.wrapped(label, size: 9, width: 110, lines: 2)
  }

  private static func size(of component: ArchitectureGraph.Component) -> DotGraph.Size {
    let lines = lines(ofComponent: component.name)
    let widths =
      lines.map { LabelText.width(of: $0, size: 11) + 24 }
      + [LabelText.width(of: component.kind.rawValue, size: 8.5) + 20]
    return DotGraph.Size(
      width: max(84, widths.max() ?? 0), height: Double(lines.count) * 13 + 24)
  }
}
