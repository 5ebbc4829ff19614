import EngineSupport
import ThreatLanguage

/// Random small languages with their own source text, and graphs of them by brute force: shares no code
/// with the compiler or the generator, and knows inheritance, typing and expressions for itself.
struct NaiveLanguage {
  indirect enum Walk {
    case field(String)
    case call(String)
    case collect(Walk, Walk)
    case union(Walk, Walk)
    case intersection(Walk, Walk)
    case difference(Walk, Walk)
    case star(Walk)
    case only(Walk, Int)

    var text: String {
      switch self {
      case .field(let name): name
      case .call(let name): name + "()"
      case .collect(let a, let b): "(\(a.text)).(\(b.text))"
      case .union(let a, let b): "(\(a.text) \\/ \(b.text))"
      case .intersection(let a, let b): "(\(a.text) /\\ \(b.text))"
      case .difference(let a, let b): "(\(a.text) - \(b.text))"
      case .star(let a): "(\(a.text))*"
      case .only(let a, let type): "(\(a.text))[T\(type)]"
      }
    }
  }

  struct Step {
    var name: String
    var isAddition: Bool
    var leads: [(walk: Walk?, target: String)]
    var requires: [Walk]
    var hasArrow: Bool { !leads.isEmpty }
  }

  struct Association {
    var left: Int
    var right: Int
  }

  var superTypes: [Int?] = []
  var associations: [Association] = []
  var variables: [[(name: String, walk: Walk, end: Int)]] = []
  var steps: [[Step]] = []
  private var random: SeededRandom

  static let symbols = ["o": "|", "a": "&", "d": "#", "e": "E", "n": "!E"]

  func ancestry(_ type: Int) -> [Int] {
    var chain = [type]
    while let above = superTypes[chain[chain.count - 1]] { chain.append(above) }
    return chain
  }

