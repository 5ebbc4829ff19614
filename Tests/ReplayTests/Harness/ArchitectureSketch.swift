import ArchitectureModel
import AttackGraphs
import EngineSupport
import Testing
import ThreatKnowledge
import ThreatLanguage

/// A drawing written as lines of text, which goes the same way as one from a drawing tool:
///
/// - `zone Name` and `Name kind`, both with `in Box` behind them where they are drawn inside another box
/// - `A -> B : label` and, with arrow heads at both ends, `A <-> B : label`; the label may be left out
struct ArchitectureSketch {
  private var shapes: [DrawnShape] = []
  private var lines: [DrawnLine] = []

  static let language: CompiledLanguage? = {
    var diagnostics = Diagnostics()
    return CompiledLanguage(sources: IndustrialLanguage.sources, reportingTo: &diagnostics)
  }()

  init(_ text: String) {
    for (number, line) in text.split(separator: "\n").enumerated() {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      let words = parts[0].split(separator: " ").map(String.init)
      let label = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
      switch words.count {
      case 3 where words[1] == "->" || words[1] == "<->":
        add(words[0], words[2], label, isBidirectional: words[1] == "<->", number)
      case 2, 4:
        if words.count == 4, words[2] != "in" { Issue.record("line \(number + 1): \(line)") }
        add(words, number)
      default: Issue.record("line \(number + 1): \(line)")
      }
    }
  }

  private mutating func add(_ words: [String], _ number: Int) {
    let isZone = words[0] == "zone"
    let name = isZone ? words[1] : words[0]
    let container = words.count == 4 ? words[3] : nil
    if !isZone, ComponentKind(rawValue: words[1]) == nil { Issue.record("\(words[1]) is no kind") }
    for place in shapes.indices where shapes[place].label == container {
      shapes[place].isContainer = true
    }
    if let container, !shapes.contains(where: { $0.label == container }) {
      Issue.record("\(container) is not drawn yet")
    }
    shapes.append(
      DrawnShape(
        id: Self.id(name), label: name,
        attributes: [DrawnAttribute(name: "kind", value: isZone ? "zone" : words[1])],
        shapeName: "", container: container.map(Self.id),
        containment: container == nil ? nil : .parent, isContainer: isZone, bounds: nil,
        alsoDrawnAs: [], location: SourceLocation(document: "sketch", line: number + 1),
        source: Array(name.utf8)))
  }

  private mutating func add(
    _ tail: String, _ head: String, _ label: String, isBidirectional: Bool, _ number: Int
  ) {
    for end in [tail, head] where !shapes.contains(where: { $0.label == end }) {
      Issue.record("\(end) is not drawn yet")
    }
    lines.append(
      DrawnLine(
        id: Self.id("line \(number + 1)"), label: label, attributes: [], source: Self.id(tail),
        target: Self.id(head), isBidirectional: isBidirectional,
        location: SourceLocation(document: "sketch", line: number + 1),
        sourceBytes: Array(label.utf8)))
  }

  /// The same with a switch of its own in every line that names a protocol of a network, outside all zones.
  func switched() throws -> ArchitectureSketch {
    let language = try #require(Self.language)
    var sketch = self
    sketch.lines = []
    for (number, line) in lines.enumerated() {
      let row = BindingTable.protocolRow(namedIn: line.label)
      guard let row, language.isType(row.row.becomes, kindOf: "NetworkFlow"),
        let tail = line.source?.cell, let head = line.target?.cell
      else {
        sketch.lines.append(line)
        continue
      }
      let middle = "switch-\(number)"
      sketch.add([middle, ComponentKind.networkDevice.rawValue], 1_000 + number)
      for (place, ends) in [(tail, middle), (middle, head)].enumerated() {
        sketch.add(
          ends.0, ends.1, line.label, isBidirectional: line.isBidirectional,
          2_000 + 2 * number + place)
      }
    }
    return sketch
  }

  private static func id(_ cell: String) -> DrawnID { DrawnID(page: "page", cell: cell) }

  /// What the binding table makes of it. Nothing is said of any defence: all are as the language assumes.
  func instance() throws -> InstanceModel {
    let language = try #require(Self.language)
    var diagnostics = Diagnostics()
    let architecture = ArchitectureGraph(
      checking: [
        ArchitectureDraft(
          document: "sketch", pages: [DrawnPage(id: "page", name: "Page")], shapes: shapes,
          lines: lines)
      ], declarations: [], reportingTo: &diagnostics)
    let bound = BoundInstance(
      binding: architecture, defenses: BoundInstance.DefenseStatements(), in: language,
      reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    return bound.model
  }

  func graph() throws -> AttackGraph {
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      try #require(Self.language), over: try instance(), measured: [], horizon: 30,
      reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    return graph
  }
}
