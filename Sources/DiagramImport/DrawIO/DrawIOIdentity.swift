import ArchitectureModel
import EngineSupport

/// Merges shapes that show the same thing on different pages: plants are drawn over several pages.
///
/// The rule: equal label (case and white space aside) and equal `kind` attribute, or equal shape name where
/// neither has that attribute. A key that stands twice on one page names two things there, so nothing is
/// merged by it.
struct DrawIOIdentity {
  private(set) var shapes: [DrawnShape]
  private(set) var lines: [DrawnLine]
  /// What was merged into what.
  private(set) var merged: [DrawnID: DrawnID] = [:]

  private struct Key: Hashable {
    var label, kind: String
  }

  private struct AttributeName: Hashable {
    var shape: Int
    var name: String
  }

  static func merge(
    shapes: [DrawnShape], lines: [DrawnLine], reportingTo diagnostics: inout Diagnostics
  ) -> DrawIOIdentity {
    var identity = DrawIOIdentity(shapes: shapes, lines: lines)
    if Set(shapes.map(\.id.page)).count > 1 { identity.merge(reportingTo: &diagnostics) }
    return identity
  }

  private init(shapes: [DrawnShape], lines: [DrawnLine]) {
    self.shapes = shapes
    self.lines = lines
  }

  private static func key(of shape: DrawnShape) -> Key? {
    guard !shape.label.isEmpty else { return nil }
    let kind = shape.attributes.first { $0.name.lowercased() == "kind" }?.value
    return Key(
      label: shape.label.lowercased(),
      kind: kind.map { "kind " + HTMLText.collapsed($0).lowercased() }
        ?? "shape " + shape.shapeName)
  }

  private mutating func merge(reportingTo diagnostics: inout Diagnostics) {
    let representative = representatives(reportingTo: &diagnostics)
    let positions = Dictionary(
      uniqueKeysWithValues: shapes.enumerated().map { ($0.element.id, $0.offset) })
    var forest = ContainmentForest(count: shapes.count)
    // First the containers of the shapes that stay, then what their doubles add.
    for wantsDoubles in [false, true] {
      for (position, shape) in shapes.enumerated() {
        let first = representative[position]
        guard (first != position) == wantsDoubles,
          let container = shape.container.flatMap({ positions[$0] })
        else { continue }
        if forest.attach(first, to: representative[container]), wantsDoubles {
          shapes[first].containment = shape.containment
        }
      }
    }
    var known: [AttributeName: String] = [:]
    for (position, shape) in shapes.enumerated() where representative[position] == position {
      for attribute in shape.attributes {
        known[AttributeName(shape: position, name: attribute.name)] = attribute.value
      }
    }
    for position in shapes.indices where representative[position] != position {
      absorb(position, into: representative[position], known: &known, reportingTo: &diagnostics)
    }
    var holdsShapes = [Bool](repeating: false, count: shapes.count)
    for position in shapes.indices where representative[position] == position {
      let container = forest.container[position]
      shapes[position].container = container.map { shapes[$0].id }
      if let container { holdsShapes[container] = true } else { shapes[position].containment = nil }
    }
    for position in shapes.indices { shapes[position].isContainer = holdsShapes[position] }
    shapes = shapes.indices.filter { representative[$0] == $0 }.map { shapes[$0] }
    for position in lines.indices {
      lines[position].source = lines[position].source.map { merged[$0] ?? $0 }
      lines[position].target = lines[position].target.map { merged[$0] ?? $0 }
    }
  }

  /// For each shape the first one that shows the same thing, or itself.
  private func representatives(reportingTo diagnostics: inout Diagnostics) -> [Int] {
    var groups: [Key: [Int]] = [:]
    for (position, shape) in shapes.enumerated() {
      if let key = Self.key(of: shape) { groups[key, default: []].append(position) }
    }
    var representative = Array(shapes.indices)
    for (position, shape) in shapes.enumerated() {
      guard let key = Self.key(of: shape), let group = groups[key], group.count > 1,
        group[0] == position
      else { continue }
      let pages = Set(group.map { shapes[$0].id.page })
      if pages.count == group.count {
        for member in group { representative[member] = position }
      } else if pages.count > 1 {
        diagnostics.report(
          Diagnostic(
            .warning, "import.drawio.ambiguous-identity",
            "\"\(shape.label)\" is drawn several times on one page and again on another; "
              + "none of them are merged", at: shape.location,
            hint: "give the shapes distinct labels, or the same kind attribute to the equal ones"))
      }
    }
    return representative
  }

  private mutating func absorb(
    _ double: Int, into first: Int, known: inout [AttributeName: String],
    reportingTo diagnostics: inout Diagnostics
  ) {
    merged[shapes[double].id] = shapes[first].id
    shapes[first].alsoDrawnAs.append(shapes[double].id)
    for attribute in shapes[double].attributes {
      let name = AttributeName(shape: first, name: attribute.name)
      guard let value = known[name] else {
        known[name] = attribute.value
        shapes[first].attributes.append(attribute)
        continue
      }
      guard value != attribute.value else { continue }
      diagnostics.report(
        Diagnostic(
          .warning, "import.drawio.conflicting-attribute",
          "\(attribute.name) is \"\(attribute.value)\" here and \"\(value)\" where "
            + "\"\(shapes[first].label)\" is drawn first; the first is kept",
          at: shapes[double].location))
    }
  }
}