  func isKind(_ type: Int, _ ancestor: Int) -> Bool { ancestry(type).contains(ancestor) }

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    let count = 1 + random.index(below: 4)
    for type in 0..<count {
      superTypes.append(type > 0 && chance(60) ? random.index(below: type) : nil)
    }
    for _ in 0..<1 + random.index(below: 4) {
      associations.append(
        Association(left: random.index(below: count), right: random.index(below: count)))
    }
    variables = Array(repeating: [], count: count)
    for type in 0..<count where chance(60) {
      for number in 0..<1 + random.index(below: 2) {
        if let (walk, end) = randomWalk(from: type, depth: 2) {
          variables[type].append(("v\(type)_\(number)", walk, end))
        }
      }
    }
    steps = Array(repeating: [], count: count)
    let names = ["o0", "o1", "a0", "d0", "e0", "n0"]
    // Names first, so that leads find them; a type has its own or inherited ones, and an existence
    // check only where it has something to look at.
    var own = (0..<count).map { _ in names.filter { _ in chance(55) } }
    for type in 0..<count where randomWalk(from: type, depth: 0) == nil {
      own[type].removeAll { "en".contains($0.prefix(1)) }
    }
    for type in 0..<count where ancestry(type).allSatisfy({ own[$0].isEmpty }) {
      own[type] = ["o0"]
    }
    for type in 0..<count {
      for name in own[type] { steps[type].append(randomStep(name, of: type, own)) }
    }
  }

  private mutating func chance(_ percent: Int) -> Bool { random.index(below: 100) < percent }

  private mutating func randomStep(_ name: String, of type: Int, _ own: [[String]]) -> Step {
    let isInherited = ancestry(type).dropFirst().contains { own[$0].contains(name) }
    var step = Step(name: name, isAddition: isInherited && chance(50), leads: [], requires: [])
    if name.hasPrefix("e") || name.hasPrefix("n") {
      for _ in 0..<1 + random.index(below: 2) {
        if let (walk, _) = randomWalk(from: type, depth: 2) { step.requires.append(walk) }
      }
    }
    for _ in 0..<random.index(below: 4) {
      let (walk, end): (Walk?, Int) =
        randomWalk(from: type, depth: 3).map { ($0, $1) } ?? (nil, type)
      let targets = ancestry(end).flatMap { own[$0] }.filter { !"en".contains($0.prefix(1)) }
      guard !targets.isEmpty else { continue }
      step.leads.append((walk, targets[random.index(below: targets.count)]))
    }
    return step
  }

  /// A well-typed walk, or `nil` where the type has no way out.
  private mutating func randomWalk(from type: Int, depth: Int) -> (Walk, Int)? {
    let chain = ancestry(type)
    var ways: [(Walk, Int)] = []
    for (index, association) in associations.enumerated() {
      if chain.contains(association.left) { ways.append((.field("r\(index)"), association.right)) }
      if chain.contains(association.right) { ways.append((.field("l\(index)"), association.left)) }
    }
    for owner in chain where owner < variables.count {
      ways += variables[owner].map { (.call($0.name), $0.end) }
    }
    guard !ways.isEmpty else { return nil }
    let simple = ways[random.index(below: ways.count)]
    guard depth > 0, chance(75), let (left, end) = randomWalk(from: type, depth: depth - 1) else {
      return simple
    }
    switch random.index(below: 6) {
    case 0:
      guard let (right, last) = randomWalk(from: end, depth: depth - 1) else { return (left, end) }
      return (.collect(left, right), last)
    case 1 where isKind(end, type): return (.star(left), end)
    case 2:
      let kinds = superTypes.indices.filter { isKind($0, end) }
      let kind = kinds[random.index(below: kinds.count)]
      return (.only(left, kind), kind)
    case 3...5:
      guard let (right, other) = randomWalk(from: type, depth: depth - 1),
        let common = ancestry(end).first(where: { isKind(other, $0) })
      else { return (left, end) }
      switch random.index(below: 3) {
      case 0: return (.union(left, right), common)
      case 1: return (.intersection(left, right), common)
      default: return (.difference(left, right), common)
      }
    default: return (left, end)
    }
  }

  var text: String {
    var text = "#id: \"random\"\n#version: \"1.0.0\"\ncategory C {\n"
    for type in superTypes.indices {
      text += "asset T\(type)\(superTypes[type].map { " extends T\($0)" } ?? "") {\n"
      for variable in variables[type] { text += "let \(variable.name) = \(variable.walk.text)\n" }
      for step in steps[type] {
        text += "\(Self.symbols[String(step.name.prefix(1))] ?? "|") \(step.name)"
        if !step.requires.isEmpty {
          text += " <- " + step.requires.map(\.text).joined(separator: ", ")
        }
        if step.hasArrow {
          text += step.isAddition ? " +> " : " -> "
          text += step.leads.map { ($0.walk.map { $0.text + "." } ?? "") + $0.target }
            .joined(separator: ", ")
        }
        text += "\n"
      }
      text += "}\n"
    }
    text += "}\nassociations {\n"
    for (index, association) in associations.enumerated() {
      text += "T\(association.left) [l\(index)] * <-- A\(index) --> * [r\(index)] "
      text += "T\(association.right)\n"
    }
    return text + "}\n"
  }

  mutating func randomModel() -> (model: InstanceModel, types: [Int]) {
    let types = (0..<1 + random.index(below: 7)).map { _ in random.index(below: superTypes.count) }
    let assets = types.enumerated().map {
      InstanceModel.Asset(name: "x\($0.offset)", type: "T\($0.element)")
    }
    var links: [InstanceModel.Link] = []
    for _ in 0..<random.index(below: 18) {
      let index = random.index(below: associations.count)
      let left = random.index(below: types.count)
      let right = random.index(below: types.count)
      guard isKind(types[left], associations[index].left),
        isKind(types[right], associations[index].right)
      else { continue }
      links.append(InstanceModel.Link(association: "A\(index)", left: left, right: right))
    }
    return (InstanceModel(assets: assets, links: links), types)
  }

  // MARK: - Graph by brute force

  func follow(
    _ walk: Walk, _ start: Set<Int>, _ types: [Int], _ links: [InstanceModel.Link]
  ) -> Set<Int> {
    func go(_ walk: Walk, _ from: Set<Int>) -> Set<Int> { follow(walk, from, types, links) }
    switch walk {
    case .field(let name):
      let association = "A" + name.dropFirst()
      let matching = links.filter { $0.association == association }
      return name.hasPrefix("l")
        ? Set(matching.filter { start.contains($0.right) }.map(\.left))
        : Set(matching.filter { start.contains($0.left) }.map(\.right))
    case .call(let name):
      guard let variable = variables.joined().first(where: { $0.name == name }) else { return [] }
      return go(variable.walk, start)
    case .collect(let left, let right):
      return go(left, start).reduce(into: []) { $0.formUnion(go(right, [$1])) }
    case .union(let a, let b): return go(a, start).union(go(b, start))
    case .intersection(let a, let b): return go(a, start).intersection(go(b, start))
    case .difference(let a, let b): return go(a, start).subtracting(go(b, start))
    case .star(let inner):
      var all = start
      var frontier = start
      while !frontier.isEmpty {
        frontier = go(inner, frontier).subtracting(all)
        all.formUnion(frontier)
      }
      return all
    case .only(let inner, let type): return go(inner, start).filter { isKind(types[$0], type) }
    }
  }

  /// Step names, leads and requirements of a type after inheritance.
  func merged(_ type: Int) -> [String: Step] {
    var result: [String: Step] = [:]
    for owner in ancestry(type).reversed() {
      for step in steps[owner] {
        var step = step
        if let above = result[step.name], !step.hasArrow || step.isAddition {
          step.leads += above.leads
          step.requires += above.requires
        }
        result[step.name] = step
      }
    }
    return result
  }

  /// All nodes (with `+` where an existence check holds, `-` where not) and all edges, by name.
  func graph(
    _ model: InstanceModel, _ types: [Int]
  ) -> (nodes: Set<String>, edges: Set<String>) {
    var nodes: Set<String> = []
    var edges: Set<String> = []
    for (asset, type) in types.enumerated() {
      for (name, step) in merged(type) {
        let exists = step.requires.contains { !follow($0, [asset], types, model.links).isEmpty }
        let holds = name.hasPrefix("e") ? exists : name.hasPrefix("n") ? !exists : true
        nodes.insert("x\(asset):\(name)\(holds ? "+" : "-")")
        for lead in step.leads {
          let ends = lead.walk.map { follow($0, [asset], types, model.links) } ?? [asset]
          for end in ends where merged(types[end])[lead.target] != nil {
            edges.insert("x\(asset):\(name)>x\(end):\(lead.target)")
          }
        }
      }
    }
    return (nodes, edges)
  }
}
