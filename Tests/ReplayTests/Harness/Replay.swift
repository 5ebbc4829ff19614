import Testing

/// One documented attack: where it happened, where it began, what it did, and what was seen on the way.
///
/// The architecture is as small as the published accounts allow. Identifiers are those of MITRE ATT&CK for ICS or of
/// MITRE ATLAS; everything in words is ours.
struct Replay: Sendable, CustomTestStringConvertible {
  /// A campaign, piece of malware, group or case study, with the techniques that its catalogue gives it.
  struct Source: Sendable {
    var id: String
    var techniques: [String]

    /// `techniques` with blanks between them.
    init(_ id: String, _ techniques: String) {
      self.id = id
      self.techniques = techniques.split { $0 == " " || $0 == "\n" }.map(String.init)
    }
  }

  /// Techniques that the architecture has no asset for, with the reason.
  struct Absence: Sendable {
    var techniques: [String]
    var reason: String

    init(_ techniques: String, _ reason: String) {
      self.techniques = techniques.split(separator: " ").map(String.init)
      self.reason = reason
    }
  }

  /// Which catalogue the identifiers belong to: the key of the meta text that cites them.
  enum Catalogue: String, Sendable {
    case attack, atlas
  }

  var name: String
  var catalogue: Catalogue = .attack
  var sources: [Source]
  var absences: [Absence] = []
  /// See `ArchitectureSketch`.
  var architecture: String
  /// `Box:step`, where the documented attacker stood.
  var entries: [String]
  /// `Box:step`, the documented ends; the first is the one the best path leads to.
  var impacts: [String]

  var testDescription: String { name }

  /// Every documented technique, once, sorted.
  var documented: [String] { Set(sources.flatMap(\.techniques)).sorted() }

  /// Those that the architecture has an asset for.
  var expected: [String] {
    documented.filter { technique in !absences.contains { $0.techniques.contains(technique) } }
  }
}
